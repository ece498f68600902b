"""How names are compared: in one case, width and spelling of accents."""

import re
import unicodedata
from typing import Final

_ACCENT: Final = re.compile("[\u0300-\u036f]")
_ENTITY: Final = re.compile("&(?:#39|quot|apos);")


def folded(text: str) -> str:
    """A text without case, accents and full-width forms: "Hộp" is "hop".

    Only the accents of Latin, Greek and Cyrillic letters go: the marks of Japanese, Thai and Arabic make other letters.
    """
    plain = unicodedata.normalize("NFKD", _ENTITY.sub("'", text).casefold())
    return unicodedata.normalize("NFC", _ACCENT.sub("", plain))
