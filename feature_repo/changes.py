"""Which rows of a feature view differ from those that are online already."""

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pyarrow as pa

from recommender.contract.arrow import as_frame
from recommender.data.engines.backend import ROW
from recommender.data.engines.relations import open_backend


def changed_rows(new: Path, old: Path | None) -> Iterator[pd.DataFrame]:
    """The rows of a Parquet file that another does not have, in the order of the entity, a part at a time.

    A row counts as changed whatever in it is another: a restated purchase has no later time than the one it replaces,
    so times alone would miss it.

    Args:
        new: One row an entity, the entity in the first column.
        old: The same of before; None, or a file of other columns, has none of the rows.
    """
    with open_backend() as backend:
        rows = backend.read(new).drop(ROW)
        if old is not None and old.is_file():
            before = backend.read(old).drop(ROW)
            rows = rows.difference(before, distinct=False) if rows.schema() == before.schema() else rows
        for part in backend.batches(rows.order_by(rows.columns[0])):
            yield as_frame(pa.Table.from_batches([part]))
