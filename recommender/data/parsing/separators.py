"""What separates the names on a label besides commas, and which commas separate nothing.

Names of ingredients are in Latin or Korean letters with digits, blanks and ``( ) , . / ' & + - :``; every other sign
between two of them was put there by somebody's layout.
"""

import re
from typing import Final

_PLAIN_SIGNS: Final = {0xFF01 + at: chr(0x21 + at) for at in range(94)} | {0x2019: "'", 0x2032: "'"}
_PLAIN_SIGNS.update(dict.fromkeys((0x2010, 0x2011, 0x2012, 0x2013, 0x2043, 0x2212, 0xFE58, 0xFE63), "-"))
_SIGNS: Final = re.compile(
    r"[@|\[\]{}<>~^\t=!…\u00a1\u00a6\u00ab\u00b7\u00bb\u00bf\u2014\u2022-\u2024\u2027\u203b\u203c\u2190-\u2211\u2213-\u2214"
    r"\u2217-\u23ff\u2500-\u27bf\u2900-\u2bff\u3001-\u3003\u3008-\u3020\u30fb\ufe50-\ufe54\ufe59-\ufe5e\uff5f-\uff65"
    r"\U0001f000-\U0001faff]"
    r"|\s\(and\)\s|:\s|\.{2,}|\s(?:and|und|&|\+|\*+|\\)\s|(?<=\w)\*+(?=[^\W\d_])",
    re.IGNORECASE,
)
_DASH: Final = re.compile(r"(?<=[^\s,;:(/-])\s+-\s+(?!\d{1,2}(?![\d,-]))")
_PREFIX: Final = re.compile(r"(?:\b(?:alpha|beta|gamma|delta|tert|[a-z]|[αβγδ])|(?<!\d)\d,\d{1,2})$", re.IGNORECASE)
"""After these a dash between blanks belongs to the name: "d - Limonene", "1,2 - Hexanediol"."""
_STEM: Final = re.compile(r"(?:\b(?:peg|ppg|pg|ci)|eth|quaternium|poly[a-z]+|peptide)$", re.IGNORECASE)
"""After these it does where a number follows: "PEG - 150"."""
_ABBREVIATIONS: Final = r"(?<!subsp)(?<!\bextr)(?<!\bhydr)(?<!\bferm)(?<!\bconc)(?<!\bsoln)(?<!\bapprox)"
# A full stop after a whole word or a number, before the next name: "Limonene. Linalool", but not "Ext. Violet 2".
_STOP: Final = re.compile(
    rf"(?:(?<=[a-z]{{4}}){_ABBREVIATIONS}|(?<=\b(?:oil|wax|gum|eau|mel|bht|bha))|(?<=\d)|(?<=\)))\.(?:\s*(?=(?-i:[A-Z])|[*\[])|\s+(?=[^\W\d_]{{3}}))",
    re.IGNORECASE,
)
_SPACED_LOCANT: Final = re.compile(r"((?:^|[,(;])\s{0,9}\d{1,2}|(?:ane|ene)-\d),\s{1,9}(?=\d{1,2}-[A-Za-z])")

_NUMBER: Final = re.compile(r"(?:\d{1,2},)*(\d+)'?$")
_AMOUNT: Final = re.compile(r"\d+\s?(?:%|pp[mb]\b|mg\b|mcg\b|µg\b|g\b|ml\b|iu\b)|\d{3}(?![\d-])", re.IGNORECASE)
_LOCANTS: Final = re.compile(r"\d{1,2}'?(?:,\d{1,2}'?)*[- ]\(?[^\W\d_]")
_SEVERAL: Final = re.compile(
    r"((?:\d{1,2}'?,)*\d{1,2}'?)-[a-z-]{0,20}?(?:(di|bis|metha|etha|epox|ene)|(tri)|(tetra))", re.IGNORECASE
)
"""Places of two, three or four equal groups: "…propane-1,3-diol"."""
_NUMBERED: Final = re.compile(
    r"(?:eth|peg|ppg|peptide|poly[a-z]+|quaternium|glyceryl(?=-)|polymer|ceramide|ketone|yellow|red|blue|green|orange"
    r"|violet|black|brown|\bno|alcohol|wax|oil|acid)[- ]$",
    re.IGNORECASE,
)
"""Names that end in a number: "Ceteareth-20", "Polysorbate 20", "Yellow 5"."""
_GLUED: Final = re.compile(r"[A-Za-z]\d+$")
"""A number of the name, as in "Vitamin B12", and no place."""
_LETTERED: Final = re.compile(r"[NOPS],[NOPS]'?-")
_FAR: Final = 48
_LARGEST_LOCANT: Final = 14

_GUESSES: Final = tuple(
    map(re.compile, (r"\s+/\s+", r"\s{2,}", r"[*#+_?]+", r"\s*:\s*", r"\.", r"/", r"(?<=[a-z])-(?=[A-Z])", r"\s-|-\s"))
)
_FEWEST, _LONGEST_PIECE = 4, 100


def plain_signs(text: str) -> str:
    """``text`` with one hyphen, one apostrophe, and no full width."""
    return text if text.isascii() else text.translate(_PLAIN_SIGNS)


def as_commas(text: str) -> str:
    """``text`` with a comma wherever another sign separates names, and without the blank in "1, 2-Hexanediol"."""
    text = _SIGNS.sub(", ", plain_signs(text))
    text = _STOP.sub(", ", _DASH.sub(_dash, text))
    return _SPACED_LOCANT.sub(r"\1,", text)


def _dash(found: re.Match[str]) -> str:
    before = found.string[max(0, found.start() - _FAR) : found.start()]
    numbered = found.string[found.end() : found.end() + 1].isdigit()
    return found[0] if _PREFIX.search(before) or (numbered and _STEM.search(before)) else ", "


def is_inside_number(text: str, at: int, start: int = 0) -> bool:
    """Whether the comma at a place of ``text`` belongs to a number: of an amount, or of places in a molecule.

    In "PEG-8,2-Bromo-2-Nitropropane-1,3-Diol" the second one does, and the first one separates. The name that it may
    belong to begins at ``start``.
    """
    if text[at] != ",":
        return False
    before, after = text[max(start, at - _FAR) : at], text[at + 1 : at + _FAR]
    number = _NUMBER.search(before)
    if not number or not after[:1].isdigit():
        return bool(_LETTERED.match(text, max(start, at - 1)))
    if _AMOUNT.match(after):
        return True
    name = before[: number.start()].rstrip()
    if not name or name[-1] in "(,;":
        return True
    if number[0] == number[1] and (
        _GLUED.search(before) or _NUMBERED.search(before[: number.start()]) or int(number[1]) > _LARGEST_LOCANT
    ):
        return False
    return _as_many_places(number[0], after) if name[-1] == "-" else bool(_LOCANTS.match(after))


def _as_many_places(number: str, after: str) -> bool:
    """Whether a comma stands between as many places as what follows them has equal groups."""
    found = _SEVERAL.match(after)
    groups = next(groups for groups, name in ((2, found[2]), (3, found[3]), (4, found[4])) if name) if found else 0
    return bool(found) and groups == (number + found[1]).count(",") + 2


def guessed(name: str) -> list[str]:
    """The names in a text too long for one, at the sign that divides all of it; the text where there is none."""
    for sign in _GUESSES:
        pieces = sign.split(name)
        if len(pieces) >= _FEWEST and max(map(len, pieces)) <= _LONGEST_PIECE:
            return pieces
    return [name]
