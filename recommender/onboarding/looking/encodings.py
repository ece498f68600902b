"""Which encoding a text is in: what decodes it, and of several the one in which it has letters of some language."""

import codecs
import re
from typing import Final

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8", "it begins with the mark of UTF-8"),
    (codecs.BOM_UTF16_LE, "utf-16", "it begins with the mark of UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "it begins with the mark of UTF-16"),
)
#: Encodings before UTF-8, with the letters that texts in them have. Of equal ones the first is taken.
_OLDER: Final = {
    "cp1252": "[äöüßÄÖÜéèêëàâçîïôûùñóíáúãõåøæÅØÉÀÇÑ€°«»’–…ìòœ]",  # noqa: RUF001 (the signs that are meant)
    "cp1250": "[ąćęłńóśźżĄĆĘŁŃÓŚŹŻčďěňřšťůžýáéíúČĎĚŇŘŠŤŮŽÝőűŐŰâăîșțäöü€„”–]",
    "cp1251": "[а-яёА-ЯЁ№«»–]",  # noqa: RUF001 (the signs that are meant)
    "cp1254": "[ğışçöüĞİŞÇÖÜâî]",
    "cp949": "[가-힣]",
    "cp932": "[ぁ-んァ-ヶー一-龥、。・ー０-９]",  # noqa: RUF001 (the signs that are meant)
    "gb18030": "[一-龥，。、：（）]",  # noqa: RUF001 (the signs that are meant)
    "big5": "[一-龥，。、：（）]",  # noqa: RUF001 (the signs that are meant)
}
_SAMPLE: Final = 400_000
_SWAPPED_CASE: Final = re.compile("[а-яё][А-ЯЁ]")  # noqa: RUF001 (the signs that are meant)
_WORDS_OF: Final = re.compile(r"[^\W\d_]+")


def encoding_of(content: bytes) -> tuple[str, str]:
    """The encoding and why it is taken; a text that may be cut off in the middle of a character."""
    for mark, name, why in _MARKS:
        if content.startswith(mark):
            return name, why
    part = content[:_SAMPLE]
    if (wide := _wide(part)) is not None:
        return wide, "every second byte is zero, as in UTF-16"
    if _decoded(content, "utf-8") is not None:
        return "utf-8", "all of it is UTF-8"
    return _older(content)


def _wide(content: bytes) -> str | None:
    even, odd = content[0::2].count(0), content[1::2].count(0)
    if max(even, odd) * 4 < len(content) or len(content) < 4:
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _older(content: bytes) -> tuple[str, str]:
    """Of the encodings that read the lines with letters beyond ASCII the one that finds most letters of a language."""
    odd = b"\n".join(line for line in content.splitlines() if not line.isascii())[:_SAMPLE]
    scores = {name: _plausibility(odd, name, letters) for name, letters in _OLDER.items()}
    best = max(scores, key=lambda name: scores[name])
    text = _decoded(odd, best) or ""
    example = next((word for word in _WORDS_OF.findall(text) if not word.isascii()), "")
    return best, f"it is not UTF-8, and read so it has words such as '{example}'"


def _plausibility(content: bytes, encoding: str, letters: str) -> float:
    """Share of the characters beyond ASCII that are letters of the encoding's languages."""
    text = _decoded(content, encoding)
    if text is None:
        return 0.0
    foreign = [sign for sign in text if not sign.isascii()]
    swapped = len(_SWAPPED_CASE.findall(text)) if encoding == "cp1251" else 0
    return len(re.findall(letters, "".join(foreign))) / max(len(foreign), 1) - swapped / max(len(foreign), 1)


def _decoded(content: bytes, encoding: str) -> str | None:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        return decoder.decode(content)
    except (UnicodeDecodeError, ValueError):
        return None
