"""What a printed ingredient is: which known ingredients it names, and the families that they belong to."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from recommender.knowledge import inci
from recommender.knowledge.families import Families
from recommender.knowledge.phrases import Phrases
from recommender.knowledge.schema import Ingredient


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


class Labels:
    """Reads printed ingredients; every text is taken normalised (``inci.normalise``)."""

    def __init__(self, ingredients: Mapping[str, Ingredient], families: Families) -> None:
        """Prepare to read; a family's member is known even without an entry of its own."""
        self._ingredients = ingredients
        self._families = families
        self.names = _names(ingredients, families.members)
        exact = {name for name, entry in ingredients.items() if entry.exact}
        self._within = Phrases((inci.words(text), name) for text, name in self.names.items() if name not in exact)

    @lru_cache(maxsize=65_536)  # noqa: B019 (lives as long as the process)
    def read(self, text: str) -> Label:
        """See ``Knowledge.label``."""
        ingredients = sorted(set(self.named(text)))
        by_name = (self._families.called(reading) for reading in inci.readings(text))
        families = self._families.of(text, ingredients).union(*by_name)
        vocabulary = {word for name in ingredients for word in self._vocabulary(name)}
        return Label(
            ingredients=tuple(ingredients),
            terms=frozenset({*ingredients, *self._families.with_wider(families)}),
            words=frozenset(inci.stem(word) for word in {*inci.words(text), *vocabulary}),
        )

    def name(self, text: str) -> str:
        """See ``Knowledge.name``."""
        named = self.read(text).ingredients
        return named[0] if len(named) == 1 and self._says_all(named[0], text) else text

    def named(self, text: str) -> Iterator[str]:
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
        """Whether an ingredient's name alone tells every word and term that a label text tells."""
        return self._vocabulary(name).issuperset(inci.words(text)) and self.read(name).terms >= self.read(text).terms

    @lru_cache(maxsize=8_192)  # noqa: B019 (as above)
    def _vocabulary(self, name: str) -> frozenset[str]:
        """The words of all names of an ingredient."""
        synonyms = self._ingredients[name].synonyms if name in self._ingredients else ()
        return frozenset(word for text in (name, *synonyms) for word in inci.words(text))


def _names(ingredients: Mapping[str, Ingredient], members: Iterable[str]) -> dict[str, str]:
    """Ingredient by each of its names, normalised; its own name goes before another's synonym."""
    of_members = {member: member for member in members}
    synonyms = {inci.normalise(synonym): name for name, entry in ingredients.items() for synonym in entry.synonyms}
    return of_members | synonyms | {inci.normalise(name): name for name in ingredients}
