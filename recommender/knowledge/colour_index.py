"""Colour index numbers, which name the colorants on a label: one spelling, ``ci 75470``, for all."""

import re
from typing import Final

_NUMBER: Final = re.compile(
    r"(?<![^\W_])(?:c[ .]{0,3}[il1|][ ._]{0,3}|colou?r[ -]{0,2}index[ .]{0,2})(?:(?:number|no|nr|n|#)[ .]{0,2})?"
    r"[ .:#_-]{0,3}(\d(?:[ .]?\d){4})(?!\d)"
)
"""A number in any spelling: "c.i. 75470", "ci-75 470", "cl 75470" (read so from print), "colour index no. 75470"."""
_LIST: Final = re.compile(r"\bci \d{5}(?:(?::\d)?[^\w()]{1,4}\d{5}(?!\d))+")
_ALONE: Final = re.compile(r"\s*(\d{5})(?::\d)?\s*(?:$|(?=\())")
_FIRST, _LAST = 10_000, 78_000
"""What the index numbers of colorants lie between."""


def spelled(text: str) -> str:
    """``text``, in lower case, with each colour index number as ``ci`` and five digits; those of a list, too."""
    if not any(sign.isdigit() for sign in text):
        return text
    text = _NUMBER.sub(lambda found: f"ci {re.sub(r'[ .]', '', found[1])}", text)
    if begins(text):
        text = f"ci {text.strip()}"
    text = re.sub(r"\((?=\d{5}(?!\d)[^a-z()]{0,99}\))", "(ci ", text)
    return _LIST.sub(lambda found: re.sub(r"(?<!ci )(?<!\d)(?=\d{5})", "ci ", found[0]), text)


def begins(text: str) -> bool:
    """Whether a text is a colorant's bare number, or one with a parenthesis behind it."""
    found = _ALONE.match(text)
    return bool(found) and _FIRST <= int(found[1]) < _LAST


def listed(text: str) -> tuple[str, ...]:
    """The numbers of a text that holds two or more of them and nothing else, spelled out; none for another."""
    numbers = re.findall(r"ci \d{5}", found) if (found := spelled(text.casefold())).count("ci ") > 1 else []
    rest = re.sub(r"ci \d{5}(?::\d)?", "", found) if numbers else text
    return () if any(sign.isalnum() or sign in "()" for sign in rest) else tuple(name.upper() for name in numbers)
