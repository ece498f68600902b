"""Whether a part of a name is a shade: a number of a shade, a colour, or both."""

import re
from collections.abc import Sequence
from typing import Final

from recommender.data.variants.vocabulary import Vocabulary

_WORD: Final = re.compile(r"[^\s,;:|/()\[\]\-–—\"“”„«»]+")
# Numbers that are of shades whatever stands beside them: "#21", "01", "21n", "1w2", "21호".
_CODE: Final = re.compile(r"#\s?\w+|0\d{1,2}[a-z]?|\d{2,3}[ncwp]\d?|\d[ncw]\d|\d{1,3}(?:호|号|號|番)")
_NUMBER: Final = re.compile(r"(?:no\.?|nr\.?|n[°ºo])?\s?\d{1,3}")
_MOST_WORDS: Final = 3
"""Words of a shade's own name beside its number: "#12 big apple red"."""

_TRAILING: Final = re.compile(
    r"\s(?:#\s?\w+(?:\s+[^\W\d_]+){0,3}|\d{1,3}(?:호|号|號)(?:\s+[^\W\d_]+){0,2}|0\d(?:\s+[^\W\d_]+){1,3}"
    r"|\d{2,3}[ncw]|\d[ncw]\d|\d{2,3}(?:\s+[^\W\d_]+){1,3})\s*$"
)
"""What may be a shade at the end of a name, with nothing to part it."""
_BARE: Final = re.compile(r"\s(?:(?:no\.?|nr\.?|n[°º])\s?\d{1,3}|0\d[a-z]?)\s*$")
_LAST_WORDS: Final = (re.compile(r"\s[^\W\d_]+\s[^\W\d_]+\s*$"), re.compile(r"\s[^\W\d_]+\s*$"))


def without_trailing_shade(text: str, name: str) -> str:
    """``text`` of the folded ``name`` without a shade at its end; a bare colour or number is one of make-up alone."""
    found = _TRAILING.search(text)
    if found and is_shade(found[0], name):
        return text[: found.start()]
    if not Vocabulary.load().coloured.search(name):
        return text
    ends = (_BARE.search(text), *(end for words in _LAST_WORDS if (end := words.search(text)) and _is_colour(end[0])))
    return next((text[: end.start()] for end in ends if end), text)


def _is_colour(end: str) -> bool:
    """Whether the last word is a colour, and one before it a tone or a colour."""
    words, (*before, last) = Vocabulary.load(), end.split()
    return last in words.colours and all(word in words.colours or word in words.tones for word in before)


def is_shade(part: str, name: str) -> bool:
    """Whether ``part`` of the folded ``name`` tells nothing but a shade.

    Free names ("Dragon Girl") are shades only beside a number that is surely of a shade: else "- Vitamin C" would be
    one. Tones alone ("- Medium Warm", "- Vanilla") are shades of products that have colour. The number of a tool
    ("Brush #12") is of its form.
    """
    words = Vocabulary.load()
    found = _WORD.findall(part)
    if not found:
        return False
    if _is_code(found):
        return not words.tools.search(name)
    named = [word for word in found if not _NUMBER.fullmatch(word)]
    if not named:
        return False
    told = all(word in words.colours or word in words.tones for word in named)
    return told and (any(word in words.colours for word in named) or bool(words.coloured.search(name)))


def _is_code(found: Sequence[str]) -> bool:
    """A shade's number, alone or with a short name of its own after it or before it."""
    first, last = _CODE.fullmatch(found[0]), _CODE.fullmatch(found[-1])
    others = found[1:] if first else found[:-1]
    return bool(first or last) and len(others) <= _MOST_WORDS and not any(map(_has_digit, others))


def _has_digit(word: str) -> bool:
    return any(character.isdigit() for character in word)
