"""Compares the knowledge files with a public inventory of ingredients, which is only read and never stored."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

import pandas as pd

from infrastructure.errors import DataError
from recommender.knowledge import inci
from recommender.knowledge.knowledge import Knowledge
from recommender.knowledge.korean import squeezed

SCENT: Final = frozenset({"fragrance", "perfuming", "flavouring"})
"""Functions of an ingredient that is used for its scent, in CosIng's words."""

_NAMES, _SYNONYMS = "cosing_2020.parquet", "synonyms.parquet"


@dataclass(frozen=True)
class PublicInventory:
    """INCI names of the inventory, by each spelling.

    Attributes:
        functions: Functions by name, as ``inci.readings`` reads it and squeezed.
        synonyms: For each synonym, normalised, the names that the inventory gives it to, normalised.
    """

    functions: Mapping[str, frozenset[str]]
    synonyms: Mapping[str, frozenset[str]]

    @classmethod
    def read(cls, folder: Path) -> Self:
        """The inventory in a folder: a table of names and functions, and one of synonyms.

        Raises:
            DataError: A table is missing or lacks a column.
        """
        names = _table(folder / _NAMES, "inci_name", "function")
        others = _table(folder / _SYNONYMS, "name", "synonym")
        functions: dict[str, frozenset[str]] = {}
        for name, cell in zip(names["inci_name"], names["function"], strict=True):
            for reading in inci.readings(name):
                functions.setdefault(squeezed(reading), _functions(cell))
        synonyms: dict[str, set[str]] = {}
        for name, cell in zip(others["name"], others["synonym"], strict=True):
            for synonym in () if cell is None else cell:
                synonyms.setdefault(inci.normalise(synonym), set()).add(inci.normalise(name))
        return cls(functions, {synonym: frozenset(owners) for synonym, owners in synonyms.items()})

    def functions_of(self, printed: Iterable[str]) -> frozenset[str] | None:
        """Functions of the first of these names that the inventory has; None where it has none."""
        readings = (squeezed(reading) for name in printed for reading in inci.readings(name))
        return next((self.functions[reading] for reading in readings if reading in self.functions), None)


@dataclass(frozen=True)
class InventoryComparison:
    """Differences between our knowledge and the inventory.

    Attributes:
        compared: Ingredients of ours.
        missing: Those of them that the inventory does not have.
        other_owner: (our ingredient, its synonym, whose name or synonym that is in the inventory).
        other_functions: Ingredients without a function in common with the inventory.
        scents: Printed names that are used for scent alone by the inventory and that our fragrance family lacks.
    """

    compared: int
    missing: tuple[str, ...]
    other_owner: tuple[tuple[str, str, str], ...]
    other_functions: tuple[str, ...]
    scents: tuple[str, ...]

    @classmethod
    def between(cls, knowledge: Knowledge, inventory: PublicInventory, printed: Iterable[str]) -> Self:
        """Compare; ``printed`` are the names on a catalogue's labels."""
        theirs = {
            name: inventory.functions_of((name, *entry.synonyms)) for name, entry in knowledge.ingredients.items()
        }
        return cls(
            compared=len(theirs),
            missing=tuple(name for name, functions in theirs.items() if functions is None),
            other_owner=tuple(_owned_by_others(knowledge, inventory)),
            other_functions=tuple(
                name for name, functions in theirs.items() if functions and _differ(knowledge, name, functions)
            ),
            scents=tuple(_missed_scents(knowledge, inventory, printed)),
        )


def _owned_by_others(knowledge: Knowledge, inventory: PublicInventory) -> Iterator[tuple[str, str, str]]:
    for name, entry in knowledge.ingredients.items():
        own = {squeezed(inci.normalise(text)) for text in (name, *entry.synonyms)}
        for synonym in entry.synonyms:
            owners = inventory.synonyms.get(inci.normalise(synonym), frozenset[str]())
            if owners and own.isdisjoint(map(squeezed, owners)):
                yield name, synonym, ", ".join(sorted(owners))


def _differ(knowledge: Knowledge, name: str, functions: frozenset[str]) -> bool:
    ours = {word for text in knowledge.ingredients[name].functions for word in inci.words(text)}
    theirs = {word for text in functions for word in inci.words(text)}
    return bool(ours) and ours.isdisjoint(theirs)


def _missed_scents(knowledge: Knowledge, inventory: PublicInventory, printed: Iterable[str]) -> Iterator[str]:
    for name in printed:
        label = knowledge.label(name)
        functions = inventory.functions_of((name, *label.ingredients))
        if functions and functions <= SCENT and "fragrance" not in label.terms:
            yield name


def _functions(text: str) -> frozenset[str]:
    return frozenset(function for part in text.split(",") if (function := part.strip().lower()))


def _table(path: Path, *columns: str) -> "pd.DataFrame":
    try:
        table: Any = pd.read_parquet(path, columns=[*columns])
    except (OSError, ValueError) as error:
        raise DataError(
            "The inventory cannot be read.",
            where=str(path),
            value=" ".join(str(error).split())[:200],
            expected=f"a Parquet file with the columns {', '.join(columns)}",
        ) from None
    return table
