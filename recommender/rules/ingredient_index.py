"""The products without the ingredients that a customer's words mean."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from recommender.contract.query import UnrecognisedWords
from recommender.knowledge.knowledge import AvoidedTerm, Knowledge, PrintedIngredient
from recommender.models.products.catalogue import Catalogue

Mask = NDArray[np.bool_]


class IngredientIndex:
    """The ingredient names of all products, found by what they mean; ``labels`` says what each of them is."""

    def __init__(self, catalogue: Catalogue, knowledge: Knowledge, labels: Sequence[PrintedIngredient]) -> None:
        self._catalogue = catalogue
        self._knowledge = knowledge
        self._by_term = _inverted(label.terms for label in labels)
        self._by_word = _inverted(label.words for label in labels)
        self._owners = np.repeat(np.arange(len(catalogue)), np.diff(catalogue.ingredients_start))
        self._every = self._free_of(np.zeros(len(catalogue.ingredient_names), np.bool_))
        foreign = np.array([not label.understood for label in labels], np.bool_)
        self.readable: Mask = catalogue.ingredients_known & self._free_of(foreign)

    def named_by(self, wish: AvoidedTerm) -> set[int]:
        """Positions of the ingredient names that a wish means: ``AvoidedTerm.meets`` for all of them at once."""
        by_term = (self._by_term.get(term, set[int]()) for term in wish.terms)
        by_words = (
            set[int].intersection(*(self._by_word.get(word, set[int]()) for word in phrase)) for phrase in wish.phrases
        )
        return set[int]().union(*by_term, *by_words)

    def without(self, text: str) -> Mask:
        """Products without anything that ``text`` means; read only, to be kept."""
        named = self.named_by(self._knowledge.resolve(text))
        if not named:
            return self._every
        met = np.zeros(len(self._catalogue.ingredient_names), np.bool_)
        met[list(named)] = True
        return self._free_of(met)

    def unrecognised(self, text: str) -> tuple[UnrecognisedWords, ...]:
        """The parts of ``text`` that neither the knowledge nor any label has."""
        return tuple(
            self._knowledge.told(name)
            for name in self._knowledge.resolve(text).unknown
            if not self.named_by(AvoidedTerm(frozenset(), name.phrases))
        )

    def _free_of(self, met: NDArray[np.bool_]) -> Mask:
        """Products with none of the ingredient names that are ``met``."""
        free = np.ones(len(self._catalogue), np.bool_)
        free[self._owners[met[self._catalogue.ingredients_index]]] = False
        free.flags.writeable = False
        return free


def _inverted(sets: Iterable[frozenset[str]]) -> dict[str, set[int]]:
    """Positions of the sets that hold each value."""
    found: dict[str, set[int]] = {}
    for position, values in enumerate(sets):
        for value in values:
            found.setdefault(value, set()).add(position)
    return found
