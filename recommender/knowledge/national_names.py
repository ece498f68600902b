"""Names of ingredients in national languages, word by word, as names in the words of our knowledge.

Each language has a table of words. "Huile d'amande douce" is oil, almond and sweet, which is read as "sweet almond
oil"; "Mandelöl" is parted into almond and oil; "Coumarine" sounds as "coumarin" does. A word that no table has makes a
name unread where another word, or its ending, shows that it is in a national language: better a gap than a guess.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from recommender.knowledge import inci
from recommender.knowledge.korean import Translation
from recommender.knowledge.spelling import plain, sound, spellings

_TOKEN: Final = re.compile(r"\d[\w.,'-]*|[^\W\d_]+(?:-[^\W_]*\d[^\W_]*)+|[^\W_]+")
_NOT_INCI: Final = re.compile("[\u0370-\u03ff\u0400-\u052f]{3}")
"""Greek and Cyrillic words; a single Greek letter is chemistry."""
_VITAMIN: Final = re.compile(r"[bvw][iy]th?amii?n\w{0,3}|витамин\w{0,2}|βιταμιν\w{0,2}")
"""The word that a single letter belongs to: vitamin A is avoided where vitamin E is not."""
_LINKS: Final = ("", "s", "n", "en", "e", "es", "er")
"""What joins the parts of a compound: Sonnenblumen-n-öl."""
_LEAST_SOUND: Final = 5
"""Letters from which on two words that sound alike are one."""
_LEAST_PART: Final = 3
_OIL: Final = frozenset({"ol", "oel", "oli"})
"""Ends of compounds that mean oil in German and Estonian, and much else in chemistry."""
_OIL_ALONE: Final = frozenset({("ol",), ("oel",)})
"""Oil as a word of its own, as after a Latin name: "Citrus Limon (Zitrone) Öl"."""
_LEAST_SIGN: Final = 7
"""Letters of a table's word from which on it shows the language of a longer word that begins or ends with it."""
# fmt: off
_QUALITIES: Final = frozenset({
    "sweet", "bitter", "essential", "vegetable", "hydrogenated", "hydrolyzed", "natural", "green", "white", "black",
    "red", "purified", "virgin", "mineral", "synthetic", "microcrystalline", "organic", "saponified",
})
# fmt: on
# fmt: off
_KINDS: Final = frozenset({
    "oil", "fat", "butter", "wax", "water", "acid", "extract", "powder", "flour", "starch", "juice", "protein",
    "gum", "alcohol", "oxide", "dioxide", "hydroxide", "chloride", "fluoride", "sulfate", "phosphate", "carbonate",
    "bicarbonate", "silicate", "benzoate", "sorbate", "citrate", "stearate", "lactate", "acetate", "palmitate",
    "myristate", "salicylate", "glutamate", "hyaluronate", "gluconate", "glycol", "milk", "resin",
})
# fmt: on


@dataclass(frozen=True)
class Language:
    """One language's table.

    Attributes:
        words: Meanings by word or words, as the language writes them.
        glue: Words without a meaning of their own, such as "of" and "and".
        signs: Regular expressions that words of this language match, in small letters without marks, and no INCI
            name's.
        compounds: Whether it writes nouns together.
        latin: Words that INCI names have as well.
    """

    words: Mapping[str, str]
    glue: tuple[str, ...] = ()
    signs: tuple[str, ...] = ()
    compounds: bool = False
    latin: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Unit:
    """One or more words of a name with what they mean.

    Attributes:
        text: The meaning, or the words where they are known or unknown as they are.
        read: Whether they are known.
        national: Whether they show that the name is in a national language.
    """

    text: str
    read: bool = True
    national: bool = False


@dataclass(frozen=True, slots=True)
class _Way:
    """A way to part a word from a place on: number of parts, of those that show a language, and what it means.

    Attributes:
        parts: Number of parts.
        links: Number of letters between them.
        national: Parts that show the language.
        text: What it means.
    """

    parts: int
    links: int
    national: int
    text: str


@dataclass
class _Table:
    """All languages in one.

    Attributes:
        meanings: By the words, plain.
        longest: Number of words of the longest entry, by its first word.
        glue: Words without a meaning.
        parts: Meanings of words that compounds are made of.
    """

    meanings: dict[tuple[str, ...], str] = field(default_factory=dict[tuple[str, ...], str])
    longest: dict[str, int] = field(default_factory=dict[str, int])
    glue: set[str] = field(default_factory=set[str])
    parts: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def foreign(self) -> frozenset[str]:
        """Words that mean something else, or nothing."""
        words = (entry[0] for entry, meaning in self.meanings.items() if len(entry) == 1 and entry[0] != meaning)
        return frozenset((*words, *self.glue))

    def add(self, language: Language) -> None:
        for word, meaning in language.words.items():
            for spelling in spellings(word):
                self._enter(tuple(_TOKEN.findall(spelling)), meaning, compounds=language.compounds)
        self.glue.update(token for word in language.glue for token in _TOKEN.findall(plain(word)))

    def _enter(self, tokens: tuple[str, ...], meaning: str, *, compounds: bool) -> None:
        """One entry; words that mean one thing here and another there mean both."""
        self.meanings[tokens] = _both(self.meanings.get(tokens), meaning)
        self.longest[tokens[0]] = max(len(tokens), self.longest.get(tokens[0], 0))
        if compounds and len(tokens) == 1:
            self.parts[tokens[0]] = _both(self.parts.get(tokens[0]), meaning)


class NationalNames:
    """Reads names of ingredients in national languages."""

    def __init__(self, languages: Iterable[Language], names: Iterable[str], canonical: Iterable[str]) -> None:
        """Take the languages' tables, and all names of our knowledge: their words are INCI and of no language.

        Synonyms may be of one ("huile minérale"): words of tables count as INCI only where ``canonical`` names have
        them.
        """
        languages = tuple(languages)
        self._table = _Table()
        for language in languages:
            self._table.add(language)
        signs = [sign for language in languages for sign in language.signs]
        self._signs = re.compile("|".join(f"(?:{sign})" for sign in signs) or r"(?!)")
        self._known = frozenset(name for name in names if not _NOT_INCI.search(name))
        latin = tuple(word for language in languages for word in language.latin)
        self._vocabulary = _words((*self._known, *latin)) - (self._table.foreign - _words((*canonical, *latin)))
        self._names_by_sound = {said: name for name in sorted(self._known) if (said := _sounds(_TOKEN.findall(name)))}
        self._words_by_sound = {
            sound(word): word for word in sorted(self._vocabulary) if len(sound(word)) >= _LEAST_SOUND
        }
        self._openings = _by_ends(self._table.parts, self._vocabulary)

    @lru_cache(maxsize=65_536)  # noqa: B019 (lives as long as the process)
    def translate(self, text: str) -> Translation | None:
        """A normalised name in our words; None where nothing in it is of a national language.

        Each reading of it (what stands outside and inside parentheses, and between slashes) is translated by itself.
        A reading that is not understood is no matter beside one that is a known INCI name.
        """
        readings = [plain(reading) for reading in inci.readings(text)]
        single = [reading for reading in readings if not _parted(reading)] or readings
        found = [self._translated(reading, by_sound="/" not in text) for reading in single]
        meant = [translation for translation in found if translation]
        if not meant:
            return None
        texts = [each.text if each else reading for each, reading in zip(found, single, strict=True)]
        others = (text for each in meant for text in each.others)
        whole = all(each.whole for each in meant) or self._named(single, found)
        return Translation(
            meant[0].text,
            whole,
            tuple(dict.fromkeys((*texts, *others))),
            alone=all(each.alone for each in meant),
            parts=tuple(part for each in meant for part in each.parts),
        )

    def _named(self, readings: Sequence[str], found: Sequence[Translation | None]) -> bool:
        """Whether the first reading is a known name, or one of several words is or looks like an INCI name."""
        return readings[0] in self._known or any(
            " " in reading and (reading in self._known or (not each and self._ends_known(reading)))
            for reading, each in zip(readings, found, strict=True)
        )

    def _ends_known(self, reading: str) -> bool:
        return reading.rsplit(" ", 1)[-1] in self._vocabulary

    def _translated(self, text: str, *, by_sound: bool) -> Translation | None:
        if text in self._known:
            return None
        tokens = _TOKEN.findall(text)
        entry = self._table.meanings.get(tuple(tokens))
        if entry is not None:
            return Translation(inci.normalise(entry), whole=True, alone=not self._vocabulary.issuperset(tokens))
        alike = self._names_by_sound.get(_sounds(tokens)) if by_sound else None
        if alike is not None:
            return Translation(alike, whole=True, others=(text,))
        units = list(self._units(tokens))
        if not any(unit and unit.national for unit in units):
            return None
        parts = tuple(unit.text for unit in units if unit and unit.national and unit.text not in _KINDS)
        return Translation(_arranged(units), _all_read(units), parts=parts)

    def _units(self, tokens: Sequence[str]) -> Iterator[_Unit | None]:
        """The words with their meanings; None for a word without one."""
        at = 0
        while at < len(tokens):
            entry = self._entry(tokens, at)
            if entry:
                yield self._meant(entry)
                at += len(entry)
                continue
            token = tokens[at]
            at += 1
            if at > 1 and len(token) == 1 and _VITAMIN.fullmatch(tokens[at - 2]):
                yield _Unit(token)
            elif token in self._table.glue or len(token) == 1:
                if token not in self._vocabulary and len(token) > 1:
                    yield _Unit("", national=True)
                yield None
            else:
                yield self._word(token)

    def _entry(self, tokens: Sequence[str], at: int) -> tuple[str, ...]:
        """The longest entry of the table that begins here."""
        for length in range(self._table.longest.get(tokens[at], 0), 0, -1):
            entry = tuple(tokens[at : at + length])
            if entry in self._table.meanings:
                return entry
        return ()

    def _meant(self, entry: tuple[str, ...]) -> _Unit:
        meaning = self._table.meanings[entry]
        return _Unit(meaning, national=entry in _OIL_ALONE or not self._vocabulary.issuperset(entry))

    @lru_cache(maxsize=65_536)  # noqa: B019 (as above)
    def _word(self, token: str) -> _Unit:
        """A word that no table has: known, known by its sound, a compound, or not known."""
        if token in self._vocabulary or token[0].isdigit() or any(sign.isdigit() for sign in token):
            return _Unit(token)
        alike = self._words_by_sound.get(sound(token)) or self._words_by_sound.get(sound(token).removesuffix("ik"))
        if alike:
            return _Unit(alike)
        compound = self._compound(token)
        if compound:
            return _Unit(compound, national=True)
        return _Unit(token, read=False, national=self._is_national(token))

    def _is_national(self, token: str) -> bool:
        return bool(
            _NOT_INCI.search(token) or self._signs.search(token) or any(map(self._openings.__contains__, _ends(token)))
        )

    def _compound(self, token: str) -> str | None:
        """The meaning of a word that is made of known parts; None where they do not fill it."""
        best: list[_Way | None] = [None] * len(token) + [_Way(0, 0, 0, "")]
        for at in range(len(token) - 1, -1, -1):
            ways = (way for end in range(at + 2, len(token) + 1) for way in self._ways(token, at, end, best))
            best[at] = min(ways, key=lambda way: (way.parts, way.links, -way.national), default=None)
        found = best[0]
        return found.text.strip() if found and found.parts > 1 and found.national else None

    def _ways(self, token: str, at: int, end: int, best: Sequence["_Way | None"]) -> Iterator["_Way"]:
        part = token[at:end]
        meaning = self._part(part, last=end == len(token), first=not at)
        if meaning is None:
            return
        for link in _LINKS:
            rest = best[end + len(link)] if token.startswith(link, end) else None
            if rest is not None and (not link or end + len(link) < len(token)):
                yield _Way(
                    rest.parts + 1,
                    rest.links + len(link),
                    rest.national + self._shows(part, token[end + len(link) :]),
                    f"{meaning} {rest.text}",
                )

    def _part(self, part: str, *, last: bool, first: bool) -> str | None:
        if len(part) < _LEAST_PART and not (part in _OIL and last and not first):
            return None
        known = part in self._vocabulary and len(part) >= _LEAST_SOUND
        return self._table.parts.get(part) or (part if known else None)

    def _shows(self, part: str, rest: str) -> bool:
        """Whether a part shows the language: one that INCI has too (shea, soja) does before another noun of a table."""
        noun = part in self._table.parts and len(part) >= _LEAST_PART
        return noun and (
            rest in _OIL or rest in self._table.parts or (part not in self._vocabulary and len(part) > _LEAST_PART)
        )


def _words(names: Iterable[str]) -> frozenset[str]:
    return frozenset(word for name in names for word in _TOKEN.findall(plain(name)))


def _both(meaning: str | None, other: str) -> str:
    if meaning is None or meaning == other:
        return other
    return " ".join(dict.fromkeys((*meaning.split(), *other.split())))


def _parted(reading: str) -> bool:
    return any(sign in reading for sign in "()/")


def _sounds(tokens: Sequence[str]) -> str:
    """Words by their sound in one, as languages part them in several ways; nothing where one is too short to tell."""
    said = "".join(map(sound, tokens))
    return said if len(said) > _LEAST_SOUND and min(map(len, tokens)) >= _LEAST_PART else ""


def _all_read(units: Sequence[_Unit | None]) -> bool:
    """Whether all words are known, or only those of an INCI name are not that a translation follows."""
    words = [unit for unit in units if unit]
    start = next(at for at, unit in enumerate(words) if unit.national)
    if start > 1 and words[start - 1].read:
        words = words[start:]
    return all(unit.read for unit in words)


def _by_ends(parts: Iterable[str], vocabulary: frozenset[str]) -> frozenset[str]:
    """Words of tables that are long enough to show the language of a word that begins or ends with them."""
    begun = {word[:length] for word in vocabulary for length in range(_LEAST_SIGN, len(word) + 1)}
    return frozenset(part for part in parts if len(part) >= _LEAST_SIGN and part not in begun)


def _ends(token: str) -> Iterator[str]:
    """The beginnings and endings of a word."""
    for length in range(_LEAST_SIGN, len(token)):
        yield token[:length]
        yield token[-length:]


def _arranged(units: Sequence[_Unit | None]) -> str:
    """The meanings in English order: what follows "of" goes before, and what an oil is of goes before "oil"."""
    segments: list[list[str]] = [[]]
    for unit in units:
        if unit is None:
            segments.append([])
        elif unit.text:
            segments[-1].append(unit.text)
    return inci.normalise(" ".join(word for segment in reversed(segments) for word in _segment(segment)))


def _segment(words: Sequence[str]) -> list[str]:
    """The words between two "of": a leading kind goes to the end, qualities to the beginning."""
    if words and words[0] in _KINDS:
        words = [*reversed(words[1:]), words[0]]
    qualities = [word for word in words if word in _QUALITIES]
    return [*qualities, *(word for word in words if word not in _QUALITIES)]
