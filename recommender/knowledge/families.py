"""Which families an ingredient belongs to: as a member, by its words, by a pattern, or through a narrower family."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from infrastructure.errors import ConfigError
from recommender.knowledge import inci
from recommender.knowledge.inci import PhraseMatcher
from recommender.knowledge.schema import IngredientFamily


class FamilyIndex:
    """All families, indexed for lookup by name, word and pattern.

    Attributes:
        keys: Of all families.
        names: Families by each of their names and synonyms, as ``inci.lookup_key`` writes them.
    """

    def __init__(self, families: Mapping[str, IngredientFamily]) -> None:
        """Compile the families' patterns.

        Raises:
            ConfigError: A pattern is not a regular expression.
        """
        self.keys = frozenset(families)
        self.names: dict[str, set[str]] = {}
        self._members: dict[str, set[str]] = {}
        self._wider: dict[str, set[str]] = {}
        for key, family in families.items():
            for name in (key, *family.synonyms):
                self.names.setdefault(inci.lookup_key(name), set()).add(key)
            for member in family.members:
                self._members.setdefault(inci.normalise(member), set()).add(key)
            for narrower in family.families:
                self._wider.setdefault(narrower, set()).add(key)
        self._vocabulary = tuple(
            word for key, family in families.items() for word in (key, *family.synonyms, *family.members, *family.words)
        )
        self._phrases = PhraseMatcher((tuple(name.split()), key) for name, keys in self.names.items() for key in keys)
        self._words = PhraseMatcher(
            (inci.stems(word), key) for key, family in families.items() for word in family.words
        )
        self._by_word: dict[str, set[str]] = {}
        for key, family in families.items():
            for word in family.words:
                self._by_word.setdefault(inci.lookup_key(word), set()).add(key)
        self._patterns = {key: _compiled(family.patterns, key) for key, family in families.items() if family.patterns}
        self._alone = {key: _compiled(family.alone, key) for key, family in families.items() if family.alone}
        self._exceptions = {
            key: _compiled(family.exceptions, key) for key, family in families.items() if family.exceptions
        }

    @property
    def members(self) -> Iterable[str]:
        """Names of all ingredients that a family lists."""
        return self._members.keys()

    @property
    def vocabulary(self) -> Iterator[str]:
        """Names and words of all families, and the members that they list."""
        yield from self._vocabulary

    def with_name(self, name: str) -> frozenset[str]:
        """Families whose name or synonym this is; one word may name several ("exfoliating acids")."""
        return frozenset(self.names.get(inci.lookup_key(name), ()))

    def with_word(self, text: str) -> frozenset[str]:
        """Families that have this as one of their words."""
        return frozenset(self._by_word.get(inci.lookup_key(text), ()))

    def alone(self, text: str) -> Iterator[str]:
        """Families to which a normalised text belongs by all that it says: "orange", and no extract of it."""
        return (key for key, wanted in self._alone.items() if wanted.fullmatch(text))

    def named_in(self, text: str) -> Iterator[str]:
        """Families whose name or synonym is in a text."""
        return self._phrases.longest(inci.stems(text))

    def families_of(self, text: str, ingredients: Iterable[str]) -> set[str]:
        """Families to which a normalised label text, or an ingredient that it names, belongs directly."""
        found = {key for name in (text, *ingredients) for key in self._members.get(name, ())}
        return found.union(*map(self._described, {text, *ingredients}))

    @lru_cache(maxsize=65_536)  # noqa: B019 (lives as long as the process)
    def _described(self, name: str) -> frozenset[str]:
        """Families whose words or patterns say that ``name`` belongs to them."""
        by_word = self._words.anywhere(inci.stems(name))
        by_pattern = (key for key, wanted in self._patterns.items() if wanted.search(name))
        return frozenset(key for key in (*by_word, *by_pattern) if self._still(key, name))

    def _still(self, key: str, name: str) -> bool:
        """Whether a family that has ``name`` by a word or pattern still has it without the exceptions."""
        unwanted = self._exceptions.get(key)
        if unwanted is None or not unwanted.search(name):
            return True
        rest, wanted = unwanted.sub(" ", name), self._patterns.get(key)
        return bool(wanted and wanted.search(rest)) or key in self._words.anywhere(inci.stems(rest))

    def with_wider(self, families: set[str]) -> set[str]:
        """``families`` and every family that includes one of them."""
        wider = {outer for family in families for outer in self._wider.get(family, ())} - families
        return self.with_wider(families | wider) if wider else families


def _compiled(expressions: tuple[str, ...], family: str) -> re.Pattern[str]:
    """One regular expression for all of ``expressions``."""
    try:
        # Without groups around them, the engine can tell by a name's signs where no alternative begins.
        return re.compile("|".join(expressions))
    except re.error as error:
        raise ConfigError(
            f"Not a regular expression: {error}.", where="families.yaml", field=family, value=expressions
        ) from None
