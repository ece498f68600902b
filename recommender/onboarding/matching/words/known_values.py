"""What words in cells mean to us: skin types, concerns, event types, the statuses of orders; in several languages."""

from collections import Counter
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from pydantic import Field

from infrastructure.settings import Settings, checked, read_yaml
from recommender.contract import columns as c
from recommender.knowledge.knowledge import Knowledge
from recommender.onboarding.matching.words.terms import compared

_FILE: Final = Path(__file__).with_name("values.yaml")


class ValuesFile(Settings):
    """values.yaml."""

    skin_type: dict[str, tuple[str, ...]] = Field(description="our skin type: words")
    type: dict[str, tuple[str, ...]] = Field(description="our event type: words; remove_from_cart is none of ours")
    concerns: dict[str, tuple[str, ...]] = Field(description="our concern: words")
    status: dict[str, tuple[str, ...]] = Field(description="undone or returned: words for orders that are")


@cache
def _meanings() -> Mapping[str, Mapping[str, str]]:
    file = checked(ValuesFile, read_yaml(_FILE), where=str(_FILE))
    groups = {c.SKIN_TYPE: file.skin_type, c.TYPE: file.type, c.CONCERNS: file.concerns, "status": file.status}
    return {
        key: {compared(word).squeezed: ours for ours, words in group.items() for word in (ours, *words)}
        for key, group in groups.items()
    }


def meaning(word: str, column: str) -> str | None:
    """What a cell's word means in one of our columns, or as a status; None for an unknown one."""
    known = _meanings()[column].get(compared(word).squeezed)
    if known is None and column == c.CONCERNS:
        return Knowledge.load().concern(word)
    return known


def meanings(counts: Counter[str], column: str) -> tuple[dict[str, str], float]:
    """The meanings of all words that have one, and which share of the cells they are."""
    found = {word: ours for word in counts if (ours := meaning(word, column)) is not None}
    return found, sum(counts[word] for word in found) / max(sum(counts.values()), 1)
