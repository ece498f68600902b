"""The name of a product without what tells its size, pack or shade."""

import re
from dataclasses import dataclass
from typing import Final

from recommender.data.variants.shades import is_shade, without_trailing_shade
from recommender.data.variants.spelling import folded
from recommender.data.variants.vocabulary import Vocabulary

_TOKEN: Final = re.compile(r"\bpa\+{1,4}|\d+(?:[.,]\d+)*[%+]*|[^\W\d_]+")
_APOSTROPHE: Final = re.compile("['\u2019]")
_BRACKETS: Final = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]|【([^【】]*)】")
_LABEL: Final = re.compile(r"^\s*(?:\[[^\[\]]*\]|【[^【】]*】)\s*(?=\S)")
"""What shops write in front of a name: "[1+1]", "[NEW]"."""
_PARTS: Final = re.compile(r"\s+[-–—|/]\s+|\s*[|;]\s*|,(?=\D|\s|$)|:\s")
_MINI: Final = re.compile(r"^\s*mini\s|\s\(?mini\)?\s*$")
_ENOUGH: Final = 2
"""Words beside the brand that a label in front may leave."""
_LONG_SCRIPT: Final = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]{4,}")
"""A word of a script without blanks, long enough to be several words."""


@dataclass(frozen=True)
class BaseName:
    """A name without size, pack and shade.

    Attributes:
        words: What is left, in one spelling; empty where it would tell no product from another.
        amount: Millilitres, grams or centimetres in all, where the name tells them.
        pieces: How many pieces, 1 where the name tells none.
    """

    words: str
    amount: float | None
    pieces: int

    @property
    def length(self) -> int:
        """How many words; a long one in a script without blanks counts as two."""
        return sum(2 if _LONG_SCRIPT.fullmatch(word) else 1 for word in self.words.split())


def base_name(name: str, brand: str) -> BaseName:
    """The base of a product's name; the brand's words in front do not count."""
    text, labels = _without_label(" ".join(folded(name).split()), brand)
    vocabulary = Vocabulary.load()
    bare, amount = _without_sizes(text)
    bare = vocabulary.free_gifts.sub(" ", bare)
    pieces = _pieces(bare)
    bare = _MINI.sub(" ", vocabulary.packings.sub(" ", vocabulary.counts.sub(" ", bare)))
    words = _own_words(_without_shades(bare), brand)
    known = amount if amount is not None else _without_sizes(labels)[1]
    return BaseName(" ".join(words), known and known * pieces, pieces)


def _without_label(text: str, brand: str) -> tuple[str, str]:
    """The text without the label in front, and the label.

    A label stays where little else would be left, and where it says for whom or what the product is.
    """
    found = _LABEL.match(text)
    if (
        found is None
        or Vocabulary.load().purposes.search(found[0])
        or len(_own_words(text[found.end() :], brand)) < _ENOUGH
    ):
        return text, ""
    return text[found.end() :], found[0]


def _without_sizes(text: str) -> tuple[str, float | None]:
    """The text without its sizes, and the first of them in millilitres, grams or centimetres."""
    vocabulary = Vocabulary.load()
    first = vocabulary.sizes.search(text)
    if first is None:
        return text, None
    unit = re.sub(r"[\s-]+", " ", first["unit"])
    amount = float(first["amount"].replace(",", ".")) * vocabulary.factors.get(unit, 1)
    return vocabulary.sizes.sub(" ", text), amount * int(first["before"] or first["after"] or first["each"] or 1)


def _pieces(text: str) -> int:
    """The product of all counts, without those of 0."""
    found = 1
    for match in Vocabulary.load().counts.finditer(text):
        found *= int(next(filter(None, match.groups()))) or 1
    return found


def _without_shades(text: str) -> str:
    """The text without brackets and parts that tell a shade or a gift."""
    opened = _BRACKETS.sub(lambda found: " " if _tells_nothing(found, text) else found[0], text)
    first, *parts = _PARTS.split(opened)
    kept = " ".join([first, *(part for part in parts if not is_shade(part, text))])
    return without_trailing_shade(kept, text)


def _tells_nothing(bracket: re.Match[str], text: str) -> bool:
    """Whether what is left in a bracket tells nothing of the product."""
    inner = next((group for group in bracket.groups() if group), "")
    return not _TOKEN.search(inner) or is_shade(inner, text) or bool(Vocabulary.load().gifts.match(inner))


def _own_words(text: str, brand: str) -> list[str]:
    """The words of a text without the brand's in front."""
    words, brands = _tokens(text), _tokens(folded(brand))
    return words[len(brands) :] if brands and words[: len(brands)] == brands else words


def _tokens(text: str) -> list[str]:
    return [word.replace(",", ".") for word in _TOKEN.findall(_APOSTROPHE.sub("", text))]
