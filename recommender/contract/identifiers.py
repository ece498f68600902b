"""The one rule by which ids are compared: every door that an id comes in by applies it.

Sources, requests, events and the command line write the same id differently: a column of numbers with a missing value
gives "7.0" for 7, a spreadsheet leaves blanks around it, a Mac writes "é" as two characters. Who is not recognised is
shown what they avoid, and who is not recognised as forgotten comes back.
"""

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

MAXIMUM_LENGTH: Final = 256
"""Characters (code points) of the longest id, everywhere."""

EXPECTED: Final = f"1 to {MAXIMUM_LENGTH} characters without control characters"
"""What an id is to be, in words for people."""

_DECIMAL: Final = ".0"
_VISIBLE: Final = bytes(range(ord("!"), ord("~") + 1))
_WHOLE: Final = re.compile(r"(-?[0-9]+)\.0")
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
# Blanks are those of ``str.isspace``; the others have no width: the mark at the start of a file, those that are copied
# along with a text, and those that turn the direction of writing.
_BLANK: Final = (
    "\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
)


def normalised_id(text: str) -> str:
    """An id as it is kept and compared; the same for all spellings of one id, and for an id that is already so.

    - Blanks and characters without width around it are cut off: nobody sees them. Within an id they stay, as they may
      part two words.
    - "7.0" is "7", "-7.0" is "-7": numbers of a column that has missing values. "7.5", "7.00", "1e5" are left alone.
    - Composed characters are one character (NFC): canonically equal texts are the same text to whoever types them.
      NFKC would go further and make "①" a "1".
    - Case and leading zeros stay: shops have both an "a1" and an "A1", and 007 is not 7.

    A text longer than ``MAXIMUM_LENGTH`` is not composed, which may take long: :func:`id_fault` refuses it.
    """
    if text.isascii() and text.isprintable() and " " not in text and not text.endswith(_DECIMAL):
        return text
    stripped = text.strip(_BLANK)
    if len(stripped) <= MAXIMUM_LENGTH and not stripped.isascii():
        stripped = unicodedata.normalize("NFC", stripped)
    return whole[1] if (whole := _WHOLE.fullmatch(stripped)) else stripped


def are_plain(texts: Sequence[str]) -> bool:
    """Whether none changes when it is normalised, or has a control character; far quicker than looking at each."""
    together = " ".join(texts)
    if not together.isascii() or f"{_DECIMAL} " in together or together.endswith(_DECIMAL):
        return False
    return together.encode().translate(None, delete=_VISIBLE) == b" " * (len(texts) - 1)


def id_fault(identifier: str) -> str | None:
    """Why a normalised id cannot be used, as the end of a sentence; None for a usable one.

    A control character cannot be printed or typed, some databases cannot store one, and half a surrogate pair cannot be
    written at all: an id that has one was damaged on its way.
    """
    if not identifier:
        return "it is empty"
    if len(identifier) > MAXIMUM_LENGTH:
        return f"it has {len(identifier)} characters, more than {MAXIMUM_LENGTH}"
    return "it has a control character" if _CONTROL.search(identifier) else None


def usable_id(text: str) -> str | None:
    """The normalised id; None for a text that is none (:func:`id_fault`)."""
    identifier = normalised_id(text)
    return None if id_fault(identifier) else identifier
