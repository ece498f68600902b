"""The different rows of a foreign table, and where they stood: what ``one_row_per`` needs of it, however long it is."""

from collections.abc import Callable, Sequence
from typing import Any, Final

import pandas as pd
import pyarrow as pa

from recommender.data.parsing.cells import Cells
from recommender.data.sources.cells.number_checks import FEW, check_different
from recommender.data.sources.cells.times.whole_columns import AtOnce
from recommender.data.sources.description.table_source import TableSource
from recommender.data.sources.parts.foreign_rows import ForeignRows, Part
from recommender.data.sources.shaping.one_row import Repeats

_MOST: Final = 1 << 20
"""So many rows are gathered before equal ones among them become one."""
_COUNT, _FIRST, _LAST = "\0count", "\0first", "\0last"
"""Names that no foreign column has."""


class CountedColumns(AtOnce):
    """Answers for whole columns of which the different rows are here.

    Args:
        repeats: How often, and where first, each of these is there.
    """

    def __init__(self, repeats: Repeats) -> None:
        self._repeats = repeats

    def check_marks(
        self, texts: Cells, numbers: Cells, signs: Callable[[], Cells] | None, source: TableSource, column: str
    ) -> None:
        """As :class:`~.whole_columns.WholeColumns` says.

        Raises:
            DataError: The marks are others.
        """
        count, there = self._repeats.count, texts.notna()
        much = count[there & numbers.isna()].sum() > FEW * count[there].sum()
        in_order = texts.loc[self._repeats.first.sort_values().index]
        check_different(in_order.drop_duplicates(), numbers, signs, source, column, much=much)


def different_rows(foreign: ForeignRows, columns: Sequence[str]) -> tuple[pd.DataFrame, Repeats] | None:
    """The rows that differ in ``columns``, in the order in which they stood last, and how often they are there.

    None where the cells may be of any type, or of one by which Arrow groups no rows.
    """
    gathered, begin = list[pa.Table](), 0
    objects = frozenset[str]()
    try:
        for part in foreign.parts():
            if not isinstance(part.rows, pa.Table):
                return None
            objects |= part.objects
            rows: Any = part.rows
            gathered.append(_united([_with_places(rows.select(list(columns)), begin)], columns))
            begin += len(part)
            if sum(map(len, gathered)) > _MOST:
                gathered = [_united(gathered, columns)]
        together = _united(gathered, columns).sort_by(_LAST)
    except (pa.ArrowNotImplementedError, pa.ArrowKeyError):
        return None
    places = together.select([_COUNT, _FIRST]).to_pandas()
    frame = Part(together.select(list(columns)), objects).frame(columns)
    return frame, Repeats(places[_COUNT], places[_FIRST])


def _with_places(rows: pa.Table, begin: int) -> pa.Table:
    places = pa.array(range(begin, begin + len(rows)), pa.int64())
    return (
        rows.append_column(_COUNT, pa.repeat(1, len(rows))).append_column(_FIRST, places).append_column(_LAST, places)
    )


def _united(tables: Sequence[pa.Table], columns: Sequence[str]) -> pa.Table:
    """Equal rows as one."""
    together = pa.concat_tables(table.replace_schema_metadata() for table in tables)
    grouped = together.group_by(list(columns), use_threads=False)
    found = grouped.aggregate([(_COUNT, "sum"), (_FIRST, "min"), (_LAST, "max")])
    return found.rename_columns(
        {f"{_COUNT}_sum": _COUNT, f"{_FIRST}_min": _FIRST, f"{_LAST}_max": _LAST} | {name: name for name in columns}
    ).select([*columns, _COUNT, _FIRST, _LAST])
