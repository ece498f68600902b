"""Korean labels: an INCI name in Hangul, part by part, as a name in Latin letters."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from recommender.knowledge import inci

HANGUL: Final = re.compile("[가-힣]")
_BLANK: Final = re.compile(r"(?<=[가-힣])\s+(?=[가-힣\d])|(?<=[\d,-])\s+(?=[가-힣])")
_JOINS: Final = ("-", "/", "(", ",")
"""After these no blank is needed before a part."""


@dataclass(frozen=True, slots=True)
class Translation:
    """A Korean text in Latin letters.

    Attributes:
        text: The translation, normalised, without the parts that were not understood.
        whole: Whether all of it was understood.
        others: Further texts, where one name is printed in several ways.
        alone: Whether it says all that the text does, so that the text need not be read: one entry of a table is it.
        parts: Meanings of its words; each counts where it names a family, as in "extract of nuts".
    """

    text: str
    whole: bool
    others: tuple[str, ...] = ()
    alone: bool = False
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Best:
    """The best way to read a text from a place on: fewest signs not understood, then fewest parts."""

    unread: int
    parts: int
    length: int


class KoreanTranslator:
    """Reads Korean names by their parts."""

    def __init__(self, parts: Mapping[str, str]) -> None:
        """Take parts with their meanings; a meaning that ends in "-" is joined to what follows."""
        self._parts = {_bare(part): meaning for part, meaning in parts.items()}
        self._by_sign: dict[str, list[str]] = {}
        for part in self._parts:
            self._by_sign.setdefault(part[0], []).append(part)

    @lru_cache(maxsize=16_384)  # noqa: B019 (lives as long as the process)
    def translate(self, text: str) -> Translation | None:
        """A normalised text in Latin letters; None where it has nothing Korean."""
        if not HANGUL.search(text):
            return None
        bare = _bare(text)
        best = self._best(bare)
        return Translation(inci.normalise(self._written(bare, best)), whole=not best[0].unread)

    def _best(self, text: str) -> list[_Best]:
        """For each place of ``text`` (and its end) the best way to read on from there."""
        best = [_Best(0, 0, 0)] * (len(text) + 1)
        for at in range(len(text) - 1, -1, -1):
            best[at] = min(self._ways(text, at, best), key=lambda way: (way.unread, way.parts, -way.length))
        return best

    def _ways(self, text: str, at: int, best: list[_Best]) -> Iterator[_Best]:
        """A single character, and every known part, at a place of the text."""
        rest = best[at + 1]
        yield _Best(rest.unread + bool(HANGUL.match(text[at])), rest.parts, 1)
        for part in self._by_sign.get(text[at], ()):
            if text.startswith(part, at):
                rest = best[at + len(part)]
                yield _Best(rest.unread, rest.parts + 1, len(part))

    def _written(self, text: str, best: list[_Best]) -> str:
        found, at, joined, after_part = "", 0, True, False
        while at < len(text):
            piece = text[at : at + best[at].length]
            meaning = self._parts.get(piece)
            if meaning is not None:
                blank = "" if joined or found.endswith(_JOINS) else " "
                found += blank + meaning.removesuffix("-")
            elif not HANGUL.match(piece):
                found += f" {piece}" if after_part and piece.isdigit() else piece
            joined = meaning is not None and meaning.endswith("-")
            after_part = meaning is not None and not joined
            at += len(piece)
        return found


def squeezed(name: str) -> str:
    """A name by its letters and digits alone: Korean spelling does not show where Latin names have blanks."""
    return re.sub(r"[\W_]+", "", name)


def _bare(text: str) -> str:
    """A normalised text without the blanks that line breaks put into Korean names."""
    return _BLANK.sub("", inci.normalise(text))
