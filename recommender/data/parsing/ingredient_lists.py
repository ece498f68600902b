"""The ingredient list on a label, as a list of names in label order.

Labels are written in many ways. Where a text can be read in two ways, this module reads more names rather than fewer:
a superfluous name is noise, but two names read as one would hide an ingredient that somebody avoids.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

_MARKUP: Final = re.compile(r"<[^>]*>")
_MAY_CONTAIN: Final = re.compile(
    r"[\[(]?\s*(?:\+\s*/\s*-|may contain|peut contenir)(?:[\s/()+:-]|may contain|peut contenir)*", re.IGNORECASE
)
# Characters that labels use instead of commas.
_SIGNS: Final = re.compile(r"[@|•·\[\]]|\s\(and\)\s|:\s")
# A full stop after a whole word or a number, before the next capital: "Limonene. Linalool", but not "Ext. Violet 2".
_STOP: Final = re.compile(r"(?:(?<=[a-z]{5})|(?<=\d)|(?<=\)))\.\s*(?=[A-Z*\[])")
_COMMA_IN_NUMBER: Final = re.compile(r"\d,\d")
# Characters at the ends of a name that do not belong to it: footnote marks, stops, quotes, dashes.
_EDGES: Final = " \t\r\n\u00a0.*+•-–—\"'“”‘’†‡°"  # noqa: RUF001
# Only a line of at least so many characters counts as wrapped in the middle of a name.
_WRAPPED: Final = 60
# Parentheses with at least so many commas list a blend; with fewer they list synonyms, as in "Water (Aqua, Eau)".
_BLEND: Final = 3


def split_label(label: str | Iterable[str]) -> list[str]:
    """The names on a label, each once, in label order.

    Commas and semicolons separate names, except in a name's parentheses and inside numbers ("1,2-Hexanediol").
    A line that ends in a colon is the heading of a part of a set ("Step 1:") and no name; the parts are concatenated.
    A label is given as its text, its lines or the names themselves.
    """
    lines = label.splitlines() if isinstance(label, str) else label
    names = (_bare(name) for part in _parts(lines) for name in _split(part))
    return list(dict.fromkeys(name for name in names if any(sign.isalpha() for sign in name)))


def _parts(lines: Iterable[str]) -> Iterator[str]:
    """The parts of a label without their headings, wrapped lines joined."""
    part, last = "", ""
    for line in (raw.strip() for raw in lines):
        if line.endswith(":"):
            yield _with_commas(part)
            part, last = "", ""
        else:
            part = f"{part}{' ' if _broken_off(last) else ', '}{line}"
            last = line
    yield _with_commas(part)


def _broken_off(line: str) -> bool:
    """Whether the last name of this line continues in the next line."""
    return len(line) >= _WRAPPED and "," in line and not line.endswith((".", ",", ";"))


def _with_commas(part: str) -> str:
    """``part`` with a comma wherever something else separates names."""
    text = _MAY_CONTAIN.sub(", ", _MARKUP.sub(" ", part))
    return _STOP.sub(", ", _SIGNS.sub(", ", text))


def _split(part: str) -> Iterator[str]:
    """``part`` split at commas and semicolons, and at parentheses that do not belong to one name."""
    held = _held_together(part)
    start = 0
    for at, sign in enumerate(part):
        if sign in ",;()" and not held[at] and not _COMMA_IN_NUMBER.match(part, max(0, at - 1)):
            yield part[start:at]
            start = at + 1
    yield part[start:]


def _held_together(part: str) -> bytearray:
    """For each character, 1 where it is in parentheses that belong to one name.

    Parentheses that are never closed do not, and neither do those that list a blend.
    """
    held = bytearray(len(part))
    opened: list[int] = []
    for at, sign in enumerate(part):
        if sign == "(":
            opened.append(at)
        elif sign == ")" and opened:
            start = opened.pop()
            if part.count(",", start, at) < _BLEND:
                held[start : at + 1] = b"\x01" * (at + 1 - start)
    return held


def _bare(name: str) -> str:
    """``name`` without the footnote marks, stops and quotes around it."""
    return " ".join(name.strip(_EDGES).split())
