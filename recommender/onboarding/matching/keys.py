"""Keys that join foreign tables: which share of one column's values is in another."""

from collections.abc import Mapping
from typing import Any, Final

from recommender.contract.identifiers import normalised_id
from recommender.data.parsing.cells import as_stripped_text
from recommender.onboarding.found_table import FoundTable

_MOST: Final = 20_000


class Keys:
    """Compares columns of tables; the values of each are read once."""

    def __init__(self) -> None:
        self._values: dict[tuple[int, str], frozenset[str]] = {}

    def values(self, found: FoundTable, column: str) -> frozenset[str]:
        """The different values of a column, as ids are compared."""
        key = id(found), column
        if key not in self._values:
            cells: Any = found.sample[column]
            if cells.map(lambda cell: isinstance(cell, list | dict)).any():
                self._values[key] = frozenset()
            else:
                self._values[key] = frozenset(map(normalised_id, as_stripped_text(cells).dropna().unique()[:_MOST]))
        return self._values[key]

    def overlap(self, found: FoundTable, column: str, other: FoundTable, its: str) -> float:
        """The share of a column's values that another table has in one of its own."""
        mine = self.values(found, column)
        return len(mine & self.values(other, its)) / max(len(mine), 1)


def best_pair(
    keys: Keys, found: FoundTable, mine: Mapping[str, float], other: FoundTable, its: Mapping[str, float]
) -> tuple[str, str, float] | None:
    """Of candidates for a key, by how sure they are, the pair that joins best; None where none joins."""
    pairs = {(column, theirs): keys.overlap(found, column, other, theirs) for column in mine for theirs in its}
    worth = {pair: share + 0.35 * (mine[pair[0]] + its[pair[1]]) for pair, share in pairs.items() if share > 0.3}
    best = max(worth, key=lambda pair: worth[pair], default=None)
    return (*best, pairs[best]) if best is not None else None
