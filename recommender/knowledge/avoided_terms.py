"""What customers mean by the words with which they name something to avoid."""

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Self

from recommender.knowledge import inci
from recommender.knowledge.families import FamilyIndex
from recommender.knowledge.labels import LabelReader, PrintedIngredient

_AROUND: Final = re.compile(
    r"^(?:no|non|not|without|free (?:of|from)|avoid|allergic to|any)\b[ -]*|[ -]*\b(?:free|allergy|intolerance)$"
    r"|\s*(?:무첨가|프리|없는|알레르기|알러지)$"
)
_AND: Final = re.compile(r"\s*(?:,(?!\d)|[;&]|\b(?:and|or|plus)\b)\s*", re.IGNORECASE)
_TYPING_ERROR: Final = 0.88
"""Similarity (difflib's ratio) from which on an unknown word also counts as a misspelt known one."""


@dataclass(frozen=True, slots=True)
class AvoidedTerm:
    """What a customer avoids, resolved to ingredients and families.

    Attributes:
        terms: Ingredients and families meant.
        phrases: Unknown names as sets of words: each means every label with all of its words.
    """

    terms: frozenset[str]
    phrases: tuple[frozenset[str], ...] = ()

    def meets(self, label: PrintedIngredient) -> bool:
        """Whether the customer avoids this printed ingredient."""
        if not self.terms.isdisjoint(label.terms):
            return True
        return bool(self.phrases) and any(phrase <= label.words for phrase in self.phrases)

    @classmethod
    def combined(cls, terms: Iterable[Self]) -> Self:
        """One that means all that ``terms`` mean."""
        every = tuple(terms)
        meant = frozenset[str]().union(*(term.terms for term in every))
        return cls(meant, tuple(phrase for term in every for phrase in term.phrases))


class AvoidedTerms:
    """Resolves customers' words for what they avoid."""

    def __init__(self, labels: LabelReader, families: FamilyIndex) -> None:
        """Prepare to understand."""
        self._labels = labels
        self._families = families

    @lru_cache(maxsize=8_192)  # noqa: B019 (lives as long as the process)
    def resolve(self, text: str) -> AvoidedTerm:
        """See ``Knowledge.resolve``: the text is a name, or its parts are, or its words are taken as they are."""
        wanted = _without_around(text)
        terms = self._terms(inci.normalise(text)) | self._terms(wanted) | self._terms(self._translated(wanted))
        if terms:
            return AvoidedTerm(terms)
        parts = [part for part in _AND.split(text) if part]
        return AvoidedTerm.combined(map(self.resolve, parts)) if len(parts) > 1 else self._unknown(wanted)

    def terms_named(self, text: str) -> frozenset[str]:
        """The families that a text names, else the ingredient; none where it names neither."""
        name = inci.normalise(text)
        terms = self._terms(name) | self._terms(self._translated(name))
        return (terms & self._families.keys) or terms

    def _terms(self, name: str) -> frozenset[str]:
        """Terms that a normalised text names, in the singular or plural."""
        names = self._labels.names
        known = names.get(name) or names.get(inci.stem(name))
        return self._families.with_name(name) | ({known} if known else frozenset[str]())

    def _translated(self, text: str) -> str:
        """A normalised Korean text in Latin letters; another as it is."""
        found = self._labels.translation(text)
        return found.text if found else text

    def _unknown(self, text: str) -> AvoidedTerm:
        """A text that is no known name: known names in it, the words of its readings, and what it may misspell."""
        translated = self._translated(text)
        within = {
            *self._labels.ingredients_in(text),
            *self._labels.ingredients_in(translated),
            *self._families.named_in(translated),
        }
        known = (*self._families.names, *self._labels.names)
        near = difflib.get_close_matches(inci.lookup_key(text), known, n=1, cutoff=_TYPING_ERROR)
        terms = within.union(*map(self._terms, (*near, *inci.readings(text))))
        names = (*inci.readings(text), *inci.readings(translated))
        phrases = (frozenset(inci.stems(name)) for name in names if not self._terms(name))
        return AvoidedTerm(frozenset(terms), tuple(dict.fromkeys(phrase for phrase in phrases if phrase)))


def _without_around(text: str) -> str:
    """The text without words around the name: "no parabens" and "paraben-free" are "parabens" and "paraben"."""
    text = inci.normalise(text)
    return _AROUND.sub("", text).strip() or text
