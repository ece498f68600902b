"""What customers mean by the words with which they name something to avoid."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Final, Self

from recommender.knowledge import inci
from recommender.knowledge.customer_words import phrasing
from recommender.knowledge.customer_words.unnamed_words import Token, UnnamedWords, text_of, words_of
from recommender.knowledge.families import FamilyIndex
from recommender.knowledge.korean import Translation
from recommender.knowledge.labels import LabelReader, PrintedIngredient
from recommender.knowledge.nearest_names import NearestNames

_TYPING_ERROR: Final = 0.87
"""Likeness from which on an unknown word also counts as a misspelt known one: one wrong letter in eight."""
_PERHAPS_MEANT, _WORD_PERHAPS_MEANT = 0.72, 0.8
"""Likeness from which on a known name is offered for an unknown one, and for a word of it."""
_LONGEST_FOREIGN: Final = 4
"""Words of a name in another language that are looked up together, at most."""
_OFFERED: Final = 3
_WORDS_OFFERED_FOR: Final = 5
"""Words of one text for which names are offered, the first ones."""
_PARTED: Final = re.compile("[()/]")
"""Signs between several names of a text."""
_SHORTEST: Final = 4
"""Letters that a word needs to count as misspelt."""


@dataclass(frozen=True, slots=True)
class UnknownName:
    """A part of a customer's text that no file names.

    Attributes:
        text: As the customer wrote it.
        phrases: Sets of words: a label with all of one has what the customer names.
        taken_as: The known names that it nearly spells, and that are avoided for it.
    """

    text: str
    phrases: tuple[frozenset[str], ...] = ()
    taken_as: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AvoidedTerm:
    """What a customer avoids, resolved to ingredients and families.

    Attributes:
        terms: Ingredients and families meant.
        phrases: Unknown names as sets of words: each means every label with all of its words.
        unknown: The parts of the text that no file names.
    """

    terms: frozenset[str]
    phrases: tuple[frozenset[str], ...] = ()
    unknown: tuple[UnknownName, ...] = ()

    def meets(self, label: PrintedIngredient) -> bool:
        """Whether the customer avoids this printed ingredient."""
        if not self.terms.isdisjoint(label.terms):
            return True
        return bool(self.phrases) and any(phrase <= label.words for phrase in self.phrases)

    @classmethod
    def combined(cls, terms: Iterable[Self]) -> Self:
        """One that means all that ``terms`` mean."""
        every = tuple(terms)
        meant = frozenset[str]().union(*(term.terms for term in every))
        phrases = tuple(phrase for term in every for phrase in term.phrases)
        return cls(meant, phrases, tuple(dict.fromkeys(name for term in every for name in term.unknown)))


class AvoidedTerms:
    """Resolves customers' words for what they avoid."""

    def __init__(self, labels: LabelReader, families: FamilyIndex, exact: Iterable[str] = ()) -> None:
        """Prepare to understand; ``exact`` are ingredients that are meant only by their whole names."""
        self._labels = labels
        self._families = families
        names = {*labels.names, *families.names}
        self._display = {inci.lookup_key(name): name for name in names}
        self._spelling = NearestNames(self._display)
        whole = frozenset(exact)
        self._unnamed = UnnamedWords(
            name for name in names if name in families.names or labels.names.get(name) not in whole
        )

    @lru_cache(maxsize=8_192)  # noqa: B019 (lives as long as the process)
    def resolve(self, text: str) -> AvoidedTerm:
        """See ``Knowledge.resolve``: the text is a name, or its parts are, or its words are taken as they are."""
        wanted = phrasing.without_around(text)
        if terms := self._named(wanted).union(*map(self._terms, phrasing.names_within(text))):
            return AvoidedTerm(terms)
        if phrasing.names_nothing(text):
            return AvoidedTerm(frozenset())
        parts = self._parts(text)
        if len(parts) < 2:
            return self._unknown(text, wanted)
        # A label may print all of it as one name.
        together = AvoidedTerm(frozenset(), (frozenset(inci.stems(wanted)),))
        return AvoidedTerm.combined([*map(self.resolve, parts), together])

    @lru_cache(maxsize=8_192)  # noqa: B019 (as above)
    def suggestions(self, name: UnknownName) -> tuple[str, ...]:
        """Known names that an unknown one may be meant for: what it nearly spells, and the families of that."""
        key = inci.lookup_key(phrasing.without_around(name.text) or _names_of_signs(name.text))
        words = [word for word in key.split() if word != key and word not in phrasing.FILLERS]
        near = (
            map(inci.lookup_key, name.taken_as),
            self._near(key, _PERHAPS_MEANT),
            *(self._near(word, _WORD_PERHAPS_MEANT) for word in words[:_WORDS_OFFERED_FOR]),
        )
        offered = dict.fromkeys(word for known in chain.from_iterable(near) for word in self._called(known))
        return tuple(offered)[:_OFFERED]

    def terms_named(self, text: str) -> frozenset[str]:
        """The families that a text names, else the ingredient; none where it names neither."""
        terms = self._named(inci.normalise(text))
        return (terms & self._families.keys) or terms

    def _parts(self, text: str) -> list[str]:
        """The parts of a text that lists several things; the text alone where it does not."""
        parts = phrasing.listed(text)
        if len(parts) < 2 and all(map(self._is_nearly_named, perhaps := phrasing.perhaps_listed(text))):
            return perhaps
        return parts

    def _is_nearly_named(self, text: str) -> bool:
        name = phrasing.without_around(text)
        return bool(self._named(name) or self._misspelt(inci.lookup_key(name)))

    def _named(self, text: str) -> frozenset[str]:
        """Terms that a normalised text or its translation names; none where one of several names in it is unknown."""
        if not _PARTED.search(text):
            return self._terms(text).union(*map(self._terms, self._translated(text)))
        named = [self._named(part) for part in inci.readings(text) if not _PARTED.search(part)]
        return self._terms(text).union(*named) if all(named) else self._terms(text)

    def _terms(self, name: str) -> frozenset[str]:
        """Terms that a normalised text names, in the singular or plural.

        A synonym of an ingredient means the family, too, that the ingredient's own name means: as "alcohol" means all
        drying alcohols, so does "ethanol".
        """
        names = self._labels.names
        known = names.get(name) or names.get(inci.stem(name))
        meant = self._families.with_name(name)
        if known:
            return meant | {known} | self._families.with_name(known)
        return meant or self._described(name)

    def _described(self, name: str) -> frozenset[str]:
        """Families by one of their words, such as nuts by "walnut": its Latin name on a label has other words."""
        return frozenset() if self._unnamed.is_generic(name) else self._families.with_word(name)

    def _translated(self, text: str) -> tuple[str, ...]:
        """What a normalised text in another language says in ours; one that needs no translation as it is."""
        found = self._translation(text)
        return (found.text, *found.others) if found else (text,)

    @lru_cache(maxsize=8_192)  # noqa: B019 (as above)
    def _translation(self, text: str) -> Translation | None:
        return self._labels.translation(text)

    def _unknown(self, text: str, wanted: str) -> AvoidedTerm:
        """A text that is no known name: known names in it, the words of its readings, and what it may misspell."""
        readings = [reading for name in (wanted, *self._translated(wanted)) for reading in inci.readings(name)]
        within = self._within(wanted).union(*map(self._terms, readings))
        foreign, runs = self._unnamed_runs(text)
        unknown = tuple(self._unknown_names(text, wanted, runs, known=bool(within | foreign)))
        taken_as = (inci.normalise(name) for part in unknown for name in part.taken_as)
        phrases = [frozenset(inci.stems(name)) for name in readings if not self._terms(name)]
        phrases += [phrase for part in unknown for phrase in part.phrases]
        return AvoidedTerm(
            within.union(foreign, *map(self._terms, taken_as)), tuple(dict.fromkeys(filter(None, phrases))), unknown
        )

    def _within(self, text: str) -> frozenset[str]:
        """Terms that a normalised text or its translations have in it."""
        translated = self._translated(text)
        ingredients = (name for part in (text, *translated) for name in self._labels.ingredients_in(part))
        return frozenset((*ingredients, *chain.from_iterable(map(self._families.named_in, translated))))

    def _unknown_names(
        self, text: str, wanted: str, runs: Sequence[Sequence[Token]], *, known: bool
    ) -> Iterator[UnknownName]:
        """The parts of a text that no file names; ``known`` says whether another part is named."""
        near = () if known else self._near(inci.lookup_key(wanted), _TYPING_ERROR, most=1)
        if near or not (known or runs):
            shown = text_of(runs[0]) if len(runs) == 1 else text.strip()
            yield UnknownName(shown, _phrases(inci.stems(wanted)), self._displayed(near))
            return
        for run in runs:
            yield from self._without_errors(run)

    def _without_errors(self, run: Sequence[Token]) -> Iterator[UnknownName]:
        """The run; where a word is misspelt, each by itself."""
        near = [self._misspelt(" ".join(token.words)) for token in run]
        parts = [(token,) for token in run] if any(near) else [run]
        for part, names in zip(parts, near, strict=False):
            yield UnknownName(text_of(part), _phrases(words_of(part)), self._displayed(names))

    def _misspelt(self, key: str) -> tuple[str, ...]:
        """The key that a word nearly spells; none for a known one."""
        return () if key in self._display else self._near(key, _TYPING_ERROR, most=1)

    def _unnamed_runs(self, text: str) -> tuple[frozenset[str], list[Sequence[Token]]]:
        """Terms that parts of a text name in another language, and the runs of words that name nothing."""
        terms, left = frozenset[str](), list[Sequence[Token]]()
        for run in self._unnamed.runs(text):
            named, unnamed = self._without_foreign(run)
            terms |= named
            left += [part for part in unnamed if not (named and self._unnamed.is_generic(text_of(part)))]
        return terms, left

    def _without_foreign(self, run: Sequence[Token]) -> tuple[frozenset[str], list[Sequence[Token]]]:
        """Terms that tokens of a run name by themselves, the longest names first, and what is left of it."""
        for length in range(min(_LONGEST_FOREIGN, len(run)), 0, -1):
            for start in range(len(run) - length + 1):
                if terms := self._named_alone(text_of(run[start : start + length])):
                    before, after = self._without_foreign(run[:start]), self._without_foreign(run[start + length :])
                    return terms | before[0] | after[0], [*before[1], *after[1]]
        return frozenset(), [run] if run else []

    def _named_alone(self, text: str) -> frozenset[str]:
        """Terms that a text names as a whole in another language, or by a family's word."""
        name = inci.normalise(text)
        found = self._translation(name)
        if found is None:
            return self._described(name)
        named = frozenset[str]().union(*map(self._terms, self._translated(name)))
        return named or (self._within(name) if found.whole else named)

    def _near(self, key: str, likeness: float, most: int = _OFFERED) -> tuple[str, ...]:
        """Keys of known names that are spelt nearly so."""
        return self._spelling.nearest(key, likeness, most) if len(key) >= _SHORTEST else ()

    def _displayed(self, keys: Sequence[str]) -> tuple[str, ...]:
        return tuple(self._display[key] for key in keys)

    def _called(self, key: str) -> Iterator[str]:
        """A known name, and what it is a synonym for."""
        name = self._display[key]
        yield name
        yield from sorted(self._terms(name) & self._families.keys)


def _phrases(words: Sequence[str]) -> tuple[frozenset[str], ...]:
    """The words as one phrase; none of no words, which every label would have."""
    return (frozenset(words),) if words else ()


def _names_of_signs(text: str) -> str:
    """What signs such as emojis show, by their names in Unicode."""
    return " ".join(unicodedata.name(sign, "").lower() for sign in text)
