"""The patterns of sizes, packs and shades, made from ``words.yaml``."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Self

from infrastructure.settings import read_yaml
from recommender.data.variants.spelling import folded

_WORDS: Final = Path(__file__).with_name("words.yaml")
# Latin, Greek and Cyrillic words end at a letter or digit; Chinese, Japanese, Korean and Thai have no blanks to end at.
_LETTER: Final = "a-z0-9\u0370-\u04ffđ%"
_STARTS: Final = f"(?<![{_LETTER}.,])"
_ENDS: Final = f"(?![{_LETTER}])"
_NUMBER: Final = r"\d+(?:[.,]\d+)?"
_TIMES: Final = r"\s*[x×*]\s*"
# "SPF 30 g" is no pack of 30 grams, and "PA 50" none either.
_NO_STRENGTH: Final = r"(?<!spf )(?<!spf)(?<!lsf )(?<!fps )(?<!upf )(?<!ip )"


@dataclass(frozen=True)
class Vocabulary:
    """Patterns over :func:`~recommender.data.variants.spelling.folded` texts.

    Attributes:
        sizes: Amount with a unit and, where it says so, how many of them: groups ``amount``, ``unit``, and
            ``before``, ``after`` and ``each`` (how many).
        counts: How many pieces: the first group that is there is the number.
        free_gifts: "1+1", "buy 2 get 1".
        packings: Words for a size or a packing.
        gifts: With what a bracket begins that names a gift.
        factors: Millilitres, grams or centimetres of a unit.
        colours: Words that are a shade by themselves.
        tones: Words that are a part of a shade.
        coloured: Words of products that come in shades.
        tools: Words of products whose numbers are of their forms.
        purposes: Words that say for whom or what a product is.
    """

    sizes: re.Pattern[str]
    counts: re.Pattern[str]
    free_gifts: re.Pattern[str]
    packings: re.Pattern[str]
    gifts: re.Pattern[str]
    factors: dict[str, float]
    colours: frozenset[str]
    tones: frozenset[str]
    coloured: re.Pattern[str]
    tools: re.Pattern[str]
    purposes: re.Pattern[str]

    @classmethod
    @lru_cache(1)
    def load(cls) -> Self:
        """The patterns of ``words.yaml``."""
        words: dict[str, Any] = read_yaml(_WORDS)
        units = {folded(unit): float(factor) for unit, factor in words["units"].items()}
        return cls(
            sizes=_sizes(units, _any_of(words["containers"]), _any_of(words["counted"])),
            counts=_counts(_any_of(words["holders"]), _any_of(words["counted"])),
            free_gifts=re.compile(
                r"(?<![\w.,+])\d\s?\+\s?\d(?![\w%.,])|\b(?:buy|mua|beli|kup)\s\d\s(?:get|tang|gratis)\s\d(?:\sfree)?\b"
            ),
            packings=_words([*words["packings"], *words["pairs"]]),
            gifts=re.compile(rf"\s*(?:{_any_of(words['gifts'])})"),
            factors=units,
            colours=frozenset(map(folded, words["colours"])),
            tones=frozenset(map(folded, words["tones"])),
            coloured=_words(words["coloured"]),
            tools=_words(words["tools"]),
            purposes=_words(words["purposes"]),
        )


def _any_of(words: Iterable[str]) -> str:
    """Any of the words, the longest first; a blank may be missing or a hyphen."""
    longest = sorted({folded(word) for word in words}, key=lambda word: (-len(word), word))
    return "|".join(re.escape(word).replace(r"\ ", r"[\s-]?") for word in longest)


def _words(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile(f"(?:^|(?<![{_LETTER}]))(?:{_any_of(words)}){_ENDS}")


def _sizes(units: Iterable[str], containers: str, counted: str) -> re.Pattern[str]:
    held, holder = rf"(?:(?<![{_LETTER}])(?:{containers})\s+)?", rf"(?:\s+(?:{containers}){_ENDS})?"
    unit = rf"\s*-?\s*(?P<unit>{_any_of(units)})\.?{_ENDS}"
    before = rf"(?:(?P<before>\d{{1,3}}){_TIMES})?"
    after = rf"(?:{_TIMES}(?P<each>\d{{1,3}})\s?(?:{counted}){_ENDS}|{_TIMES}(?P<after>\d{{1,3}})(?![{_LETTER}.,]))?"
    return re.compile(rf"{held}{_STARTS}{_NO_STRENGTH}{before}(?P<amount>{_NUMBER}){unit}{after}{holder}")


def _counts(holders: str, counted: str) -> re.Pattern[str]:
    return re.compile(
        # "Combo 2", "Set of 3", "Hộp 10 miếng"
        rf"{_STARTS}(?:{holders})\s*x?(?P<held>\d{{1,4}})(?:[\s-]*(?:{counted}))?{_ENDS}"
        # "2 pack", "10枚入り", "2er-Pack"
        rf"|{_STARTS}(?P<counted>\d{{1,4}})\s?[-'\u2019]?\s?(?:{counted}){_ENDS}"
        # "x2" and "× 2" at an end
        rf"|(?<![{_LETTER}])[x×*]\s?(?P<times>\d{{1,2}})(?=\s*(?:$|[)\]|,/+-]))"
        # "(2x)", and "2 x" at the beginning: "2x" is a strength there
        rf"|(?<=[(\[])(?P<first>\d{{1,2}})\s?[x×*](?=\s|[)\]])|^\s*(?P<begun>\d{{1,2}})\s[x×*](?=\s)"
    )
