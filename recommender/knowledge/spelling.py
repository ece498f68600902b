"""How national languages write words: without their marks, and chemistry by its sound."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

_PLAIN: Final = str.maketrans({"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "\u0131": "i", "þ": "th"})
"""Letters that Unicode does not part into a letter and a mark."""
_WITH_E: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})
"""What labels print where they have no marks: "MANDELOEL"."""

_SOUNDS: Final = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"ph", "f"),
        (r"th", "t"),
        (r"ch|qu|ck", "k"),
        (r"c(?=[eiy])", "s"),
        (r"[cq]", "k"),
        (r"z", "s"),
        (r"x", "ks"),
        (r"ou|w", lambda found: "u" if found[0] == "ou" else "v"),
        (r"[oa]e", "e"),
        (r"[yj]", "i"),
        (r"h", ""),
        (r"(.)\1+", r"\1"),
        (r"(?:[aeo]?s|[aeio])$", ""),
    )
)


def plain(text: str) -> str:
    """A text in small letters without marks: "Mandelöl" is "mandelol", "Œuf" is "oeuf"."""
    text = text.casefold()
    if not text.isascii():
        parted = unicodedata.normalize("NFKD", text)
        text = unicodedata.normalize("NFC", "".join(sign for sign in parted if not unicodedata.combining(sign)))
    return text.translate(_PLAIN)


def spellings(word: str) -> Iterator[str]:
    """The ways in which labels print a word without its marks: "mandelol" and "mandeloel"."""
    yield plain(word)
    small = unicodedata.normalize("NFC", word).casefold()
    if (written := small.translate(_WITH_E)) != small:
        yield plain(written)


@lru_cache(maxsize=65_536)
def sound(word: str) -> str:
    """A plain word by its sound, without its ending: one for "coumarine", "kumarin", "cumarina" and "coumarin"."""
    for pattern, said in _SOUNDS:
        word = pattern.sub(said, word)
    return word
