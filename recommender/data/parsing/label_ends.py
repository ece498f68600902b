"""Whether a label's text goes on where it ends: what it would say next is not known, so neither is the label."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

CUT: Final = "…"
"""What the last name of a label ends in of which the rest is missing."""

_GOES_ON: Final = re.compile(
    r"(?:…|\.{2,}|\[…\]|\b(?:etc|read more|show more|see more|view more|mehr anzeigen|mehr lesen|voir plus"
    r"|lire la suite|leer más|ver más|mostra altro|더보기))[\s.\])]*$",
    re.IGNORECASE,
)
_LIMITS: Final = frozenset({255, 256, 500, 511, 512, 1000, 1023, 1024, 2000, 2048, 4000, 4096, 8000, 32767, 65535})
"""Characters after which databases and spreadsheets cut a text."""
_TOGETHER: Final = 3
"""So many different texts of one length, and none that is longer: another limit."""
_TAIL: Final = 100


def limit_of(texts: Iterable[str]) -> int | None:
    """The characters after which the texts of a column were cut; None where nothing speaks for that."""
    lengths = Counter(map(len, set(texts)))
    longest = max(lengths, default=0)
    return longest if longest in _LIMITS or (longest > _TAIL and lengths[longest] >= _TOGETHER) else None


def marked_as_cut(text: str, names: Sequence[str], limit: int | None = None) -> list[str]:
    """``names``, the last one ending in ``CUT`` if the text from which they were read is cut off."""
    if not names or not _is_cut(text, limit):
        return list(names)
    return [*names[:-1], names[-1].removesuffix(CUT) + CUT]


def _is_cut(text: str, limit: int | None) -> bool:
    whole = text.rstrip()
    if _GOES_ON.search(whole[-_TAIL:]):
        return True
    if whole.startswith(("['", '["')) and not whole.endswith("]"):
        return True
    return len(text) == limit and not whole.endswith((".", ")", "*", "]"))
