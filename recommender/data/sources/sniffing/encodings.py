"""The encoding of a text file: the first that all its bytes fit and of which the letters are those of a language.

Encodings of one byte a character fit almost any bytes, so what tells them apart is which letters they would be.
"""

# ruff: noqa: RUF001 (letters of other alphabets are meant)
import codecs
import re
from typing import Final

_MARKS: Final = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_NULS: Final = 0.2
"""The share of zero bytes at every second place from which a text is UTF-16: Latin letters have one each."""

_USUAL: Final = {
    "shift_jis": ("cp932", r"[\u3040-\u30ff\u3001-\u3003]"),
    "euc_jp": ("euc_jp", r"[\u3040-\u30ff\u3001-\u3003]"),
    "euc_kr": ("cp949", r"[\uac00-\ud7a3]"),
    "gb18030": ("gb18030", r"[\u4e00-\u9fff\u3001-\u3011\uff00-\uff5e]"),
    "big5": ("big5", r"[\u4e00-\u9fff\u3001-\u3011\uff00-\uff5e]"),
    "cp1252": ("cp1252", "[äöüßÄÖÜéèêëàâçîïôûùœæÉÈÊÀÂÇÎÔñáíóúãõÑÁÍÓÚÃÕåøÅØòÒ€®™°«»¿¡’–]"),
    "cp1250": ("cp1250", "[ąćęłńóśźżĄĆĘŁŃÓŚŹŻáčďéěíňřšťúůýžÁČĎÉĚÍŇŘŠŤÚŮÝŽäöüÄÖÜßőűŐŰ]"),
    "cp1254": ("cp1254", "[ğışçöüĞİŞÇÖÜâî]"),
    "cp1251": ("cp1251", "(?i:[оеаинтсрвлкмдпуяыь])"),
    "cp1253": ("cp1253", "(?i:[αοιετσνηυρπκμλςόίάέή])"),
    "mac_roman": ("mac_roman", "[äöüßÄÖÜéèêëàâçîïôûùœæñáíóúãõåø’–]"),
    "cp437": ("cp437", "[äöüßÄÖÜéèêëàâçîïôûùñáíóú]"),
}
"""By name in YAML: Python's codec, and the letters and signs that its languages use most."""

_LEVEL_ONE: Final = {"gb18030": (0xB0, 0xD7), "big5": (0xA4, 0xC6)}
"""First bytes of the characters that both standards put first because they are the most frequent."""

_OWN_WORDS: Final = ("euc_kr", "gb18030", "big5", "cp1251", "cp1253")
"""Encodings of scripts in which a letter seldom stands beside a Latin one."""

_LATIN: Final = ("cp1252", "cp1250", "cp1254", "mac_roman", "cp437")
"""Encodings of languages in which a letter with an accent seldom stands beside another one."""

_MOST: Final = 1 << 18
"""Bytes of lines that are not ASCII, by which encodings are compared."""

_JAPANESE: Final = 0.2
_LIKELY: Final = 0.6
_SYMBOL_IN_WORD: Final = re.compile(r"(?<=[^\W\d_])[^\w\s'’.,;:/&()\-\"|+–](?=[^\W\d_])")


def likely_encoding(sample: bytes) -> str | None:
    """The encoding of a text that begins with these bytes, as Python and YAML call it; None where none is likely."""
    marked = next((name for mark, name in _MARKS.items() if sample.startswith(mark)), None)
    if marked:
        return marked
    if wide := _wide(sample):
        return wide
    if _decoded(sample, "utf-8") is not None:
        return "utf-8"
    odd = b"\n".join(line for line in sample.splitlines() if not line.isascii())[:_MOST]
    scores = {name: _score(odd, name, *how) for name, how in _USUAL.items()}
    best = max(scores, key=lambda name: scores[name])
    return best if scores[best] >= _LIKELY else None


def _wide(sample: bytes) -> str | None:
    """UTF-16 without a mark."""
    half = max(1, len(sample) // 2)
    shares = sample[1::2].count(0) / half, sample[::2].count(0) / half
    if max(shares) < _NULS:
        return None
    return "utf-16-le" if shares[0] > shares[1] else "utf-16-be"


def _score(sample: bytes, name: str, codec: str, usual: str) -> float:
    """The share of the characters beyond ASCII that are usual, 0 to 1; less where symbols stand within words."""
    text = _decoded(sample, codec)
    if text is None:
        return 0.0
    odd = [sign for sign in text if not sign.isascii()]
    share = sum(bool(re.match(usual, sign)) for sign in odd) / max(1, len(odd))
    if name in ("shift_jis", "euc_jp"):  # where there are kana, the other characters are Japanese, too
        share = min(1.0, share / _JAPANESE * _LIKELY)
        share = share if share >= _LIKELY else 0.0
    if name in _LEVEL_ONE:
        share *= _frequent(sample, *_LEVEL_ONE[name])
    if name in _OWN_WORDS:
        share -= len(re.findall(rf"[A-Za-z](?={usual})|(?:{usual})(?=[A-Za-z])", text)) / max(1, len(odd))
    if name in _LATIN:
        share -= len(re.findall(rf"{usual}(?={usual})", text)) / max(1, len(odd)) / 2
    return share - len(_SYMBOL_IN_WORD.findall(text)) / max(1, len(odd))


def _frequent(sample: bytes, low: int, high: int) -> float:
    """The share of the characters of two bytes that are frequent ones, by their first byte."""
    pairs = re.findall(rb"([\x81-\xfe])[\x40-\xfe]", sample)
    return sum(low <= pair[0] <= high for pair in pairs) / max(1, len(pairs))


def _decoded(sample: bytes, codec: str) -> str | None:
    """The text; None where bytes do not fit. The last character may be cut off."""
    try:
        return codecs.getincrementaldecoder(codec)("strict").decode(sample)
    except UnicodeDecodeError:
        return None
