"""All that is known of ingredients, families and concerns, and the questions that can be put to it."""

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Self

from recommender.knowledge import inci, schema
from recommender.knowledge.avoided_terms import Wish, Wishes
from recommender.knowledge.families import Families
from recommender.knowledge.labels import Label, Labels
from recommender.knowledge.phrases import Phrases
from recommender.knowledge.schema import Concern, Family, Ingredient
from recommender.knowledge.searches import Searches
from recommender.knowledge.validation import check_references, one_table

__all__ = ["Knowledge", "Label", "Wish"]


class Knowledge:
    """Ingredients, families and concerns, as the files in this folder tell them.

    Ingredients and families share one space of names, the *terms*.

    Attributes:
        ingredients: By INCI name, in lower case.
        families: By name.
        concerns: By name.
    """

    def __init__(
        self,
        ingredients: Mapping[str, Ingredient],
        families: Mapping[str, Family],
        concerns: Mapping[str, Concern],
        korean: Mapping[str, str] | None = None,
    ) -> None:
        """Take what the files say; ``korean`` are parts of Korean names with what they stand for.

        Raises:
            ConfigError: They do not fit together, or a pattern is not a regular expression.
        """
        check_references(ingredients, families, concerns)
        self.ingredients, self.families, self.concerns = ingredients, families, concerns
        prepared = Families(families)
        self._labels = Labels(ingredients, prepared, korean or {})
        self._wishes = Wishes(self._labels, prepared)
        self._searches = Searches(self._wishes.named)
        self._concern_names = {
            inci.plain(name): key for key, concern in concerns.items() for name in (key, *concern.synonyms)
        }
        self._concern_phrases = Phrases((tuple(name.split()), key) for name, key in self._concern_names.items())

    @classmethod
    @cache
    def load(cls, folder: Path = schema.FOLDER) -> Self:
        """The knowledge in a folder's files, read once.

        Raises:
            ConfigError: A file is missing or wrong, or names what there is not.
        """
        return cls(
            ingredients=schema.read(schema.IngredientsFile, folder / "ingredients.yaml").ingredients,
            families=schema.read(schema.FamiliesFile, folder / "families.yaml").families,
            concerns=schema.read(schema.ConcernsFile, folder / "concerns.yaml").concerns,
            korean=one_table(schema.read(schema.KoreanFile, folder / "korean.yaml").parts),
        )

    def label(self, text: str) -> Label:
        """What a printed ingredient is, by whichever name it is printed.

        A whole name counts first, then names within it, the longest first: so "cetearyl alcohol" is not
        alcohol, and "niacinamide complex" is still niacinamide. A Korean name counts by its translation too.
        """
        return self._labels.read(inci.normalise(text))

    def name(self, text: str) -> str:
        """The one name under which a printed ingredient is kept: its INCI name where nothing is lost by it.

        A text that says more than the name ("Glycerin (from coconut)") or is not known is kept, normalised.
        """
        return self._labels.name(inci.normalise(text))

    def resolve(self, text: str) -> Wish:
        """What a customer means by words such as "fragrance", "paraben-free" or "Limonene and linalool".

        What is not known means every label that has those words, so no wish is ever without effect
        only because it is not in the files.
        """
        return self._wishes.resolve(text)

    def left_out(self, search: str) -> frozenset[str]:
        """Families and ingredients that a search wants left out, as in "sulfate free shampoo" or "no parabens"."""
        return self._searches.left_out(search)

    def concern(self, text: str) -> str | None:
        """The key of the concern that ``text`` is a word for, or None."""
        return self._concern_names.get(inci.plain(text))

    def concerns_called(self, texts: Iterable[str]) -> tuple[str, ...]:
        """Keys of the concerns that ``texts`` are words for, each once; what is no such word is left out."""
        return tuple(dict.fromkeys(key for text in texts if (key := self.concern(text)) is not None))

    def concerns_in(self, text: str) -> frozenset[str]:
        """Concerns that a text such as a product's name or claim names."""
        return frozenset(self._concern_phrases.longest(inci.plain(text).split()))

    def concerns_of(self, text: str) -> tuple[str, ...]:
        """Concerns that a printed ingredient serves, itself or by its families, sorted."""
        terms = self.label(text).terms
        entries = (named.get(term) for term in terms for named in (self.ingredients, self.families))
        return tuple(sorted({concern for entry in entries if entry is not None for concern in entry.concerns}))
