"""What a customer's words for something to avoid mean."""

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Self

from recommender.knowledge import inci
from recommender.knowledge.families import Families
from recommender.knowledge.labels import Label, Labels

_AROUND: Final = re.compile(
    r"^(?:no|non|not|without|free (?:of|from)|avoid|allergic to|any)\b[ -]*|[ -]*\b(?:free|allergy|intolerance)$"
    r"|\s*(?:무첨가|프리|없는|알레르기|알러지)$"
)
_AND: Final = re.compile(r"\s*(?:,(?!\d)|[;&]|\b(?:and|or|plus)\b)\s*", re.IGNORECASE)
_TYPING_ERROR: Final = 0.88
"""Likeness (difflib's ratio) from which an unknown word is also taken for a misspelt known one."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a customer avoids.

    Attributes:
        terms: Ingredients and families meant.
        phrases: What is not known, as sets of words: a label with all the words of one is meant.
    """

    terms: frozenset[str]
    phrases: tuple[frozenset[str], ...] = ()

    def meets(self, label: Label) -> bool:
        """Whether the customer means this printed ingredient."""
        if not self.terms.isdisjoint(label.terms):
            return True
        return bool(self.phrases) and any(phrase <= label.words for phrase in self.phrases)

    @classmethod
    def together(cls, wishes: Iterable[Self]) -> Self:
        """One wish that means all that ``wishes`` mean."""
        found = tuple(wishes)
        terms = frozenset[str]().union(*(wish.terms for wish in found))
        return cls(terms, tuple(phrase for wish in found for phrase in wish.phrases))


class Wishes:
    """Understands customers' words."""

    def __init__(self, labels: Labels, families: Families) -> None:
        """Prepare to understand."""
        self._labels = labels
        self._families = families

    @lru_cache(maxsize=8_192)  # noqa: B019 (lives as long as the process)
    def resolve(self, text: str) -> Wish:
        """See ``Knowledge.resolve``: the whole is a name, or its parts are, or its words are all there is."""
        wanted = _without_around(text)
        terms = self._terms(inci.normalise(text)) | self._terms(wanted) | self._terms(self._translated(wanted))
        if terms:
            return Wish(terms)
        parts = [part for part in _AND.split(text) if part]
        return Wish.together(map(self.resolve, parts)) if len(parts) > 1 else self._unknown(wanted)

    def named(self, text: str) -> frozenset[str]:
        """Families that a text is a name of, else the ingredient; none where it is neither."""
        name = inci.normalise(text)
        terms = self._terms(name) | self._terms(self._translated(name))
        return (terms & self._families.keys) or terms

    def _terms(self, name: str) -> frozenset[str]:
        """Terms that a normalised text is a name of, in the singular or plural."""
        names = self._labels.names
        known = names.get(name) or names.get(inci.stem(name))
        return self._families.called(name) | ({known} if known else frozenset[str]())

    def _translated(self, text: str) -> str:
        """A normalised Korean text in Latin letters; another as it is."""
        found = self._labels.translated(text)
        return found.text if found else text

    def _unknown(self, text: str) -> Wish:
        """A wish that is no known name: known names in it, its readings' words, and what it may misspell."""
        translated = self._translated(text)
        within = {*self._labels.named(text), *self._labels.named(translated), *self._families.called_within(translated)}
        known = (*self._families.names, *self._labels.names)
        near = difflib.get_close_matches(inci.plain(text), known, n=1, cutoff=_TYPING_ERROR)
        terms = within.union(*map(self._terms, (*near, *inci.readings(text))))
        names = (*inci.readings(text), *inci.readings(translated))
        phrases = (frozenset(inci.stems(name)) for name in names if not self._terms(name))
        return Wish(frozenset(terms), tuple(dict.fromkeys(phrase for phrase in phrases if phrase)))


def _without_around(text: str) -> str:
    """What a wish is about: "no parabens" and "paraben-free" are "parabens" and "paraben"."""
    text = inci.normalise(text)
    return _AROUND.sub("", text).strip() or text
