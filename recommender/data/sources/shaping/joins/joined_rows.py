"""The columns of another table beside those of a foreign one; no row is lost, and none becomes two."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

import numpy as np
import pandas as pd

from infrastructure.errors import DataError
from infrastructure.progress import note
from recommender.data.parsing.cell_texts import UNREADABLE
from recommender.data.parsing.cells import Cells, as_stripped_text
from recommender.data.sources.cells.missing_words import present
from recommender.data.sources.description.table_source import JoinedTable, TableSource
from recommender.data.sources.shaping.joins.join_keys import keys_of, shown
from recommender.data.sources.shaping.list_columns import ListColumns, added_up
from recommender.data.sources.shaping.names import root_of
from recommender.data.sources.shaping.numbers import cell_numbers

_SHOWN: Final = 3


class ReadOther(Protocol):
    """Reads a joined table in its shape: the columns for those names that it has."""

    def __call__(
        self, source: JoinedTable, folder: Path, needed: Sequence[str], hoped: Sequence[str], lists: ListColumns
    ) -> pd.DataFrame:
        """``needed`` must be there, or the table is refused; what of ``hoped`` it lacks is left out."""
        ...


@dataclass(frozen=True)
class _Other:
    """A joined table, one row a key.

    Attributes:
        keys: Of each row, all different.
        columns: Under the names that they have beside the other table.
    """

    keys: pd.Index
    columns: dict[str, Cells]


class Joiner:
    """Joins one table to another, part by part; it is read when the first part comes.

    Args:
        how: The joined table.
        source: The other one.
        folder: Files are relative to it.
        lists: The names that become lists.
        read: Reads the joined table.
    """

    def __init__(
        self, how: JoinedTable, source: TableSource, folder: Path, lists: ListColumns, read: ReadOther
    ) -> None:
        self._how, self._source, self._folder, self._lists, self._read = how, source, folder, lists, read
        self._other: _Other | None = None
        self._rows = self._partners = 0
        self._examples = ""

    def joined(self, part: pd.DataFrame, asked: Sequence[str]) -> pd.DataFrame:
        """The rows with the columns for those of the names ``asked`` for that they lack and the joined table has.

        Raises:
            ConfigError, DataError: The joined table cannot be read.
        """
        if self._other is None:
            self._other = self._read_other(part, asked)
        keys = keys_of(part, [*self._how.on], self._source.missing)
        places = self._other.keys.get_indexer(pd.Index(keys, dtype=object))
        places = np.where(keys.notna(), places, -1)
        self._rows, self._partners = self._rows + len(part), self._partners + int((places >= 0).sum())
        self._examples = self._examples or (shown(keys, _SHOWN) if len(part) else "")
        return part.assign(**{name: _taken(cells, places, part.index) for name, cells in self._other.columns.items()})

    def finish(self, *, more: bool) -> None:
        """Tell how many rows have no partner.

        Raises:
            DataError: No row has one, and there are no ``more`` rows from earlier ingests.
        """
        if self._other is None or not self._rows:
            return
        if not self._partners and not more:
            there = ", ".join(map(str, self._how.on.values()))
            raise DataError(
                "No row has a partner in the joined table.", where=f"{self._source.place} and {self._how.place}",
                field=f"join.on ({', '.join(self._how.on)})", value=self._examples,
                expected=f"keys such as those in {there}: {shown(pd.Series(self._other.keys), _SHOWN)}; "
                "'on: {ours: theirs}' names other columns",
            )  # fmt: skip
        if self._partners < self._rows:
            note(f"rows without a partner in {self._how.place}", rows=self._rows - self._partners, of=self._rows)

    def _read_other(self, part: pd.DataFrame, asked: Sequence[str]) -> _Other:
        names = self._names([str(name) for name in part], asked)
        needed = list(dict.fromkeys((*self._how.on.values(), *self._how.sums)))
        if self._how.prefix is not None:
            needed = list(dict.fromkeys((*needed, *names.values())))
        lists = {theirs: self._lists[name] for name, theirs in names.items() if name in self._lists}
        rows = self._read(self._how, self._folder, needed, [*names.values()], lists)
        columns = {name: theirs for name, theirs in names.items() if theirs in rows}
        keys = keys_of(rows, [*self._how.on.values()], self._how.missing)
        return self._unique(rows[keys.notna()], keys[keys.notna()], columns)

    def _names(self, present: Sequence[str], asked: Sequence[str]) -> dict[str, str]:
        """The names that may be of the joined table, and what it calls them."""
        if (prefix := self._how.prefix) is not None:
            return {name: name[len(prefix) + 1 :] for name in asked if self._how.brings(name) and name not in present}
        named = (name for name in asked if not any(table.brings(name) for table in self._source.join))
        return {name: name for name in named if root_of(name, present) is None}

    def _unique(self, rows: pd.DataFrame, keys: Cells, columns: dict[str, str]) -> _Other:
        """One row a key: sums, the entries of all lists, and the last value of other columns."""
        last = (~keys.duplicated(keep="last")).to_numpy()
        if not last.all() and not self._how.sums:
            note(f"several rows of one key in {self._how.place}, the last counts", rows=int((~last).sum()))
        found: dict[str, Cells] = {}
        for name, theirs in columns.items():
            cells = present(rows[theirs], self._how.missing)
            if theirs in self._how.sums:
                found[name] = self._summed(cells, keys)[keys[last]].reset_index(drop=True)
            elif name in self._lists:
                found[name] = added_up(cells, keys, self._lists[name])[keys[last]].reset_index(drop=True)
            else:
                found[name] = cells[last].reset_index(drop=True)
        return _Other(pd.Index(keys[last], dtype=object), found)

    def _summed(self, cells: Cells, keys: Cells) -> Cells:
        """The sum of each key; unreadable where one of its cells is no number, missing where all are missing."""
        texts, numbers = as_stripped_text(cells), cell_numbers(cells, self._how)
        sums = numbers.groupby(keys.to_numpy(), sort=False).sum(min_count=1)
        broken = numbers.isna() & texts.notna()
        marked = (UNREADABLE + texts[broken]).groupby(keys[broken].to_numpy()).first() if broken.any() else None
        return sums if marked is None else sums.astype(object).mask(sums.index.isin(marked.index), marked)


def _taken(cells: Cells, places: Any, index: Any) -> Cells:
    """The cells at ``places``, None at -1."""
    whole = pd.api.types.is_float_dtype(cells.dtype) or (places >= 0).all()
    there = cells if whole else cells.astype(object)
    nothing: Any = None if there.dtype == object else np.nan
    return there.reindex(places).where(places >= 0, nothing).set_axis(index)
