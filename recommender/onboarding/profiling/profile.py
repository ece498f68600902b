"""What one foreign column holds."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import pandas as pd

from recommender.data.parsing.cells import as_stripped_text
from recommender.onboarding.profiling.entries import Entries, entries_of, listed
from recommender.onboarding.profiling.labels import ingredient_share
from recommender.onboarding.profiling.numbers import Numbers, numbers_of
from recommender.onboarding.profiling.times import Times, is_clock, times_of, typed_times

_LOOKED_AT: Final = 2_500
_FEW: Final = 60
_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_ADDRESS: Final = re.compile(r"https?://\S+|//\S+|www\.\S+")
_CODED: Final = re.compile(r".*\d.*")
_WRAPPED: Final = re.compile(r'^="|"$')
_MARKUP: Final = re.compile(r"<[a-zA-Z/][^>]*>")
_YES_NO: Final = frozenset(
    ("yes", "no", "true", "false", "y", "n", "t", "f", "ja", "nein", "oui", "non", "0", "1", "0.0", "1.0")
)
_PATHS: Final = (" > ", ">", " » ", " / ", "›", "|", "/")  # noqa: RUF001 (the signs that are meant)
_MISSING: Final = frozenset(
    (
        "NA",
        "N/A",
        "n/a",
        "null",
        "NULL",
        "None",
        "none",
        "nan",
        "NaN",
        "\\N",
        "-",
        "--",
        "(null)",
        "#N/A",
        "k.A.",
        "undefined",
    )
)
"""Words that stand for a missing value in exports."""
_TYPED: Final = ("datetime64", "datetime", "date")


@dataclass(frozen=True)
class Profile:
    """What one column holds.

    Attributes:
        rows: Rows looked at.
        missing: Share of them that have no value.
        distinct: How many different values the looked at have.
        unique: Share of the filled cells of the whole sample that no other cell equals.
        examples: Some values.
        counts: How often each value is there, where they are few.
        length, words: Of a cell in the middle, characters and words.
        numbers, times, entries: What the cells are as such; None where they are none.
        ingredients: How much they look like labels, from 0 to 1.
        emails, links, markup: Shares of cells of that kind.
        path: What parts the levels of paths in the cells.
        clock: Whether they are times of day.
        coded: Share with a digit.
        wrapped: Whether they are written ="7", so that a spreadsheet takes them for text.
        truth: Whether they say yes or no.
        missing_words: Words among the cells that stand for a missing value.
    """

    name: str
    rows: int
    missing: float
    distinct: int
    unique: float
    examples: tuple[str, ...] = ()
    counts: Counter[str] = field(default_factory=Counter[str])
    length: float = 0
    words: float = 0
    numbers: Numbers | None = None
    times: Times | None = None
    entries: Entries | None = None
    ingredients: float = 0
    emails: float = 0
    links: float = 0
    markup: float = 0
    path: str | None = None
    clock: bool = False
    coded: float = 0
    wrapped: bool = False
    truth: bool = False
    missing_words: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether no cell is filled."""
        return self.distinct == 0

    @property
    def entries_are_objects(self) -> bool:
        """Whether its cells are lists of objects, which have columns of their own."""
        return self.entries is not None and self.entries.objects

    @property
    def numeric(self) -> bool:
        """Whether nearly all cells are numbers."""
        return self.numbers is not None and self.numbers.share > 0.9


def profiles(frame: pd.DataFrame) -> dict[str, Profile]:
    """The profile of each column, by name."""
    return {str(name): _profile(str(name), frame[name]) for name in frame}


def _profile(name: str, cells: "pd.Series[Any]") -> Profile:
    present = cells.dropna()
    missing = 1 - len(present) / max(len(cells), 1)
    looked = present.iloc[:: len(present) // _LOOKED_AT + 1]
    if (lists := listed(looked.tolist())) is not None:
        shown = tuple(lists.counts)[:3]
        return Profile(
            name, len(cells), missing, len(lists.counts) or len(looked), 0, shown, entries=lists,
            ingredients=ingredient_share([", ".join(map(str, cell)) for cell in looked.head(100)]),
        )  # fmt: skip
    texts = as_stripped_text(looked).dropna()
    words = tuple(sorted(_MISSING & set(texts)))
    texts = texts[~texts.isin(words)]
    if texts.empty:
        return Profile(name, len(cells), 1.0, 0, 0)
    wrapped = float(texts.str.startswith('="').mean()) > 0.5
    texts = texts.str.replace(_WRAPPED, "", regex=True) if wrapped else texts
    unique = float((~as_stripped_text(present).duplicated(keep=False)).mean())
    typed = pd.api.types.infer_dtype(looked, skipna=True) in _TYPED
    found = _of_texts(name, len(cells), missing, unique, texts.tolist(), typed_times(looked) if typed else None)
    return replace(found, missing_words=words, wrapped=wrapped)


def _of_texts(
    name: str, rows: int, missing: float, unique: float, texts: Sequence[str], typed: Times | None
) -> Profile:
    counts = Counter(texts)
    few = [text for text, _ in counts.most_common(400)]
    numbers = None if typed else numbers_of(texts)
    numeric = numbers is not None and numbers.share > 0.9
    lengths = sorted(map(len, texts))
    return Profile(
        name=name,
        rows=rows,
        missing=missing,
        distinct=len(counts),
        unique=unique,
        examples=tuple(text for text, _ in counts.most_common(3)),
        counts=counts if len(counts) <= _FEW else Counter(),
        length=lengths[len(lengths) // 2],
        words=sum(text.count(" ") + 1 for text in few) / len(few),
        numbers=numbers,
        times=typed or times_of(texts),
        entries=None if numeric or typed else entries_of(texts[:600]),
        ingredients=0 if numeric or typed else ingredient_share(few[:120]),
        emails=_share(texts, _EMAIL),
        links=_share(texts, _ADDRESS),
        markup=sum(bool(_MARKUP.search(text)) for text in few) / len(few),
        path=None if numeric else _path(texts),
        clock=is_clock(texts),
        coded=_share(texts, _CODED),
        truth=len(counts) <= 3 and set(map(str.lower, counts)) <= _YES_NO,
    )


def _share(texts: Sequence[str], pattern: re.Pattern[str]) -> float:
    return sum(bool(pattern.fullmatch(text)) for text in texts) / len(texts)


def _path(texts: Sequence[str]) -> str | None:
    return next((sign for sign in _PATHS if sum(sign in text for text in texts) >= 0.4 * len(texts)), None)
