"""Reads printed ingredients: which known ingredients they name, and to which families these belong."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Final

from recommender.knowledge import inci
from recommender.knowledge.families import FamilyIndex
from recommender.knowledge.inci import PhraseMatcher
from recommender.knowledge.korean import HANGUL, KoreanTranslator, Translation, squeezed
from recommender.knowledge.national_names import Language, NationalNames
from recommender.knowledge.nearest_names import NearestNames
from recommender.knowledge.schema import Ingredient

_NO_TABLE: Final = re.compile(
    "[\u0530-\u1cff\u2c00-\ua71f\ua800-\uab2f\uabc0-\uabff\ud7b0-\ufaff\ufb13-\uffdc"
    "\U00010000-\U0001d3ff\U0001d800-\U0003ffff]"
)
"""Letters of scripts that no table reads: all but Latin, Greek, Cyrillic and Hangul."""
_FOREIGN: Final = re.compile(f"{_NO_TABLE.pattern}|[\u0400-\u052f\uac00-\ud7af]|[\u0370-\u03ff\u1f00-\u1fff]{{2}}")
"""What is understood only where a table reads it; a single Greek letter is chemistry."""
_PARTED: Final = re.compile(r"[(/]")
"""What shows that a text names more than one thing, or one in several ways."""

_ALIKE: Final = str.maketrans("l1", "ii")
_LEAST_SPELLED: Final = 8
"""Letters from which on a name may be misspelt: of short ones too many are alike."""
_LIKENESS: Final = 0.92
"""How like a member of a family a misprint is: two letters of twenty, as "linaloool" and "dimethcone"."""


@dataclass(frozen=True, slots=True)
class PrintedIngredient:
    """What one printed ingredient is.

    Attributes:
        ingredients: Names of the known ingredients it names, sorted.
        terms: Those ingredients and every family they belong to.
        words: Every word of the text, of its translation and of the known ingredients' names, without plural s.
        understood: Whether all of it can be read here. A name in Latin letters is, even where it is not known, as
            families find their words in it; unless it is of a national language and has a word that no table has.
    """

    ingredients: tuple[str, ...]
    terms: frozenset[str]
    words: frozenset[str]
    understood: bool = True


class LabelReader:
    """Reads printed ingredients; every text is taken normalised (``inci.normalise``)."""

    def __init__(
        self,
        ingredients: Mapping[str, Ingredient],
        families: FamilyIndex,
        korean: Mapping[str, str] | None = None,
        languages: Iterable[Language] = (),
    ) -> None:
        """Index all names; a member of a family is known even without an entry of its own."""
        self._ingredients = ingredients
        self._families = families
        self.names = _names(ingredients, families.members)
        exact = {name for name, entry in ingredients.items() if entry.exact}
        self._within = PhraseMatcher((inci.words(text), name) for text, name in self.names.items() if name not in exact)
        self._members = NearestNames(member for member in families.members if len(member) >= _LEAST_SPELLED)
        self._korean = KoreanTranslator(
            {text: name for text, name in self.names.items() if HANGUL.search(text)} | {**(korean or {})}
        )
        self._squeezed = {squeezed(text): name for text, name in self.names.items()}
        self._national = NationalNames(
            languages, (*self.names, *families.vocabulary), (*ingredients, *families.vocabulary)
        )

    @lru_cache(maxsize=65_536)  # noqa: B019 (lives as long as the process)
    def read(self, text: str) -> PrintedIngredient:
        """See ``Knowledge.label``."""
        translation = self.translation(text)
        texts = _texts(text, translation)
        ingredients = sorted({name for part in texts for name in self.ingredients_in(part)})
        by_name = (self._families.with_name(reading) for part in texts for reading in inci.readings(part))
        alone = (
            () if _PARTED.search(text) else map(self._families.alone, (text, translation.text if translation else text))
        )
        of_parts = map(self._families.with_name, translation.parts if translation else ())
        families = set[str]().union(
            *(self._families.families_of(part, ingredients) for part in texts), *by_name, *of_parts, *alone
        )
        if not (families or ingredients):
            families = self._misspelt(text)
        vocabulary = {word for name in ingredients for word in self._vocabulary(name)}
        return PrintedIngredient(
            ingredients=tuple(ingredients),
            terms=frozenset({*ingredients, *self._families.with_wider(families)}),
            words=frozenset(inci.stem(word) for word in {*chain(*map(inci.words, (text, *texts))), *vocabulary}),
            understood=text in self.names or _is_understood(text, translation),
        )

    def _misspelt(self, text: str) -> set[str]:
        """Families of the member that a text nearly spells: "Alpha-Isomethyl lonone" was read wrongly from a print."""
        nearest = self._members.nearest(text, _LIKENESS) if len(text) >= _LEAST_SPELLED else ()
        alike = (member for member in nearest if _unmistaken(member) == _unmistaken(text))
        return set[str]().union(*(self._families.families_of(member, ()) for member in alike))

    def translation(self, text: str) -> Translation | None:
        """A text of a national language in our words, a known name as it is written; None where nothing is of one.

        A known whole name needs no translation; a Korean one only its ingredient's name.
        """
        if text in self.names:
            return Translation(self.names[text], whole=True) if HANGUL.search(text) else None
        if not HANGUL.search(text):
            return self._national.translate(text)
        found = self._korean.translate(text)
        known = self._squeezed.get(squeezed(found.text)) if found else None
        return Translation(known, found.whole) if found and known else found

    def name(self, text: str) -> str:
        """See ``Knowledge.name``."""
        label = self.read(text)
        named = label.ingredients
        return named[0] if len(named) == 1 and label.understood and self._says_all(named[0], text) else text

    def ingredients_in(self, text: str) -> Iterator[str]:
        """Known ingredients that a text names: whole, by a reading, or within it."""
        if text in self.names:
            yield self.names[text]
            return
        for reading in inci.readings(text):
            if reading in self.names:
                yield self.names[reading]
            else:
                yield from self._within.longest(inci.words(reading))

    def _says_all(self, name: str, text: str) -> bool:
        """Whether an ingredient's name alone has every word and term of a label text."""
        translation = self.translation(text)
        words = inci.words(translation.text if translation else text)
        return self._vocabulary(name).issuperset(words) and self.read(name).terms >= self.read(text).terms

    @lru_cache(maxsize=8_192)  # noqa: B019 (as above)
    def _vocabulary(self, name: str) -> frozenset[str]:
        """The words of all names of an ingredient."""
        synonyms = self._ingredients[name].synonyms if name in self._ingredients else ()
        return frozenset(word for text in (name, *synonyms) for word in inci.words(text))


def _unmistaken(name: str) -> tuple[str, ...]:
    """What no misprint changes: the first letter, where I, l and 1 look alike, and all numbers after it."""
    return (name[0].translate(_ALIKE), *re.findall(r"\d+", name[1:]))


def _is_understood(text: str, translation: Translation | None) -> bool:
    """Whether tables read all of a text that needs one."""
    return translation.whole and not _NO_TABLE.search(text) if translation else not _FOREIGN.search(text)


def _texts(text: str, translation: Translation | None) -> tuple[str, ...]:
    """What a label text is read by: itself and its translations, or these alone.

    "Alcohol cetílico" is cetyl alcohol and no alcohol.
    """
    if translation is None:
        return (text,)
    translated = (translation.text, *translation.others)
    return translated if translation.alone else (text, *translated)


def _names(ingredients: Mapping[str, Ingredient], members: Iterable[str]) -> dict[str, str]:
    """Ingredient by each of its names, normalised; its own name goes before another's synonym."""
    of_members = {member: member for member in members}
    synonyms = {inci.normalise(synonym): name for name, entry in ingredients.items() for synonym in entry.synonyms}
    return of_members | synonyms | {inci.normalise(name): name for name in ingredients}
