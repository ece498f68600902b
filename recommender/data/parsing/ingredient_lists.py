"""The ingredient list on a label, as a list of names in label order.

Labels are written in many ways. Where a text can be read in two ways, this module reads more names rather than fewer:
a superfluous name is noise, but two names read as one would hide an ingredient that somebody avoids.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Final

from recommender.data.parsing import separators
from recommender.data.parsing.label_ends import marked_as_cut
from recommender.knowledge import colour_index, disguises
from recommender.knowledge.knowledge import Knowledge

LONGEST_NAME: Final = 200
"""Characters; a longer name must be several that nothing separates, so nobody knows them."""

_MAY_CONTAIN: Final = re.compile(
    r"[\[(]?\s{0,9}(?:\+\s{0,9}/\s{0,9}-|may contain|peut contenir)(?:[\s/()+:-]|may contain|peut contenir)*",
    re.IGNORECASE,
)
# Characters at the ends of a name that do not belong to it: footnote marks, stops, quotes, dashes.
_EDGES: Final = " \t\r\n\u00a0.:*+&•-–—\"'“”‘’†‡°"  # noqa: RUF001
# Only a line of at least so many characters counts as wrapped in the middle of a name.
_WRAPPED: Final = 60
# Parentheses with at least so many commas list a blend; with fewer they list synonyms, as in "Water (Aqua, Eau)".
_BLEND: Final = 3
_HYPHENATED: Final = re.compile(r"(?<=[^\W\d_])-[ \t]*\n\s*(?=[^\W\d_])")
_HYPHEN_AND_NUMBER: Final = re.compile(r"(?<=\w-)[ \t]*\n\s*(?=\d)")
_IN_A_LINE: Final = re.compile(r"(?<![,;:.\s])[ \t]*\n[ \t\n]*(?=\w)")
_BLOCK: Final = "\r"
"""Stands for markup that begins a line, where a line of the text itself is no more than a blank."""
_MOST_LINES: Final = 4
"""Lines over which a name may go where lines part names."""
_PARENTHESES: Final = re.compile(r"\([^()]*\)")
_SPLIT_AT: Final = re.compile("[,;]")


def split_label(label: str | Iterable[str], limit: int | None = None) -> list[str]:
    """The names on a label, each once, in label order.

    Commas, semicolons and every other sign that labels use instead separate names, except in a name's parentheses and
    inside numbers ("1,2-Hexanediol"). A line that ends in a colon is the heading of a part of a set ("Step 1:") and no
    name; the parts are concatenated. A label is given as its text, its lines or the names themselves. The last name of
    a label that is cut off, for one thing after ``limit`` characters, ends in "…".
    """
    if isinstance(label, str):
        return marked_as_cut(label, _once(name for reading in _readings(label) for name in _names(reading)), limit)
    texts = list(label)
    lines = [disguises.shown(text).splitlines() for text in texts]
    # What part of a list is broken over lines may be one name all the same.
    unbroken = (" ".join(broken) for broken in lines if len(broken) > 1)
    names = _once((*_names(chain.from_iterable(lines)), *_names(unbroken)))
    return marked_as_cut(texts[-1], names) if texts else names


def _once(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(name for name in names if any(sign.isalpha() for sign in name)))


def _readings(text: str) -> Iterator[list[str]]:
    """The lines of a label, first as they are; and, where that differs, as if markup and lines broke no name apart.

    Markup may stand in a name or between two, a hyphen at a line's end may belong to the
    name or not, and a name may go on in the next line.
    """
    text = "\n".join(text.splitlines())
    first = _HYPHEN_AND_NUMBER.sub("", separators.plain_signs(disguises.shown(text)))
    yield _HYPHENATED.sub("", first).splitlines()
    shown = separators.plain_signs(disguises.shown(text, block=_BLOCK, between_names=", "))
    second = _HYPHENATED.sub("-", _HYPHEN_AND_NUMBER.sub("", shown))
    if _separators(second) > second.count("\n"):
        second = _IN_A_LINE.sub(" ", second)
    if second.replace(_BLOCK, "\n") != first:
        yield second.splitlines()
    yield list(_known_over_lines(second.splitlines()))


def _separators(text: str) -> int:
    """How often something else than a line's end parts names."""
    return text.count(_BLOCK) + len(_SPLIT_AT.findall(separators.as_commas(text))) if "\n" in text else 0


def _known_over_lines(lines: Sequence[str]) -> Iterator[str]:
    """Known names that go over the ends of lines though lines part names."""
    if len(lines) < 2:
        return
    is_name = Knowledge.load().is_name
    parted = [_SPLIT_AT.split(_with_commas(line.strip())) for line in lines]
    for at, (*_, name) in enumerate(parted):
        for first, *_ in parted[at + 1 : at + _MOST_LINES]:
            name = f"{name.strip()} {first.strip()}"
            if len(name) <= LONGEST_NAME and is_name(name):
                yield name


def _names(lines: Iterable[str]) -> Iterator[str]:
    return (_bare(name) for part in _parts(lines) for whole in _wholes(part) for name in _parted(whole))


def _wholes(part: str) -> Iterator[str]:
    """What commas divide; and in one what they part in a chemist's index: "Phenol, 2-methoxy-4-propenyl-, acetate"."""
    pieces = [*filter(str.strip, _split(part)), ""]
    yield from pieces
    for before, middle, after in zip(pieces, pieces[1:], pieces[2:], strict=False):
        prefix = middle.strip()
        if prefix.endswith("-") and any(map(str.isdigit, prefix)):
            yield f"{_bare(before)} {prefix}"
            yield f"{_bare(before)} {prefix} {_bare(after)}"


def _parts(lines: Iterable[str]) -> Iterator[str]:
    """The parts of a label without their headings, wrapped lines joined."""
    part, last = list[str](), ""
    for line in (raw.strip() for raw in lines):
        if line.endswith(":"):
            yield _with_commas("".join(part))
            part, last = list[str](), ""
        else:
            part += " " if _broken_off(last) else ", ", line
            last = line
    yield _with_commas("".join(part))


def _broken_off(line: str) -> bool:
    """Whether the last name of this line continues in the next line."""
    return len(line) >= _WRAPPED and "," in _PARENTHESES.sub("", line) and not line.endswith((".", ",", ";"))


def _with_commas(part: str) -> str:
    """``part`` with a comma wherever something else separates names."""
    return separators.as_commas(_MAY_CONTAIN.sub(", ", part))


def _split(part: str) -> Iterator[str]:
    """``part`` split at commas and semicolons, and at parentheses that do not belong to one name."""
    held = _held_together(part)
    start = 0
    for at, sign in enumerate(part):
        if sign in ",;()" and not held[at] and not separators.is_inside_number(part, at, start):
            yield part[start:at]
            start = at + 1
    yield part[start:]


def _held_together(part: str) -> bytearray:
    """For each character, 1 where it is in parentheses that belong to one name.

    Parentheses that are never closed do not, and neither do those that list a blend.
    """
    held = bytearray(len(part))
    opened: list[tuple[int, int]] = []
    commas = 0
    for at, sign in enumerate(part):
        commas += sign == ","
        if sign == "(":
            opened.append((at, commas))
        elif sign == ")" and opened:
            start, before = opened.pop()
            if commas - before < _BLEND:
                held[start : at + 1] = b"\x01" * (at + 1 - start)
    return held


def _parted(name: str) -> Iterable[str]:
    """The names in what no comma divides: several colorants' numbers, or more than one name can hold."""
    if colour_index.begins(name):
        name = f"CI {name.strip()}"
    return colour_index.listed(name) or (separators.guessed(name) if len(name) > LONGEST_NAME else (name,))


def _bare(name: str) -> str:
    """``name`` without the footnote marks, stops and quotes around it."""
    return " ".join(name.strip(_EDGES).split())
