"""What belongs to which family, straight from the files that experts edit: nothing here reads a label."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Self

from recommender.knowledge.knowledge import Knowledge


@dataclass(frozen=True)
class Truth:
    """Printed names and what they certainly are.

    Attributes:
        families: Members of each family that has any, those of narrower families included.
        spellings: Names under which each ingredient is printed, its own first.
    """

    families: Mapping[str, frozenset[str]]
    spellings: Mapping[str, tuple[str, ...]]

    @classmethod
    @cache
    def load(cls) -> Self:
        """The truth of the project's own knowledge."""
        knowledge = Knowledge.load()
        members = {name: _members(knowledge, name) for name in knowledge.families}
        own = {name: (name, *entry.synonyms) for name, entry in knowledge.ingredients.items()}
        others = {member: (member,) for found in members.values() for member in found if member not in own}
        return cls({name: found for name, found in members.items() if found}, own | others)


def _members(knowledge: Knowledge, family: str) -> frozenset[str]:
    own = knowledge.families[family]
    return frozenset(own.members).union(*(_members(knowledge, narrower) for narrower in own.families))
