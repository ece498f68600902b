"""The ingredient list on a label, as a list of names in label order.

Labels are written by many hands. Where a text can be read two ways, this module reads more names rather than
fewer: a name too many is noise, two names grown into one would hide an ingredient that somebody avoids.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

_MARKUP: Final = re.compile(r"<[^>]*>")
_MAY_CONTAIN: Final = re.compile(
    r"[\[(]?\s*(?:\+\s*/\s*-|may contain|peut contenir)(?:[\s/()+:-]|may contain|peut contenir)*", re.IGNORECASE
)
# Signs that labels use instead of commas.
_SIGNS: Final = re.compile(r"[@|•·\[\]]|\s\(and\)\s|:\s")
# A stop after a whole word or a number, before the next capital: "Limonene. Linalool", but not "Ext. Violet 2".
_STOP: Final = re.compile(r"(?:(?<=[a-z]{5})|(?<=\d)|(?<=\)))\.\s*(?=[A-Z*\[])")
_COMMA_IN_NUMBER: Final = re.compile(r"\d,\d")
# What stands at the ends of a name and is no part of it: footnote marks, stops, quotes, dashes.
_EDGES: Final = " \t\r\n\u00a0.*+•-–—\"'“”‘’†‡°"  # noqa: RUF001
# A line counts as broken off in the middle of a name only from this many characters on.
_WRAPPED: Final = 60
# Commas in parentheses from which on they list a blend; up to two list synonyms, as in "Water (Aqua, Eau)".
_BLEND: Final = 3


def ingredients(label: str | Iterable[str]) -> list[str]:
    """The names on a label, each once, in label order.

    Commas and semicolons separate names, except in a name's parentheses and inside numbers ("1,2-Hexanediol").
    A line that ends in a colon heads a part of a set ("Step 1:") and is no name; the parts follow each other.

    Args:
        label: The text, or its lines, or the names themselves.
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
    """Whether the next line goes on with this one's last name."""
    return len(line) >= _WRAPPED and "," in line and not line.endswith((".", ",", ";"))


def _with_commas(part: str) -> str:
    """``part`` with a comma wherever something else separates names."""
    text = _MAY_CONTAIN.sub(", ", _MARKUP.sub(" ", part))
    return _STOP.sub(", ", _SIGNS.sub(", ", text))


def _split(part: str) -> Iterator[str]:
    """``part`` cut at its commas, semicolons and parentheses that hold nothing together."""
    held = _held_together(part)
    start = 0
    for at, sign in enumerate(part):
        if sign in ",;()" and not held[at] and not _COMMA_IN_NUMBER.match(part, max(0, at - 1)):
            yield part[start:at]
            start = at + 1
    yield part[start:]


def _held_together(part: str) -> bytearray:
    """For each character, 1 where it stands in parentheses that belong to one name.

    Those that are never closed do not, and neither do those that hold a whole blend.
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
