"""The words of a customer's text that belong to no known name."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from recommender.knowledge import inci
from recommender.knowledge.customer_words import phrasing

_GENERIC: Final = 8
"""Known names that have a word, from which on it says too little by itself: "oil", "extract", "acid"."""
_TOKEN: Final = re.compile(r"[^\s/()\[\]]+")
_SIGNS_AROUND: Final = ".,;:!?\"'*"


@dataclass(frozen=True, slots=True)
class Token:
    """A part of a text between blanks.

    Attributes:
        text: As it is written.
        words: Its words, normalised and without plural s.
    """

    text: str
    words: tuple[str, ...]


class UnnamedWords:
    """Finds the words of a text that are in no known name of it."""

    def __init__(self, names: Iterable[str]) -> None:
        """Index the words of ``names``."""
        self._names = {inci.stems(name) for name in names}
        self._longest = max(map(len, self._names), default=0)
        uses = Counter(word for name in self._names for word in {*name})
        self._generic = frozenset(word for word, count in uses.items() if count >= _GENERIC)

    def runs(self, text: str) -> list[tuple[Token, ...]]:
        """The runs of neighbouring tokens that no known name in ``text`` has.

        Words that name nothing ("please", "without") are in no run. Beside known names, a run of words that many names
        have ("oil"), or of numbers, is none either.
        """
        tokens = list(_tokens(text))
        named = self._named([word for token in tokens for word in token.words])
        idle = named | phrasing.FILLERS
        left = groupby(tokens, lambda token: not idle.issuperset(token.words))
        runs = [tuple(run) for is_left, run in left if is_left]
        return [run for run in runs if not named or any(map(self._is_telling, words_of(run)))]

    def is_generic(self, text: str) -> bool:
        """Whether all words of a text are in many known names, as "extract" is."""
        return self._generic.issuperset(inci.stems(text))

    def _is_telling(self, word: str) -> bool:
        return word not in self._generic and not word.isdecimal()

    def _named(self, words: Sequence[str]) -> set[str]:
        """The words that belong to a known name, the longest first from the left."""
        named = set[str]()
        start = 0
        while start < len(words):
            length = self._name_at(words, start)
            named.update(words[start : start + length])
            start += max(length, 1)
        return named

    def _name_at(self, words: Sequence[str], start: int) -> int:
        """How many words the longest known name has that begins here; 0 where none does."""
        lengths = range(min(self._longest, len(words) - start), 0, -1)
        return next((length for length in lengths if tuple(words[start : start + length]) in self._names), 0)


def words_of(run: Iterable[Token]) -> tuple[str, ...]:
    """The words of all tokens."""
    return tuple(word for token in run for word in token.words)


def text_of(run: Iterable[Token]) -> str:
    """The tokens as they are written, without signs around them."""
    return " ".join(token.text for token in run).strip(_SIGNS_AROUND)


def _tokens(text: str) -> Iterator[Token]:
    """The tokens that have words."""
    for part in _TOKEN.findall(text):
        if words := inci.stems(part):
            yield Token(part, words)
