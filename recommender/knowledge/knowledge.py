"""All that is known of ingredients, families and concerns: the one entrance to this package."""

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Self

from recommender.contract.query import UnrecognisedWords
from recommender.knowledge import inci, schema
from recommender.knowledge.customer_words.avoided_terms import AvoidedTerm, AvoidedTerms, UnknownName
from recommender.knowledge.customer_words.phrasing import names_nothing
from recommender.knowledge.customer_words.searches import SearchReader
from recommender.knowledge.families import FamilyIndex
from recommender.knowledge.inci import PhraseMatcher
from recommender.knowledge.labels import LabelReader, PrintedIngredient
from recommender.knowledge.languages import read_languages
from recommender.knowledge.national_names import Language
from recommender.knowledge.schema import Concern, Ingredient, IngredientFamily
from recommender.knowledge.validation import check_references, merged_parts

__all__ = ["AvoidedTerm", "Knowledge", "PrintedIngredient", "names_nothing"]


class Knowledge:
    """Ingredients, families and concerns, as the files in this folder describe them.

    Ingredients and families share one space of names, the *terms*.

    Attributes:
        ingredients: By INCI name, in lower case.
        families: By name.
        concerns: By name.
    """

    def __init__(
        self,
        ingredients: Mapping[str, Ingredient],
        families: Mapping[str, IngredientFamily],
        concerns: Mapping[str, Concern],
        korean: Mapping[str, str] | None = None,
        languages: Iterable[Language] = (),
    ) -> None:
        """Check what the files say; ``korean`` has parts of Korean names with their meanings.

        Raises:
            ConfigError: They do not fit together, or a pattern is not a regular expression.
        """
        check_references(ingredients, families, concerns)
        self.ingredients, self.families, self.concerns = ingredients, families, concerns
        prepared = FamilyIndex(families)
        self._labels = LabelReader(ingredients, prepared, korean or {}, languages)
        exact = [name for name, entry in ingredients.items() if entry.exact]
        self._avoided_terms = AvoidedTerms(self._labels, prepared, exact)
        self._searches = SearchReader(self._avoided_terms.terms_named)
        self._concern_names = {
            inci.lookup_key(name): key for key, concern in concerns.items() for name in (key, *concern.synonyms)
        }
        self._concern_phrases = PhraseMatcher((tuple(name.split()), key) for name, key in self._concern_names.items())

    @classmethod
    @cache
    def load(cls, folder: Path = schema.FOLDER) -> Self:
        """The knowledge in a folder's files, read once.

        Raises:
            ConfigError: A file is missing or wrong, or refers to something that does not exist.
        """
        return cls(
            ingredients=schema.read_knowledge_file(schema.IngredientsFile, folder / "ingredients.yaml").ingredients,
            families=schema.read_knowledge_file(schema.FamiliesFile, folder / "families.yaml").families,
            concerns=schema.read_knowledge_file(schema.ConcernsFile, folder / "concerns.yaml").concerns,
            korean=merged_parts(schema.read_knowledge_file(schema.KoreanFile, folder / "korean.yaml").parts),
            languages=read_languages(folder / "languages"),
        )

    def label(self, text: str) -> PrintedIngredient:
        """What a printed ingredient is, by whichever name it is printed.

        A whole name counts first, then names within it, the longest first: so "cetearyl alcohol" is not
        alcohol, and "niacinamide complex" is still niacinamide. A Korean name counts by its translation too.
        """
        return self._labels.read(inci.normalise(text))

    def is_name(self, text: str) -> bool:
        """Whether a text is, by one of its readings, a whole name of a known ingredient or of a family's member."""
        return any(reading in self._labels.names for reading in inci.readings(text))

    def name(self, text: str) -> str:
        """One name for a printed ingredient: its INCI name where no information is lost by it.

        A text that says more than the name ("Glycerin (from coconut)") or is not known stays as it is, normalised.
        """
        return self._labels.name(inci.normalise(text))

    def resolve(self, text: str) -> AvoidedTerm:
        """What a customer means by words such as "fragrance", "paraben-free" or "Limonene and linalool".

        An unknown name means every label with its words: it has an effect though it is not in the files, and is told
        as unknown. A misspelt one also means what it nearly spells. "None" and the like mean nothing.
        """
        return self._avoided_terms.resolve(text)

    def told(self, name: UnknownName) -> UnrecognisedWords:
        """An unknown name as it is told, with at most three known ones that may be meant."""
        return UnrecognisedWords(name.text, self._avoided_terms.suggestions(name), bool(name.taken_as))

    def excluded_terms(self, search: str) -> frozenset[str]:
        """Families and ingredients that a search excludes, as in "sulfate free shampoo" or "no parabens"."""
        return self._searches.excluded_terms(search)

    def concern(self, text: str) -> str | None:
        """The key of the concern that ``text`` is a word for, or None."""
        return self._concern_names.get(inci.lookup_key(text))

    def concerns_called(self, texts: Iterable[str]) -> tuple[str, ...]:
        """Keys of the concerns that ``texts`` are words for, each once; other texts are ignored."""
        return tuple(dict.fromkeys(key for text in texts if (key := self.concern(text)) is not None))

    def concerns_in(self, text: str) -> frozenset[str]:
        """Concerns that a text such as a product's name or claim names."""
        return frozenset(self._concern_phrases.longest(inci.lookup_key(text).split()))

    def concerns_of(self, text: str) -> tuple[str, ...]:
        """Concerns that a printed ingredient serves, itself or by its families, sorted."""
        terms = self.label(text).terms
        entries = (named.get(term) for term in terms for named in (self.ingredients, self.families))
        return tuple(sorted({concern for entry in entries if entry is not None for concern in entry.concerns}))
