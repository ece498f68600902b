"""Reading ingredient labels: from printed text to comparable names, and finding known phrases in them.

Labels follow the International Nomenclature of Cosmetic Ingredients (INCI), but print it in many ways:
"Water (Aqua, Eau)", "AQUA/WATER/EAU", "Parfum*.", "Sodium Lauryl Sulphate", "Niacinamide 10%", "May contain: CI 77491".
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Final

from recommender.knowledge import colour_index, disguises


def _joined(found: re.Match[str]) -> str:
    return found[0].replace(" ", "")


_CLEANING: Final = tuple(
    (re.compile(pattern, re.VERBOSE), replacement)
    for pattern, replacement in (
        (r"[\[{]", "("),
        (r"[\]}]", ")"),
        (r"sulph", "sulf"),
        (r"\+ \s* / \s* -", " "),  # "may contain", in signs
        (r"\(? \b \d[\d.,]{0,12} \s* (?: % | pp[mb]\b ) (?: \s* [wv]/[wv] )? \)?", " "),  # an amount
        (r"\b (?: certified \s+ )? organic (?: ally \s+ grown )? \b", " "),
        (r"[^\w\s()/+.,'&-]", " "),  # footnote marks and the like
        (r"(?<= [a-z]{5}) (?= \d{1,2} (?![\w.,]))", " "),  # "linalool1": a footnote, or a number of the name
        (r"(?<! [^\W_] ) (?: [^\W\d_] [ ] ){4,} [^\W\d_] (?! [^\W_] )", _joined),  # "p a r f u m"
        (r"(?<!\d) [.,] | [.,] (?!\d)", " "),  # stops and commas, but those in "1,2-hexanediol"
        (
            r"""^ \W* (?: (?:
                    (?: may | peut | puede ) \s+ (?: also \s+ )? (?: contain | contenir | contener ) s?
                  | (?: in )? active \s+ ingredients? | (?: other \s+ )? ingredients? (?= \s ) | contains
                ) \b \W* )+""",
            "",
        ),
        (r"\( \s* \d? \s* \)", " "),  # nothing, or a footnote
        (r"\( [(\s]+", "("),
        (r"\) [)\s]* \)", ")"),
        (r"\s+", " "),
        (r"(?<= \() \s | \s (?= \))", ""),
        (r"^ \( ( [^()]* ) \) $", r"\1"),
    )
)
_PASSES: Final = 20
"""What one pass takes away may show something for the next; so often only in a text that was made for it."""
_AROUND: Final = " /+&'-"
_SPACED_HYPHEN: Final = re.compile(r" ?- ?")
_JOINING_HYPHEN: Final = re.compile(r"(?<=[a-z]{4})(?<!\btris)-(?!free)(?=[a-z]{4})")
_FOOTNOTE: Final = re.compile(r"(?<=[a-z]) ?\d$")
_PARENTHESIS: Final = re.compile(r"\(([^()]*)\)")
_PLURAL: Final = re.compile(r"(?<=\w{3})(?<!s)s$")
_WORD: Final = re.compile(r"[^\W_]+(?:['.,-][^\W_]+)*")


@lru_cache(maxsize=65_536)
def normalise(mention: str) -> str:
    """A mention in the form in which two spellings of one name are equal.

    Lower case, no accents, single spaces, "sulph" as "sulf", colour index numbers as "ci 75470"; without markup,
    invisible signs, amounts, footnotes, headings such as "may contain" and the word "organic". Parentheses and slashes
    stay: see :func:`readings`.
    """
    for _ in range(_PASSES):
        text = _pass(mention)
        if text == mention:
            break
        mention = text
    return mention


def _pass(mention: str) -> str:
    text = disguises.plain(mention)
    text = unicodedata.normalize("NFKD", text).casefold()
    if not text.isascii():
        text = unicodedata.normalize("NFC", "".join(sign for sign in text if not unicodedata.combining(sign)))
    text = colour_index.spelled(text)
    for pattern, replacement in _CLEANING:
        text = pattern.sub(replacement, text)
    return text.strip(_AROUND)


def readings(mention: str) -> tuple[str, ...]:
    """Every name that a mention may stand for, the whole first.

    "Water (Aqua/Eau)" is read as itself, "water", "aqua/eau", "aqua" and "eau"; "PEG - 8" also without blanks,
    "limonene-linalool" with one, "alcohol 1" also without what may be a footnote.
    """
    whole = normalise(mention)
    found = [whole]
    if "(" in whole or ")" in whole:
        found.append(_outside(whole))
        found.extend(_outside(inner) for inner in _PARENTHESIS.findall(whole))
    found.extend(_outside(part) for name in tuple(found) if "/" in name for part in _outside(name).split("/"))
    bare = [name for name in found if "(" not in name and ")" not in name]
    found.extend(_SPACED_HYPHEN.sub("-", name) for name in bare if " -" in name or "- " in name)
    found.extend(_JOINING_HYPHEN.sub(" ", name) for name in bare if "-" in name)
    found.extend(_FOOTNOTE.sub("", name) for name in bare if name[-1:].isdigit())
    return tuple(dict.fromkeys(name for name in found if name))


@lru_cache(maxsize=65_536)
def words(text: str) -> tuple[str, ...]:
    """The words of a text, normalised and in order; "c12-15" and "1,2-hexanediol" are one word each."""
    return tuple(_WORD.findall(normalise(text)))


def stems(text: str) -> tuple[str, ...]:
    """The words of a text without plural s."""
    return tuple(stem(word) for word in words(text))


def stem(word: str) -> str:
    """A word without its plural s: "parabens" and "paraben" become equal."""
    return _PLURAL.sub("", word)


def lookup_key(text: str) -> str:
    """A text by its words, so that "Drying-alcohols" and "drying alcohol" have the same key."""
    return " ".join(stems(text.replace("-", " ")))


def _outside(text: str) -> str:
    """``text`` without parentheses and their content, and without unbalanced ones."""
    return normalise(_PARENTHESIS.sub(" ", text).replace("(", " ").replace(")", " "))


class PhraseMatcher:
    """Phrases, as sequences of words, with what each of them names."""

    def __init__(self, named: Iterable[tuple[tuple[str, ...], str]]) -> None:
        """Take (words of a phrase, what it names) pairs; one phrase may name several things."""
        self._named: dict[tuple[str, ...], set[str]] = {}
        self._longest: dict[str, int] = {}
        for words, name in named:
            if words:
                self._named.setdefault(words, set()).add(name)
                self._longest[words[0]] = max(len(words), self._longest.get(words[0], 0))

    def anywhere(self, words: Sequence[str]) -> Iterator[str]:
        """What the phrases in ``words`` name, wherever they stand."""
        for start in range(len(words)):
            for phrase in self._from(words, start):
                yield from self._named[phrase]

    def longest(self, words: Sequence[str]) -> Iterator[str]:
        """What the phrases in ``words`` name, from the left: a longer phrase hides the shorter ones inside it."""
        start = 0
        while start < len(words):
            phrase = next(self._from(words, start), ())
            yield from sorted(self._named.get(phrase, ()))
            start += max(len(phrase), 1)

    def _from(self, words: Sequence[str], start: int) -> Iterator[tuple[str, ...]]:
        """Phrases that start at a position, the longest first."""
        for length in range(self._longest.get(words[start], 0), 0, -1):
            phrase = tuple(words[start : start + length])
            if phrase in self._named:
                yield phrase
