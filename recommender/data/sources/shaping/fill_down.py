"""Cells that stand in the first row of several only: an empty one has the value above it."""

from typing import Any, Final

import numpy as np
import pandas as pd

from recommender.data.parsing.cells import Cells, as_stripped_text
from recommender.data.parsing.pandas_parsing import id_keys
from recommender.data.sources.cells.missing_words import present
from recommender.data.sources.description.shape_settings import FillDown
from recommender.data.sources.shaping.repeated import by_value

_NOTHING: Final[Any] = None


class Filler:
    """Fills the rows of a table, part by part: the last values of a part are above the first ones of the next."""

    def __init__(self, how: FillDown, missing: tuple[str, ...]) -> None:
        self._how, self._missing = how, missing
        within = [how.within] if how.within is not None else []
        self._names = list(dict.fromkeys((*how.columns, *within)))
        self._above: dict[str, list[Any]] = {name: [] for name in self._names}

    def filled(self, part: pd.DataFrame) -> pd.DataFrame:
        """The rows with the values above in their empty cells; the first may have nothing above them."""
        cells = {name: self._with_above(part[name], name) for name in self._names}
        found = self._filled(cells)
        if len(part):
            self._above = {name: column.tail(1).tolist() for name, column in found.items()}
        filled = {name: found[name].tail(len(part)).set_axis(part.index) for name in self._how.columns}
        return part.assign(**filled)

    def _with_above(self, cells: Cells, name: str) -> Cells:
        """The cells as objects, None where they are empty, below the last one of the part before."""
        cells = present(cells, self._missing).astype(object)
        there = cells.where(by_value(cells, as_stripped_text).notna(), _NOTHING)
        return pd.Series([*self._above[name], *there], dtype=object)

    def _filled(self, cells: dict[str, Cells]) -> dict[str, Cells]:
        within = self._how.within
        if within is None:
            return {name: _down(column) for name, column in cells.items()}
        keys = _down(cells[within]) if within in self._how.columns else cells[within]
        runs = _runs(keys)
        return {name: keys if name == within else _down(column, runs) for name, column in cells.items()}


def _down(cells: Cells, runs: "Cells | None" = None) -> Cells:
    """The cells, an empty one with the value above it (of the same run); by their places, which keeps every type."""
    places = pd.Series(np.where(cells.notna(), np.arange(len(cells)), np.nan))
    above = places.ffill() if runs is None else places.groupby(runs, sort=False).ffill()
    taken = cells.iloc[above.fillna(0).astype("int64")].reset_index(drop=True) if len(cells) else cells
    return taken.where(above.notna(), _NOTHING)


def _runs(keys: Cells) -> Cells:
    """A number for each run of rows with the same key; a row without a key is a run of its own."""
    ids = by_value(keys, id_keys)
    return ((ids != ids.shift()) | ids.isna()).cumsum()
