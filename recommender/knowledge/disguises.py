"""What hides a name from the eye or from a search: markup, invisible signs, footnotes, letters of other alphabets.

A label copied from a web page, a PDF file or a spreadsheet looks right on the screen and holds other signs than it
shows. Everything here takes time in proportion to the text.
"""

import html
import re
from typing import Final

_INVISIBLE: Final = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0"
    "\U000e0000-\U000e007f]"
)
_BREAK_OF_WORDS: Final = re.compile("(?<=[a-z])\u200b(?=[A-Z])")
"""A zero-width blank where a new word begins; elsewhere it only says where a line may be broken."""
_FOOTNOTE_TAG: Final = re.compile(r"<sup>[\s\d*†‡,()]{1,6}</sup>", re.IGNORECASE)
_INLINE_TAG: Final = re.compile(
    r"</?(?:a|abbr|b|big|em|font|i|mark|s|small|span|strong|sub|sup|u|wbr)(?:\s[^<>]*)?/?>", re.IGNORECASE
)
_TAGS_BETWEEN_NAMES: Final = re.compile(
    rf"(?<=\w)(?:(?:{_INLINE_TAG.pattern}){{2,}}(?=\w)|(?<=(?-i:[a-z]))(?:{_INLINE_TAG.pattern})(?=(?-i:[A-Z])))",
    re.IGNORECASE,
)
"""One name's end and the next one's beginning; or both in one name."""
_BLOCK_TAG: Final = re.compile(
    r"</?(?:blockquote|body|br|center|dd|div|dl|dt|h[1-6]|hr|html|li|ol|p|pre|section|table|tbody|td|th|thead|tr|ul)"
    r"(?:\s[^<>]*)?/?>|<!--[^<>]*-->",
    re.IGNORECASE,
)

_RAISED: Final = "\u00b2\u00b3\u00b9\u2070-\u2079\u02b0-\u02b8\u1d2c-\u1d6a\u1d9b-\u1dbf\u2460-\u249b"
_FOOTNOTE: Final = re.compile(
    rf"(?:(?<=[^\W\d_]{{3}})|(?<=\d)|(?<![^\W_]))[\u207d(]?[{_RAISED}](?:[,.]?[{_RAISED}])*\u207e?"
    r"|(?<=[^\W\d_]{4})[\u2080-\u2089]+"
)
"""Raised signs after three letters or a digit, lowered digits after four letters: not those of "CO₂" and "B₃"."""
_MARKS: Final = re.compile("[®™©℠°ºª§¶†‡]")

# Signs that look like others.
_SAME: Final = {
    **dict.fromkeys(map(ord, "‐‑‒–—―−﹘﹣⁃"), "-"),  # noqa: RUF001
    **dict.fromkeys(map(ord, "’‘ʼ`´′＇"), "'"),  # noqa: RUF001
    **dict.fromkeys(map(ord, "⁄∕\\"), "/"),  # noqa: RUF001
    **dict.fromkeys(map(ord, "æÆ"), "ae"),
    **dict.fromkeys(map(ord, "œŒ"), "oe"),
    **dict.fromkeys(map(ord, "øØ"), "o"),
    **dict.fromkeys(map(ord, "łŁ"), "l"),
    **dict.fromkeys(map(ord, "đĐ"), "d"),
    ord("ı"): "i",  # noqa: RUF001
    ord("ɑ"): "a",  # noqa: RUF001
    ord("ɡ"): "g",  # noqa: RUF001
    ord("_"): " ",
}
_LATIN_WORD: Final = re.compile(r"[^\W\d_]+")
_LOOKS_LATIN: Final = str.maketrans(
    "АВСЕНІЈКМОРЅТХУҮԚԜЁавсеніјкморѕтхуүԛԝёһԁӏпгАΒΕΖΗΙΚΜΝΟΡΤΥΧΑαβενικορτυχγϲϳ",
    "ABCEHIJKMOPSTXYYQWEabcehijkmopstxyyqwehdlnrABEZHIKMNOPTYXAabevikoptuxycj",
)
_GREEK: Final = {"α": "alpha", "β": "beta", "ß": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ω": "omega"}
_GREEK_PREFIX: Final = re.compile(rf"(?<![^\W_])([{''.join(_GREEK)}])(?=\s?-)")


def shown(text: str, *, block: str = "\n", between_names: str = "") -> str:
    """``text`` as a reader sees it: entities as signs (once and twice escaped), no markup, nothing invisible.

    ``block`` takes the place of tags that begin a line, ``between_names`` that of others between which a name may end.
    """
    text = text.replace("\r\n", "\n")
    if "&" in text:
        text = html.unescape(html.unescape(text))
    if "<" in text:
        text = _TAGS_BETWEEN_NAMES.sub(between_names, _BLOCK_TAG.sub(block, _FOOTNOTE_TAG.sub("", text)))
        text = _INLINE_TAG.sub("", text)
    return text if text.isascii() else _INVISIBLE.sub("", _BREAK_OF_WORDS.sub(" ", text))


def plain(text: str) -> str:
    """What ``text`` shows in plain signs: no footnotes and trade marks, one hyphen, Latin letters in Latin words."""
    text = shown(text, block=" ")
    if text.isascii():
        return text.translate(_SAME)
    text = _MARKS.sub(" ", _FOOTNOTE.sub("", text)).translate(_SAME)
    return _LATIN_WORD.sub(_latin, _GREEK_PREFIX.sub(lambda found: _GREEK[found[1]], text))


def _latin(found: re.Match[str]) -> str:
    """A word with letters of another alphabet among Latin ones, in those that it seems to be written in."""
    word = found[0]
    return word if word.isascii() or not any(sign.isascii() for sign in word) else word.translate(_LOOKS_LATIN)
