"""The words around what somebody avoids: "no parabens please", "allergique aux noix", "parfümfrei", "keine".

In the languages that shops' customers write; what names an ingredient itself stands in the knowledge files.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from recommender.knowledge import inci

_NEGATIONS: Final = (
    "no|non|not|nor|without|zero|avoid|avoiding|free of|free from|any|all|every|"
    "ohne|kein|keine|keinen|keiner|keines|nicht|frei von|vermeiden|vermeide|alle|jede|"
    "sans|pas de|pas d'|ni|aucun|aucune|éviter|tous les|toutes les|"
    "sin|libre de|evitar|evito|ningún|ninguna|ninguno|todos los|todas las|"
    "senza|privo di|evitare|nessun|nessuna|nessuno|tutti i|tutte le|"
    "sem|livre de|nenhum|nenhuma|zonder|geen|vrij van|bez"
)
_AILMENTS: Final = (
    "allergic|allergy|allergies|intolerant|intolerance|intolerances|sensitive|sensitivity|"
    "allergisch|Allergie|Allergien|unverträglich|Unverträglichkeit|Unverträglichkeiten|Intoleranz|Intoleranzen|"
    "allergique|intolérant|intolérante|sensible|"
    "alérgico|alérgica|alergia|alergias|intolerante|intolerancia|intolerancias|"
    "allergico|allergica|allergia|intollerante|intolleranza|intolleranze"
)
_ARTICLES: Final = (
    "the|a|to|of|from|der|die|das|den|dem|ein|eine|einen|gegen|auf|von|"
    "le|la|les|l'|du|des|de|d'|au|aux|à l'|el|los|las|al|del|un|una|"
    "il|lo|gli|i|dei|delle|della|dello|degli|dell'|ai|agli|alla|alle|allo|all'|het|een|voor"
)
# Words that also name an ingredient stand only beside their others: "soy" is Spanish for "I am", MIT a preservative.
_ASIDES: Final = (
    "anything|everything|known|special|other|strictly|strong|really|very|please|product|products|containing|contain|contains|"
    "with|against|i|i'm|am|have|my|skin|bitte|ich|bin|habe|meine|bekannt|Produkte|Produkte mit|gegenüber|"
    "je|suis|mon|ma|connue|produits|avec|merci|soy alérgico|soy alérgica|soy intolerante|"
    "tengo|productos|con|sono|ho|prodotti"
)
_BEHIND: Final = "free|frei|freie|vrij|libre|please|bitte|merci|por favor|s'il vous plaît"
_JOINED_BEHIND: Final = (
    "frei|freie|vrij|allergie|allergien|intoleranz|unverträglichkeit|"
    "무첨가|프리|없는|없이|제외|불포함|알레르기|알러지|フリー|不使用|無添加|なし|アレルギー|过敏"
)
_NOTHING: Final = (
    "none|nothing|no|nil|na|n/a|nan|nope|null|keine|kein|nein|nichts|aucun|aucune|rien|ninguno|ninguna|nada|"
    "nessuno|nessuna|niente|nenhum|nenhuma|geen|niets|brak|"
    "없음|없어요|없습니다|해당없음|해당 없음|なし|特になし|无|無|没有"
)
_AND: Final = re.compile(
    r"\s*(?:,(?!\d)|[;&\r\n\t|、\uff0c\uff1b・•●]|\b(?:and|or|plus|und|oder|sowie|et|ou)\b)\s*", re.IGNORECASE
)
_PERHAPS_AND: Final = re.compile(
    r"\s+(?:[yeiou]|ed|en|ni|nor|및|그리고)\s+|(?<=\w)(?:이랑|하고|와|과|랑)\s+|[和及とや与]", re.IGNORECASE
)


def _either(words: str) -> str:
    """A pattern for any of ``words``, written as a normalised text has them, the longest first."""
    marked = (inci.normalise(word) + "'" * word.endswith("'") for word in words.split("|"))
    return "|".join(sorted(map(re.escape, marked), key=len, reverse=True))


_ONE_BEFORE: Final = (
    rf"^(?:(?:{_either(_NEGATIONS)})(?:[ -]+|(?<='))"
    rf"|(?:{_either(f'{_AILMENTS}|{_ARTICLES}|{_ASIDES}')})(?:\s+|(?<='))"
    r"|un-?(?=scented|fragranced|perfumed|parfum)"
    r"|무(?=향|알코올|알콜|파라벤|실리콘|색소|설페이트|방부제)|無(?=香料|着色|鉱物油))"
)
_WORD_BEFORE: Final = re.compile(_ONE_BEFORE)
_BEFORE_NAME: Final = re.compile(f"{_ONE_BEFORE}+")
_BEHIND_NAME: Final = re.compile(
    rf"(?:[ -]+(?:{_either(f'{_BEHIND}|{_AILMENTS}')}))+$"
    rf"|(?<=\w)[ -]*(?:{_either(_JOINED_BEHIND)})$"
)
_NAMING_NOTHING: Final = frozenset(map(inci.normalise, _NOTHING.split("|")))
FILLERS: Final = frozenset(
    stem
    for words in (_NEGATIONS, _AILMENTS, _ARTICLES, _ASIDES, _BEHIND, "and|or|plus|und|oder|et|ou|y|e")
    for word in words.split("|")
    if not word.startswith("soy ") and not word.endswith(" mit")
    for stem in inci.stems(word)
)
"""Words, without plural s, that name nothing avoided."""
_NO: Final = frozenset(map(inci.stem, _NAMING_NOTHING))
_WITHOUT_NAME: Final = FILLERS | _NO


def without_around(text: str) -> str:
    """The text, normalised, without words around the name: "no parabens" and "paraben-free" name parabens.

    A text of nothing but such words stays.
    """
    text = inci.normalise(text)
    rest = _BEHIND_NAME.sub("", _BEFORE_NAME.sub("", text)).strip()
    return text if not inci.words(rest) else rest if rest == text else without_around(rest)


def names_within(text: str) -> Iterator[str]:
    """The text, normalised, with ever fewer words around the name: "no non-vegan-free" names what is non-vegan."""
    rest, before = inci.normalise(text), None
    while rest != before:
        yield rest
        yield _BEHIND_NAME.sub("", rest).strip()
        rest, before = _WORD_BEFORE.sub("", rest).strip(), rest


def listed(text: str) -> list[str]:
    """The parts of a text in which several things are named: "limonene, linalool und Parfum, bitte" has three."""
    parts = [part for part in _AND.split(text) if not FILLERS.issuperset(inci.stems(part))]
    return parts or [text]


def perhaps_listed(text: str) -> list[str]:
    """Parts at words that may also belong to one name: "alcohol y parabenos", but "vitamin e acetate"."""
    return [part for part in _PERHAPS_AND.split(text) if part]


@lru_cache(maxsize=8_192)
def names_nothing(text: str) -> bool:
    """Whether somebody says with it to avoid nothing: "none", "keine Allergien", "n/a", a dash, blanks."""
    normalised = inci.normalise(text)
    said = inci.stems(normalised)
    if not said:
        # A symbol, such as an emoji, says something.
        return not any(unicodedata.category(sign) == "So" for sign in text)
    return normalised in _NAMING_NOTHING or (not _NO.isdisjoint(said) and _WITHOUT_NAME.issuperset(said))
