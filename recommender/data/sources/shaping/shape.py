"""A foreign table in the shape of ours: filled down, exploded, unpacked, pivoted, joined, filtered, in this order."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pandas as pd

from recommender.data.sources.description.table_source import JoinedTable, TableSource
from recommender.data.sources.reading.text_files import require_columns
from recommender.data.sources.shaping.columns_needed import asked_names
from recommender.data.sources.shaping.conditions.row_filter import RowFilter
from recommender.data.sources.shaping.explode import exploded
from recommender.data.sources.shaping.fill_down import Filler
from recommender.data.sources.shaping.foreign_rows import foreign_rows, names_in_file
from recommender.data.sources.shaping.joins.joined_rows import Joiner
from recommender.data.sources.shaping.list_columns import ListColumns, list_columns
from recommender.data.sources.shaping.names import with_names
from recommender.data.sources.shaping.pivot import Pivoter
from recommender.data.sources.shaping.unpack import unpacked


def shape(theirs: pd.DataFrame, source: TableSource, folder: Path) -> pd.DataFrame:
    """The rows of a whole foreign table in the shape of ours; errors are those of :class:`Shaper`."""
    return Shaper(source, folder).whole(theirs)


class Shaper:
    """Shapes a table that is read in one or several parts.

    Args:
        source: The table.
        folder: Files, also of joined tables, are relative to it.
        asked: Names that are needed afterwards beside those that the source maps.
        hoped: Names that are needed if they are there.
        lists: The names that become lists; else those that the source maps to lists.
    """

    def __init__(
        self,
        source: TableSource,
        folder: Path,
        asked: Sequence[str] = (),
        hoped: Sequence[str] = (),
        lists: ListColumns | None = None,
    ) -> None:
        self.source, self.folder = source, folder
        self._needed = list(dict.fromkeys((*asked_names(source), *asked)))
        self._asked = list(dict.fromkeys((*self._needed, *hoped)))
        known = list_columns(source) if lists is None else lists
        self._filler = Filler(source.fill_down, source.missing) if source.fill_down else None
        self._pivoter = Pivoter(source, self._asked, known) if source.pivot else None
        self._joiners = [Joiner(how, source, folder, known, _read_other) for how in source.join]
        self._filter = RowFilter(source)
        self._refused: list[pd.DataFrame] = []

    @property
    def is_needed(self) -> bool:
        """Whether the source says anything of its rows' shape, or of what is inside of columns."""
        own = self.source
        shaped = (own.fill_down, own.explode, own.unpack, own.pivot, own.join, own.where)
        return any(shaped) or any("." in name for name in self._asked)

    @property
    def left_out(self) -> int:
        """How many rows ``where`` has left out so far."""
        return self._filter.left_out

    @property
    def refused(self) -> pd.DataFrame | None:
        """The rows that ``where`` has left out of a table with a cursor: earlier ingests may have kept them."""
        return pd.concat(self._refused, ignore_index=True) if self._refused else None

    def whole(self, theirs: pd.DataFrame, *, more: bool = False) -> pd.DataFrame:
        """All rows of a table that is read whole, shaped; arguments and errors are those of :meth:`parts`."""
        if not self.is_needed:
            return theirs
        return pd.concat([*self.parts([theirs], more=more)], ignore_index=True)

    def parts(self, parts: Iterable[pd.DataFrame], *, more: bool = False) -> Iterator[pd.DataFrame]:
        """The parts of a table, shaped, with the columns that are asked for; of a pivoted table one part at the end.

        Args:
            parts: Its rows.
            more: There are others, from earlier ingests, so that none of these need be wanted or have a partner.

        Raises:
            ConfigError: The environment lacks what a joined table names.
            DataError: A column is missing, a joined table cannot be read or has no key of these rows, or no row is
                left.
        """
        for part in parts:
            rows = self._opened(part)
            if self._pivoter is not None:
                self._pivoter.add(rows)
            else:
                yield self._completed(rows)
        if self._pivoter is not None:
            yield self._completed(self._pivoter.rows())
        self._finish(more)

    def _opened(self, rows: pd.DataFrame) -> pd.DataFrame:
        """The rows before a pivot."""
        missing = self.source.missing
        if self._filler is not None and self.source.fill_down is not None:
            rows = self._filler.filled(rows)
        for explode in self.source.explode:
            rows = exploded(rows, explode, missing)
        for unpack in self.source.unpack:
            rows = unpacked(rows, unpack, missing)
        return rows

    def _completed(self, rows: pd.DataFrame) -> pd.DataFrame:
        missing = self.source.missing
        for joiner, how in zip(self._joiners, self.source.join, strict=True):
            rows = joiner.joined(self._with(rows, how.on), self._asked)
        rows = with_names(rows, self._asked, missing)
        there = [str(name) for name in rows]
        self._require([name for name in self._needed if name not in there], there)
        rows = rows[[name for name in self._asked if name in there]]
        wanted = self._filter.wanted(rows)
        if self.source.cursor is not None and not wanted.all():
            self._refused.append(rows[~wanted])
        return rows[wanted]

    def _require(self, lacking: Sequence[str], there: Sequence[str]) -> None:
        """Tell names that nothing has, with all that there are in this table and those that are joined to it."""
        if not lacking:
            return
        others = [name for how in self.source.join for name in names_in_file(how, self.folder) if how.prefix is None]
        seen = dict.fromkeys((*there, *(self._pivoter.seen if self._pivoter else ()), *others))
        where = " and ".join((self.source.place, *(how.place for how in self.source.join if how.prefix is None)))
        require_columns(where, lacking, list(seen))

    def _with(self, rows: pd.DataFrame, names: Iterable[str]) -> pd.DataFrame:
        """The rows with the columns of ``names``, which must be there."""
        rows = with_names(rows, names, self.source.missing)
        require_columns(self.source.place, [*names], [str(name) for name in rows])
        return rows

    def _finish(self, more: bool) -> None:
        for joiner in self._joiners:
            joiner.finish(more=more)
        if not more:
            self._filter.check()
        self._filter.tell()


def _read_other(
    source: JoinedTable, folder: Path, needed: Sequence[str], hoped: Sequence[str], lists: ListColumns
) -> pd.DataFrame:
    """The rows of a joined table in its own shape."""
    every = list(dict.fromkeys((*needed, *hoped)))
    return Shaper(source, folder, needed, every, lists).whole(foreign_rows(source, folder, needed, every))
