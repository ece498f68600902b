"""The ways in which labels print a name, and names in a row: what shops' exports really hold."""

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np

Disguise = Callable[[str], str]

_FULL_WIDTH: Final = {ord(sign): ord(sign) + 0xFEE0 for sign in "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"}


def _inside(sign: str) -> Disguise:
    """Put something into the middle of a name's longest word."""

    def disguise(name: str) -> str:
        word = max(name.split(), key=len)
        half = len(word) // 2
        return name.replace(word, f"{word[:half]}{sign}{word[half:]}", 1)

    return disguise


def _around(before: str, after: str) -> Disguise:
    return lambda name: f"{before}{name}{after}"


SPELLINGS: Final[dict[str, Disguise]] = {
    "as it is": str,
    "capitals": str.upper,
    "title": str.title,
    "soft hyphen": _inside("\u00ad"),
    "zero-width blank": _inside("\u200b"),
    "word joiner": _inside("\u2060"),
    "markup around": _around("<b>", "</b>"),
    "markup inside": lambda name: f"<b>{name[:1]}</b>{name[1:]}",
    "entity blanks": lambda name: name.replace(" ", "&nbsp;"),
    "no-break blanks": lambda name: name.replace(" ", "\u00a0"),
    "superscript": _around("", "\u00b9"),
    "asterisk": _around("", "*"),
    "dagger": _around("", "\u2020"),
    "quotation marks": _around("\u201c", "\u201d"),
    "amount": _around("", " 2%"),
    "organic": _around("Organic ", ""),
    "full width": lambda name: name.translate(_FULL_WIDTH),
    "may contain": _around("May contain: ", ""),
    "bracket": _around("(", ")"),
    "broken line": lambda name: name.replace(" ", "\n", 1),
}
"""One printed name, disguised."""

SEPARATORS: Final = (
    ", ",
    ",",
    "; ",
    " | ",
    " \u2022 ",
    " \u25cf ",
    " \u00b7 ",
    "\u3001",
    "\uff0c",
    "\n",
    "<br>",
    " - ",
)
"""Between the names of a label."""


def printed(names: Sequence[str], draw: np.random.Generator) -> str:
    """A label of these names as some shop's export may hold it."""
    spellings = list(SPELLINGS.values())
    between = SEPARATORS[draw.integers(len(SEPARATORS))]
    # A line can break a name only where lines do not part names.
    usable = [each for each in spellings if between not in each(names[0]) or each is str] if names else spellings
    return between.join(usable[draw.integers(len(usable))](name) for name in names)
