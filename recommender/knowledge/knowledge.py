"""What a printed ingredient is, what a customer's words for an ingredient mean, and when the two meet."""

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Self, TypeVar

from recommender.errors import ConfigError
from recommender.knowledge import inci, schema
from recommender.knowledge.families import Families
from recommender.knowledge.phrases import Phrases
from recommender.knowledge.schema import Concern, Family, Ingredient

E = TypeVar("E", Ingredient, Family)

_WISH_WORDS = re.compile(
    r"^(?:no|non|not|without|free (?:of|from)|avoid|allergic to|any)\b[ -]*|[ -]*\b(?:free|allergy|intolerance)$"
)
_AND = re.compile(r"\s*(?:,(?!\d)|[;&]|\b(?:and|or|plus)\b)\s*", re.IGNORECASE)
_TYPING_ERROR = 0.88  # likeness (difflib ratio) from which an unknown word is taken for a misspelt known one


@dataclass(frozen=True, slots=True)
class Label:
    """What one printed ingredient is.

    Attributes:
        ingredients: Names of the known ingredients it names, sorted.
        terms: Those ingredients and every family they belong to.
        words: Every word of the text and of the known ingredients' names, without plural s.
    """

    ingredients: tuple[str, ...]
    terms: frozenset[str]
    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class Wish:
    """What a customer's words for something to avoid mean.

    Attributes:
        terms: Ingredients and families meant.
        phrases: What is not known, as sets of words: a label with all the words of one is meant.
    """

    terms: frozenset[str]
    phrases: tuple[frozenset[str], ...] = ()

    def meets(self, label: Label) -> bool:
        """Whether the customer means this printed ingredient."""
        if not self.terms.isdisjoint(label.terms):
            return True
        return bool(self.phrases) and any(phrase <= label.words for phrase in self.phrases)

    @classmethod
    def together(cls, wishes: Iterable[Self]) -> Self:
        """One wish that means all that ``wishes`` mean."""
        found = tuple(wishes)
        terms = frozenset[str]().union(*(wish.terms for wish in found))
        return cls(terms, tuple(phrase for wish in found for phrase in wish.phrases))


@dataclass(frozen=True, eq=False)
class Knowledge:
    """Ingredients, families and concerns, as the files in this folder tell them.

    Ingredients and families share one space of names, the *terms*.
    """

    ingredients: Mapping[str, Ingredient]
    families: Mapping[str, Family]
    concerns: Mapping[str, Concern]

    @classmethod
    @cache
    def load(cls, folder: Path = schema.FOLDER) -> Self:
        """The knowledge in a folder's three files, read once.

        Raises:
            ConfigError: A file is missing or wrong, or names a family or concern that there is not.
        """
        loaded = cls(
            ingredients=schema.read(schema.IngredientsFile, folder / "ingredients.yaml").ingredients,
            families=schema.read(schema.FamiliesFile, folder / "families.yaml").families,
            concerns=schema.read(schema.ConcernsFile, folder / "concerns.yaml").concerns,
        )
        loaded._check_references()
        return loaded

    def label(self, text: str) -> Label:
        """What a printed ingredient is, by whichever name it is printed.

        A whole name counts first, then names within it, the longest first: so "cetearyl alcohol" is not
        alcohol, and "niacinamide complex" is still niacinamide.
        """
        return self._label(inci.normalise(text))

    def name(self, text: str) -> str:
        """The one name under which a printed ingredient is kept: its INCI name where nothing is lost by it.

        A text that says more than the name ("Glycerin (from coconut)") or is not known is kept, normalised.
        """
        text = inci.normalise(text)
        named = set(self._named(text))
        found = named.pop() if len(named) == 1 else text
        return found if self._says_all(found, text) else text

    @lru_cache(maxsize=8_192)  # noqa: B019 (there is one Knowledge, kept for the life of the process)
    def resolve(self, text: str) -> Wish:
        """What a customer means by words such as "fragrance", "paraben-free" or "Limonene and linalool".

        What is not known means every label that has those words, so no wish is ever without effect
        only because it is not in the files.
        """
        wanted = _wanted(text)
        terms = self._terms_named(inci.normalise(text)) | self._terms_named(wanted)
        if terms:
            return Wish(terms)
        parts = [part for part in _AND.split(text) if part]
        return Wish.together(map(self.resolve, parts)) if len(parts) > 1 else self._unknown(wanted)

    def concern(self, text: str) -> str | None:
        """The key of the concern that ``text`` is a word for, or None."""
        return self._concern_names.get(_plain(text))

    def concerns_in(self, text: str) -> frozenset[str]:
        """Concerns that a text such as a product's name or claim names."""
        return frozenset(self._concern_phrases.longest(_plain(text).split()))

    def concerns_of(self, text: str) -> tuple[str, ...]:
        """Concerns that a printed ingredient serves, sorted."""
        terms = self.label(text).terms
        entries = [*_entries(self.ingredients, terms), *_entries(self.families, terms)]
        return tuple(sorted({concern for entry in entries for concern in entry.concerns}))

    @cached_property
    def _families(self) -> Families:
        return Families(self.families)

    @cached_property
    def _names(self) -> dict[str, str]:
        """Ingredient by each of its names; a family's member is known even without an entry of its own."""
        members = {member: member for member in self._families.members}
        synonyms = {
            inci.normalise(synonym): name for name, entry in self.ingredients.items() for synonym in entry.synonyms
        }
        own = {inci.normalise(name): name for name in self.ingredients}
        return members | synonyms | own

    @cached_property
    def _names_within(self) -> Phrases:
        """Names that mean their ingredient inside a longer text, too."""
        exact = {name for name, entry in self.ingredients.items() if entry.exact}
        return Phrases((inci.words(text), name) for text, name in self._names.items() if name not in exact)

    @cached_property
    def _family_names(self) -> dict[str, set[str]]:
        """Families by each of their names; one word may name several ("BHA")."""
        found: dict[str, set[str]] = {}
        for key, family in self.families.items():
            for name in (key, *family.synonyms):
                found.setdefault(_plain(name), set()).add(key)
        return found

    @cached_property
    def _family_phrases(self) -> Phrases:
        return Phrases((tuple(name.split()), key) for name, keys in self._family_names.items() for key in keys)

    @cached_property
    def _concern_names(self) -> dict[str, str]:
        named = ((name, key) for key, concern in self.concerns.items() for name in (key, *concern.synonyms))
        return {_plain(name): key for name, key in named}

    @cached_property
    def _concern_phrases(self) -> Phrases:
        return Phrases((tuple(name.split()), key) for name, key in self._concern_names.items())

    @lru_cache(maxsize=65_536)  # noqa: B019 (as above)
    def _label(self, text: str) -> Label:
        ingredients = sorted(set(self._named(text)))
        by_name = (self._family_names.get(" ".join(inci.stems(reading)), ()) for reading in inci.readings(text))
        families = self._families.of(text, ingredients).union(*by_name)
        vocabulary = {word for name in ingredients for word in self._vocabulary(name)}
        return Label(
            ingredients=tuple(ingredients),
            terms=frozenset({*ingredients, *self._families.with_wider(families)}),
            words=frozenset(inci.stem(word) for word in {*inci.words(text), *vocabulary}),
        )

    def _named(self, text: str) -> Iterator[str]:
        """Known ingredients that a normalised text names: whole, by a reading, or within it."""
        if text in self._names:
            yield self._names[text]
            return
        for reading in inci.readings(text):
            if reading in self._names:
                yield self._names[reading]
            else:
                yield from self._names_within.longest(inci.words(reading))

    def _says_all(self, name: str, text: str) -> bool:
        """Whether an ingredient's name alone tells every word and term that a label text tells."""
        return (
            self._vocabulary(name).issuperset(inci.words(text)) and self._label(name).terms >= self._label(text).terms
        )

    @lru_cache(maxsize=8_192)  # noqa: B019 (as above)
    def _vocabulary(self, name: str) -> frozenset[str]:
        """The words of all names of an ingredient."""
        synonyms = self.ingredients[name].synonyms if name in self.ingredients else ()
        return frozenset(word for text in (name, *synonyms) for word in inci.words(text))

    def _terms_named(self, name: str) -> frozenset[str]:
        """Terms that a normalised text is a name of."""
        known = self._names.get(name) or self._names.get(inci.stem(name))
        return frozenset({*self._family_names.get(_plain(name), ()), *(() if known is None else (known,))})

    def _unknown(self, text: str) -> Wish:
        """A wish that is no known name: known names in it, its readings' words, and what it may misspell."""
        within = {*self._named(text), *self._family_phrases.longest(inci.stems(text))}
        near = difflib.get_close_matches(_plain(text), (*self._family_names, *self._names), n=1, cutoff=_TYPING_ERROR)
        terms = within.union(*map(self._terms_named, (*near, *inci.readings(text))))
        phrases = (frozenset(inci.stems(name)) for name in inci.readings(text) if not self._terms_named(name))
        return Wish(frozenset(terms), tuple(dict.fromkeys(phrase for phrase in phrases if phrase)))

    def _check_references(self) -> None:
        names = self._names
        for key, family in self.families.items():
            _refuse_unknown(family.families, self.families, file="families.yaml", field=f"{key}.families")
            _refuse_unknown(family.concerns, self.concerns, file="families.yaml", field=f"{key}.concerns")
            for member in family.members:
                _refuse_synonym(member, names[inci.normalise(member)], field=f"{key}.members")
        for key, entry in self.ingredients.items():
            _refuse_unknown(entry.concerns, self.concerns, file="ingredients.yaml", field=f"{key}.concerns")


def _entries(named: Mapping[str, E], terms: Iterable[str]) -> list[E]:
    return [named[term] for term in terms if term in named]


def _refuse_unknown(named: Iterable[str], known: Mapping[str, object], *, file: str, field: str) -> None:
    for name in named:
        if name not in known:
            raise ConfigError(
                "There is no entry of this name.", where=file, field=field, value=name, expected=", ".join(known)
            )


def _refuse_synonym(name: str, ingredient: str, *, field: str) -> None:
    if inci.normalise(name) != inci.normalise(ingredient):
        raise ConfigError(
            "A synonym where the INCI name is wanted.",
            where="families.yaml",
            field=field,
            value=name,
            expected=ingredient,
        )


def _wanted(text: str) -> str:
    """A wish without the words around what it is about: "no parabens" and "paraben-free" are "parabens", "paraben"."""
    text = inci.normalise(text)
    return _WISH_WORDS.sub("", text).strip() or text


def _plain(text: str) -> str:
    """A name of a family or concern so that "Drying-alcohols" and "drying alcohol" are equal."""
    return " ".join(inci.stems(text.replace("-", " ")))
