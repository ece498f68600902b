"""The rows of one customer in a Parquet file: counted, and removed with all else as it was."""

import io
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from infrastructure.files import remove_unfinished_file, write_atomically
from privacy.identity import CustomerIdentity
from recommender.contract import columns as c
from recommender.contract.fields import CONTRACT, fields_of
from recommender.data.forgotten_customers import names_nobody_of
from recommender.data.parsing.cells import as_text
from recommender.data.parsing.pandas_parsing import id_keys

#: Which rows are a customer's: of the columns that a store names, one boolean a row.
Owned: TypeAlias = "Callable[[pa.Table, CustomerIdentity], pa.Array]"

CUSTOMER_TABLES = frozenset(name for name in CONTRACT if c.CUSTOMER_ID in fields_of(name))
"""The tables of the contract whose rows are customers'."""


def by_id(rows: pa.Table, customer: CustomerIdentity) -> pa.Array:
    """Rows whose customer's id, a text or a number, is this one."""
    cells = rows[c.CUSTOMER_ID]
    if pa.types.is_dictionary(cells.type):
        cells = cells.cast(cells.type.value_type)
    # As Python's objects: through a float, a long number would lose its last digits.
    values = pc.unique(cells).to_pylist()
    theirs = [value for value, owned in zip(values, _are_theirs(values, customer), strict=True) if owned]
    return _as_array(pc.is_in(cells, pa.array(theirs, cells.type)))


def by_transaction(rows: pa.Table, customer: CustomerIdentity) -> pa.Array:
    """Rows of this customer's transactions that name them or nobody."""
    named = by_id(rows, customer)
    ids = rows.select([c.CUSTOMER_ID, c.TRANSACTION_ID]).to_pandas()
    theirs = frozenset(id_keys(ids.loc[named.to_numpy(zero_copy_only=False), c.TRANSACTION_ID]).dropna())
    return pc.or_(named, pa.array(names_nobody_of(ids, theirs))) if theirs else named


def by_content(rows: pa.Table, customer: CustomerIdentity) -> pa.Array:
    """Rows of the quarantine that were this customer's: the rejected row is kept whole, as JSON."""
    pairs = zip(rows[c.TABLE].to_pylist(), rows[c.CONTENT].to_pylist(), strict=True)
    cells = [customer_in(content) if table in CUSTOMER_TABLES else None for table, content in pairs]
    return pa.array(_are_theirs(cells, customer), pa.bool_())


def customer_in(content: str | None) -> Any:
    """The customer's cell of a raw row in JSON; None where it is none."""
    try:
        row = json.loads(content or "")
    except ValueError:
        return None
    return row.get(c.CUSTOMER_ID) if isinstance(row, dict) else None


def by_case(cases: Iterable[str]) -> Owned:
    """Rows about these cases of a survey."""
    known = pa.array([*cases], pa.string())
    return lambda rows, _: _as_array(pc.is_in(rows["case"].cast(pa.string()), known))


def _are_theirs(cells: Sequence[Any], customer: CustomerIdentity) -> list[bool]:
    """Whether each cell is the customer's id, after it became text as cleaning makes it."""
    texts = as_text(pd.Series(cells, dtype=object))
    return [text is not None and customer.is_named(text) for text in texts]


def _as_array(values: pa.ChunkedArray) -> pa.Array:
    return values.combine_chunks()


@dataclass(frozen=True)
class ParquetRows:
    """A Parquet file with customers' rows.

    Attributes:
        columns: Those that say whose a row is.
        owned: Which rows are a customer's.
    """

    name: str
    path: Path
    columns: tuple[str, ...] = (c.CUSTOMER_ID,)
    owned: Owned = by_id

    def count(self, customer: CustomerIdentity) -> int:
        """How many rows are the customer's."""
        with pq.ParquetFile(self.path) as file:
            if not {*self.columns} <= {*file.schema_arrow.names}:
                return 0
            return _trues(self.owned(file.read([*self.columns]), customer))

    def remove(self, customer: CustomerIdentity) -> None:
        """Write the other rows in the file's place, with the same schema, metadata, order, groups and compression."""
        remaining = io.BytesIO()
        with pq.ParquetFile(self.path) as file, _writer(file, remaining) as writer:
            others, start = pc.invert(self.owned(file.read([*self.columns]), customer)), 0
            for number in range(file.num_row_groups):
                rows = file.read_row_group(number)
                kept = rows.filter(others.slice(start, len(rows)))
                start += len(rows)
                if len(kept):
                    writer.write_table(kept, row_group_size=len(kept))
        write_atomically(self.path, remaining.getvalue())

    def settle(self, _: bool) -> None:
        """Remove what a killed writer left."""
        remove_unfinished_file(self.path)


def _trues(values: pa.Array) -> int:
    return pc.sum(values).as_py() or 0


def _writer(file: pq.ParquetFile, target: io.BytesIO) -> pq.ParquetWriter:
    described = file.metadata
    group = described.row_group(0)
    columns = [group.column(number) for number in range(described.num_columns)]
    codecs = {column.path_in_schema: column.compression.replace("UNCOMPRESSED", "NONE") for column in columns}
    return pq.ParquetWriter(target, file.schema_arrow, version=described.format_version, compression=codecs)
