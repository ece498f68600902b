"""What a search excludes: "fragrance free cleanser", "serum without parabens or alcohol"."""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import chain
from typing import Final

from recommender.knowledge import inci

_TOKEN: Final = re.compile(r"[^\W_]+|[&/]")
_BEFORE: Final = frozenset(
    inci.stem(word)
    for word in chain(
        ("no", "non", "without", "zero", "avoid", "ohne", "kein", "keine"),
        ("sans", "sin", "senza", "sem", "zonder", "geen", "bez"),
    )
)
_FREE: Final = frozenset({"free", "frei", "freie", "freier", "freien", "vrij", "vrije", "libre"})
_AND: Final = frozenset(map(inci.stem, ["and", "or", "nor", "&", "/", "und", "oder", "et", "ou", "ni", "y", "o", "e"]))
_OF: Final = frozenset({"of", "from", "von", "van", "de"})
_JOINED: Final = re.compile(r"(?<=\w{3})(?=(?:frei|vrij)(?:e[snr]?)?(?!\w))")
"""Where a word such as "parfümfrei" has its two parts."""
_UN: Final = re.compile(r"\bun(?=scented|fragranced|perfumed|parf[uü]m)")
_KOREAN: Final = re.compile(r"(\S+?)\s*(?:무첨가|프리)(?!\S)")
_LONGEST: Final = 4


class SearchReader:
    """Reads searches; only known names count, so "cruelty free" and "no 7" mean nothing here."""

    def __init__(self, terms: Callable[[str], frozenset[str]]) -> None:
        """Take a function that gives the terms that a text names as a whole, none where it is no name."""
        self._terms = terms

    @lru_cache(maxsize=65_536)  # noqa: B019 (lives as long as the process)
    def excluded_terms(self, text: str) -> frozenset[str]:
        """See ``Knowledge.excluded_terms``."""
        parted = _UN.sub("without ", _JOINED.sub(" ", text.casefold().replace("-", " ")))
        tokens = [inci.stem(token) for token in _TOKEN.findall(parted)]
        found = set[str]().union(*(self._terms(name) for name in _KOREAN.findall(text)))
        for at, word in enumerate(tokens):
            if word in _FREE and tokens[at + 1 : at + 2] and tokens[at + 1] in _OF:
                found.update(*self._listed(tokens[at + 2 :], backwards=False))
            elif word in _FREE:
                found.update(*self._listed(tokens[:at][::-1], backwards=True))
            elif word in _BEFORE:
                found.update(*self._listed(tokens[at + 1 :], backwards=False))
        return frozenset(found)

    def _listed(self, tokens: Sequence[str], *, backwards: bool) -> Iterator[frozenset[str]]:
        """Terms of the names at the beginning of ``tokens``, with "and" or the like between them."""
        while tokens:
            terms, length = self._longest(tokens, backwards=backwards)
            if not terms:
                return
            yield terms
            if tokens[length : length + 1] and tokens[length] not in _AND:
                return
            tokens = tokens[length + 1 :]

    def _longest(self, tokens: Sequence[str], *, backwards: bool) -> tuple[frozenset[str], int]:
        for length in range(min(_LONGEST, len(tokens)), 0, -1):
            if tokens[length - 1] in _AND:
                continue
            name = tokens[:length][::-1] if backwards else tokens[:length]
            if terms := self._terms(" ".join(name)):
                return terms, length
        return frozenset(), 0
