"""Raw tables: another shop's rows under our column names, their values not yet trusted."""

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Self

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from infrastructure.files import replace_folder, write_json
from recommender.contract.fields import CONTRACT, Kind, fields_of
from recommender.data.parsing.cells import Cells, as_ids, as_stored_lists, as_text, from_arrays
from recommender.data.provenance import ABOUT, Origin, Provenance


@dataclass(frozen=True)
class RawTables:
    """The tables of one data set as they were read, rows in the order of the file.

    Attributes:
        name: The data set's name.
        tables: By name of the contract; columns of lists hold lists of texts, others texts, numbers or times.
        origins: Where each table came from.
    """

    name: str
    tables: dict[str, pd.DataFrame]
    origins: dict[str, Origin] = field(default_factory=dict[str, Origin])

    @property
    def provenance(self) -> Provenance:
        """Where they came from."""
        return Provenance(self.name, self.origins)

    def write(self, folder: Path) -> None:
        """Write one Parquet file a table; the folder appears whole or not at all."""
        with replace_folder(folder) as partial:
            for name, table in self.tables.items():
                pq.write_table(as_stored(name, table), partial / f"{name}.parquet")
            write_about(partial, self.provenance)

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read what :meth:`write` wrote.

        Raises:
            DataError: The folder holds no raw tables.
        """
        about = Provenance.read(folder)
        files = {name: folder / f"{name}.parquet" for name in CONTRACT}
        tables = {name: read_stored(name, path) for name, path in files.items() if path.is_file()}
        return cls(about.name, tables, about.origins)


def write_about(folder: Path, provenance: Provenance) -> None:
    """Write where the raw tables in ``folder`` came from."""
    origins = {name: asdict(origin) for name, origin in provenance.origins.items()}
    write_json(folder / ABOUT, {"name": provenance.name, "origins": origins})


def as_stored(table: str, frame: pd.DataFrame) -> pa.Table:
    """``frame`` as it is stored: one type a column, also where all lists are empty; without nanoseconds, for Spark."""
    rows = pa.Table.from_pandas(storable(table, frame), preserve_index=False)
    for at, column in enumerate(rows.schema):
        if pa.types.is_timestamp(column.type):
            kind = pa.timestamp("us", column.type.tz)
        elif pa.types.is_list(column.type) and pa.types.is_null(column.type.value_type):
            kind = pa.list_(pa.string())
        else:
            continue
        rows = rows.set_column(at, column.with_type(kind), rows[column.name].cast(kind, safe=False))
    return rows


def read_stored(table: str, path: Path) -> pd.DataFrame:
    """What :func:`as_stored` made, from its file; list columns hold Python lists."""
    frame = pd.read_parquet(path)
    lists = [column.name for column in CONTRACT[table] if column.kind is Kind.TEXTS and column.name in frame]
    return frame.assign(**{name: from_arrays(frame[name]) for name in lists})


def storable(table: str, frame: pd.DataFrame) -> pd.DataFrame:
    """``frame`` with one type a column, as Parquet needs it: columns of mixed types become text."""
    fields = {name: field.kind for name, field in fields_of(table).items() if name in frame}
    return frame.assign(**{name: _stored(frame[name], kind) for name, kind in fields.items()})


def _stored(cells: Cells, kind: Kind) -> Cells:
    if pd.api.types.is_any_real_numeric_dtype(cells.dtype) or cells.dtype == bool:
        return cells
    if pd.api.types.is_datetime64_any_dtype(cells.dtype):
        return cells
    if kind is Kind.TEXTS:
        return as_stored_lists(cells)
    return as_ids(cells) if kind is Kind.IDENTIFIER else as_text(cells)
