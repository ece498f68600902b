"""How much of a product is there, as the feeds of shops say it: in pieces, or by a word."""

import re
from typing import Final

from recommender.data.parsing.cells import Cells

# The words of Google Merchant and schema.org, of common shop systems, and what shops write for people.
_THERE: Final[tuple[str, ...]] = (
    "in stock", "instock", "available", "yes", "true", "limited availability", "limitedavailability", "low stock",
    "online only", "onlineonly", "ja", "oui", "si", "sí", "auf lager", "verfügbar", "lieferbar", "en stock",
    "disponible", "disponibile", "op voorraad", "재고 있음", "있음", "在庫あり",
)  # fmt: skip
# What can be ordered but not yet be sent is not there.
_NOT_THERE: Final[tuple[str, ...]] = (
    "out of stock", "outofstock", "sold out", "soldout", "unavailable", "not available", "no", "false", "none",
    "preorder", "pre order", "presale", "backorder", "back order", "discontinued", "in store only", "instoreonly",
    "nein", "non", "ausverkauft", "nicht auf lager", "nicht verfügbar", "nicht lieferbar", "vergriffen",
    "en rupture de stock", "rupture de stock", "épuisé", "indisponible", "agotado", "sin existencias", "no disponible",
    "esaurito", "non disponibile", "uitverkocht", "품절", "재고 없음", "없음", "在庫なし", "売り切れ",
)  # fmt: skip
_WORDS: Final[dict[str, str]] = {word: "1" for word in _THERE} | {word: "0" for word in _NOT_THERE}  # noqa: C420 (types)
_SCHEMA: Final = re.compile(r"^https?://schema\.org/", re.IGNORECASE)
_BETWEEN_WORDS: Final = re.compile(r"[\s_-]+")
_AT_LEAST: Final = re.compile(r"(?:>=?\s*)?([0-9]+)\s*\+?")


def as_pieces(texts: Cells) -> Cells:
    """Texts of stock, words as 1 or 0 and "10+" as 10; others stay as they are."""
    return texts.map({text: _pieces(text) for text in texts.dropna().unique()}, na_action="ignore")


def _pieces(text: str) -> str:
    words = _BETWEEN_WORDS.sub(" ", _SCHEMA.sub("", text).strip().casefold())
    least = _AT_LEAST.fullmatch(text.strip())
    return _WORDS.get(words) or (least[1] if least else text)
