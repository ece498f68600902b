"""How well the name of a foreign column or table says what it holds, in any of the languages of ``terms.yaml``."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from pydantic import Field

from infrastructure.settings import Settings, checked, read_yaml

_FILE: Final = Path(__file__).with_name("terms.yaml")
_CAMEL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_BETWEEN: Final = re.compile(r"[\W_]+")
_UNDIVIDED: Final = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
"""Scripts in which words of a name are not parted by blanks."""
_LETTERS: Final = str.maketrans(
    {"ß": "ss", "đ": "d", "Đ": "D", "ø": "o", "Ø": "O", "æ": "ae", "ł": "l", "Ł": "L", "\u0131": "i"}
)
_UMLAUTS: Final = re.compile("([aou])e")
_SHORT: Final[Mapping[str, str]] = {
    "cd": "code", "cust": "customer", "prod": "product", "desc": "description", "descr": "description",
    "qty": "quantity", "amt": "amount", "dt": "date", "trx": "transaction", "txn": "transaction", "ord": "order",
    "nr": "number", "num": "number", "no": "number", "grp": "group", "mfr": "manufacturer", "inv": "invoice",
    "usr": "user", "itm": "item", "cat": "category", "catg": "category", "ctgry": "category", "nm": "name",
    "ts": "timestamp", "prc": "price", "identifier": "id", "ident": "id", "sls": "sales", "acct": "account",
}  # fmt: skip
"""How words are shortened in column names."""
_SHORTENED: Final = 0.72
_NUMBERED: Final = re.compile(r"\s*\d+$")

#: Words that say nothing of which column it is: what a table is about, what a value is in.
_EMPTY: Final = frozenset(
    [
        "the",
        "of",
        "a",
        "an",
        "der",
        "die",
        "das",
        "de",
        "la",
        "le",
        "el",
        "il",
        "do",
        "da",
        "di",
        "du",
        "des",
        "del",
        "product",
        "item",
        "produkt",
        "artikel",
        "produit",
        "producto",
        "prodotto",
        "produto",
        "order",
        "customer",
        "kunde",
        "client",
        "cliente",
        "usd",
        "eur",
        "gbp",
        "lineitem",
        "line",
        "variant",
        "goods",
        "tbl",
        "col",
        "fld",
        "new",
        "in",
        "at",
        "by",
        "field",
        "on",
        "sold",
        "article",
    ]
)


class TermsFile(Settings):
    """terms.yaml."""

    sources: tuple[str, ...] = Field(description="where the words are from")
    ours: dict[str, dict[str, tuple[str, ...]]] = Field(description="our column: language: names")
    others: dict[str, tuple[str, ...]] = Field(description="what is none of ours: names")
    tables: dict[str, tuple[str, ...]] = Field(description="our table: names")


@dataclass(frozen=True, slots=True)
class Name:
    """A name in the form in which names are compared: in words, none shortened, and as it is written without blanks."""

    words: tuple[str, ...]
    written: str = ""

    @property
    def squeezed(self) -> str:
        """Without blanks."""
        return "".join(self.words)


@cache
def _terms() -> TermsFile:
    return checked(TermsFile, read_yaml(_FILE), where=str(_FILE))


@cache
def column_terms() -> Mapping[str, tuple[Name, ...]]:
    """Names of each column of ours and of each thing that is none of ours, in the form in which they are compared."""
    file = _terms()
    ours = {
        column: [column, *(term for terms in languages.values() for term in terms)]
        for column, languages in file.ours.items()
    }
    return {key: tuple(dict.fromkeys(map(compared, terms))) for key, terms in (ours | dict(file.others)).items()}


def foreign_kinds() -> tuple[str, ...]:
    """What a column may hold that is none of ours."""
    return tuple(_terms().others)


@cache
def _table_terms() -> Mapping[str, frozenset[str]]:
    return {table: frozenset(compared(term).squeezed for term in terms) for table, terms in _terms().tables.items()}


@lru_cache(maxsize=65_536)
def compared(name: str) -> Name:
    """A name without case, accents and signs, in words."""
    spaced = _CAMEL.sub(" ", name.translate(_LETTERS)) if not name.isupper() else name.translate(_LETTERS)
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", spaced) if not unicodedata.combining(sign))
    composed = unicodedata.normalize("NFC", plain).lower()
    words = [word for word in _BETWEEN.split(composed) if word]
    return Name(tuple(_SHORT.get(word, word) for word in words), "".join(words))


def likeness(name: Name, key: str) -> float:
    """How well a name says that a column is ``key`` (ours or another), from 0 to 1."""
    return max((_alike(name, term) for term in column_terms()[key]), default=0.0)


@lru_cache(maxsize=262_144)
def _alike(name: Name, term: Name) -> float:
    if name.words == term.words:
        return 1.0
    mine, its = name.squeezed, term.squeezed
    if mine == its or name.written == term.written or _UMLAUTS.sub(r"\1", mine) == _UMLAUTS.sub(r"\1", its):
        return 0.98
    if _UNDIVIDED.search(its):
        return 0.55 + 0.4 * len(its) / len(mine) if its in mine and len(its) > 1 else 0.0
    short = _SHORTENED if abbreviates(name, term) else 0.0
    return max(_by_words(name, term), _within(mine, its), short)


def _by_words(name: Name, term: Name) -> float:
    """A term all of whose words are in the name; the further words, but those that say nothing, make it less sure."""
    if not set(term.words) <= set(name.words):
        return 0.0
    further = [word for word in name.words if word not in term.words]
    telling = sum(word not in _EMPTY and not word.isdigit() for word in further)
    order = 0.03 if name.words[-len(term.words) :] == term.words else 0.0
    return max(0.3, 0.88 + order - 0.06 * (len(further) - telling) - (0.22 if len(term.words) < 2 else 0.15) * telling)


def _within(mine: str, its: str) -> float:
    """A long word within a compound: "Artikelnummer" in "Hauptartikelnummer"; its end says what it is."""
    if len(its) < 5 or its not in mine:
        return 0.0
    return (0.35 if mine.endswith(its) else 0.2) + 0.4 * len(its) / len(mine)


def abbreviates(name: Name, term: Name) -> bool:
    """Whether a name shortens a term: words by how they begin (cod_cli), several by their initials (ma_kh)."""
    return len(name.words) > 1 and name.words != term.words and _shortens(name.words, term.words)


def _shortens(mine: tuple[str, ...], its: tuple[str, ...]) -> bool:
    if not mine or not its:
        return not mine and not its
    word, length = mine[0], len(mine[0])
    begins = word == its[0] or (length > 1 and its[0].startswith(word))
    if begins and _shortens(mine[1:], its[1:]):
        return True
    initials = length > 1 and word == "".join(one[0] for one in its[:length])
    return initials and _shortens(mine[1:], its[length:])


def table_likeness(words: str, table: str) -> float:
    """How well a table's name says that it is one of ours, from 0 to 1."""
    name, terms = compared(words), _table_terms()[table]
    text = _NUMBERED.sub("", name.squeezed)
    if text in terms:
        return 1.0
    pairs = {a + b for a, b in zip(name.words, name.words[1:], strict=False)}
    if (pairs | set(name.words)) & terms:
        return 0.8
    return (
        0.6
        if any((len(term) > 4 and term in text) or (_UNDIVIDED.search(term) and term in text) for term in terms)
        else 0.0
    )
