"""A candidate's columns as guesses that can be shown, with what speaks for each."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from typing import Any

from recommender.contract import columns as c
from recommender.onboarding.matching.candidates import Candidate
from recommender.onboarding.matching.how import how_to_read, number_marks, shown_examples
from recommender.onboarding.matching.scores import score
from recommender.onboarding.matching.words.terms import compared, likeness
from recommender.onboarding.profiling.profile import Profile
from recommender.onboarding.proposal import Guess

_LONGER = 1.5
_WORDS = 4
_LEVEL = 0.4
_FINER = 0.75
_NAMED = 0.7


def guesses_of(candidate: Candidate, *, named: str = "") -> dict[str, Guess]:
    """The guesses of all columns that a candidate has.

    Args:
        candidate: The table.
        named: What stands before its columns' names in a join.
    """
    found = {ours: guess_of(candidate, ours, *pair, named=named) for ours, pair in candidate.pairs.items()}
    told = found | _levels(candidate, found) | _clock(candidate, found) | _turned_stock(candidate)
    return {ours: guess for ours, guess in told.items() if ours != c.DESCRIPTION or _says_more(candidate)}


def _says_more(candidate: Candidate) -> bool:
    """Whether a description is a longer text than the name, of which it may be only another spelling."""
    name, text = (candidate.profiles.get(candidate.column(ours) or "") for ours in (c.NAME, c.DESCRIPTION))
    if text is None or text.markup > 0:
        return text is not None
    return text.length > _LONGER * (name.length if name is not None else 0) and text.words > _WORDS


def guess_of(candidate: Candidate, ours: str, column: str, sureness: float, *, named: str = "") -> Guess:
    """The guess that one of ours is a column of a candidate's table."""
    guess = _single(candidate, ours, column, sureness, named)
    if ours == c.REGION:  # A city and a state are both right.
        return guess
    further = (_single(candidate, ours, *other, named) for other in candidate.others(ours))
    return replace(guess, others=(*_other_order(candidate.profiles[column], guess), *further))


def _single(candidate: Candidate, ours: str, column: str, sureness: float, named: str) -> Guess:
    profile = candidate.profiles[column]
    keys, doubt = how_to_read(profile, ours, candidate.table)
    return Guess(
        ours=ours,
        keys={"from": f"{named}.{column}" if named else column, **keys},
        score=sureness,
        why=evidence(profile, ours),
        examples=shown_examples(profile, ours),
        doubt=doubt,
    )


def _other_order(profile: Profile, guess: Guess) -> tuple[Guess, ...]:
    """The same column with day and month in the other order, where nothing shows which is right."""
    if profile.times is None or profile.times.other is None or not guess.doubt:
        return ()
    return (replace(guess, keys={**guess.keys, "format": profile.times.other}, why="day and month in the other order"),)


def evidence(profile: Profile, ours: str) -> str:
    """What speaks for a column, in a few words."""
    named = likeness(compared(profile.name), ours)
    said = ["its name"] if named > 0.85 else ["part of its name"] if named > 0.3 else []
    return ", ".join([*said, *_cells(profile, ours)]) or "what is left"


def _cells(profile: Profile, ours: str) -> list[str]:
    said = list[str]()
    if profile.times is not None and ours in (c.TIME, c.SIGNUP_TIME, c.LAUNCHED):
        said.append(f"times from {profile.times.span[0]} to {profile.times.span[1]}")
        said += [profile.times.why] if profile.times.why and profile.times.other is None else []
    elif (
        profile.numeric and profile.numbers is not None and ours not in (c.CUSTOMER_ID, c.PRODUCT_ID, c.TRANSACTION_ID)
    ):
        said.append(f"numbers from {profile.numbers.low:g} to {profile.numbers.high:g}")
        said += [f"in {', '.join(profile.numbers.currencies)}"] if profile.numbers.currencies else []
    elif ours == c.INGREDIENTS and profile.ingredients > 0.3:
        said.append(f"{profile.ingredients:.0%} of its entries are known ingredients")
    elif profile.emails > 0.5:
        said.append("e-mail addresses")
    elif ours in (c.CUSTOMER_ID, c.PRODUCT_ID, c.TRANSACTION_ID, c.NAME, c.BRAND, c.CATEGORY):
        said.append(
            "each value once" if profile.unique > 0.99 else f"{profile.distinct:,} values in the rows looked at"
        )
    return [*said, f"{profile.missing:.0%} missing"] if profile.missing > 0.005 else said


def _levels(candidate: Candidate, found: Mapping[str, Guess]) -> dict[str, Guess]:
    """A category in several columns, from the coarse one to the fine one."""
    if c.CATEGORY not in found or "literal" in found[c.CATEGORY].keys or "separator" in found[c.CATEGORY].keys:
        return {}
    taken = {column for ours, guess in found.items() if ours != c.CATEGORY for column in guess.columns}
    levels = [
        name
        for name, profile in candidate.profiles.items()
        if name not in taken
        and not profile.numeric
        and score(profile, c.CATEGORY, c.PRODUCTS) > _LEVEL
        and likeness(compared(name), c.CATEGORY) > _NAMED
    ]
    levels.sort(key=lambda name: candidate.profiles[name].distinct)
    if len(levels) < 2 or not all(_is_finer(candidate, *pair) for pair in pairwise(levels)):
        return {}
    guess = found[c.CATEGORY]
    keys = {**guess.keys, "from": levels}
    return {c.CATEGORY: Guess(c.CATEGORY, keys, guess.score, "levels, from coarse to fine", guess.examples)}


def _is_finer(candidate: Candidate, coarse: str, fine: str) -> bool:
    """Whether nearly every fine value is within one coarse one."""
    pairs = candidate.found.sample[[coarse, fine]].dropna().astype(str).drop_duplicates()
    sizes = pairs.groupby(fine)[coarse].size()
    return bool(len(sizes)) and bool((sizes == 1).mean() > _FINER)


def _clock(candidate: Candidate, found: Mapping[str, Guess]) -> dict[str, Guess]:
    """A date in one column and the time of day in another."""
    guess = found.get(c.TIME)
    clocks = [name for name, profile in candidate.profiles.items() if profile.clock]
    if guess is None or len(clocks) != 1 or len(guess.columns) != 1:
        return {}
    profile = candidate.profiles.get(guess.columns[0])
    if profile is None or profile.times is None or profile.times.clock:
        return {}
    sign = _clock_format(candidate.profiles[clocks[0]])
    forms = profile.times.formats or ("%Y-%m-%d",)
    keys: dict[str, Any] = {**guess.keys, "from": [*guess.columns, clocks[0]], "format": f"{forms[0]} {sign}"}
    return {c.TIME: Guess(c.TIME, keys, guess.score, f"{guess.why}; the time of day in {clocks[0]}", doubt=guess.doubt)}


def _clock_format(profile: Profile) -> str:
    example = profile.examples[0]
    seconds = ":%S" if example.count(":") > 1 else ""
    return f"%I:%M{seconds} %p" if example[-1:] in "Mm" else f"%H:%M{seconds}"


def _turned_stock(candidate: Candidate) -> dict[str, Guess]:
    """A column that says what is sold out, in place of one that says what is there."""
    if candidate.table != c.PRODUCTS or candidate.sureness(c.STOCK) > 0.6:
        return {}
    out = [name for name, profile in candidate.profiles.items() if score(profile, "out_of_stock", c.PRODUCTS) > 0.7]
    if len(out) != 1:
        return {}
    profile = candidate.profiles[out[0]]
    values = {word: 0 if word.lower() in _YES else 1 for word in profile.counts}
    keys = {"from": out[0], "values": values}
    return {c.STOCK: Guess(c.STOCK, keys, 0.8, "it says what is sold out", profile.examples)}


_YES = frozenset(("1", "1.0", "yes", "y", "true", "t", "ja", "oui"))


def table_settings(candidate: Candidate, guesses: Mapping[str, Guess]) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Marks of numbers and words for a missing value, of the columns that are used, and what is doubtful of them."""
    used = {column for guess in guesses.values() for column in guess.columns if column in candidate.profiles}
    mine = {name: profile for name, profile in candidate.profiles.items() if name in used}
    of_numbers = {
        column: mine[column]
        for ours, guess in guesses.items()
        for column in guess.columns
        if ours in _NUMBERS and column in mine
    }
    settings, doubt = number_marks(of_numbers)
    words = sorted({word for profile in mine.values() for word in profile.missing_words})
    if words:
        settings["missing"] = words
    return settings, (doubt,) if doubt else ()


_NUMBERS = frozenset((c.PRICE, c.UNIT_PRICE, c.RATING, c.RATING_MEAN, c.QUANTITY, c.STOCK, c.RATING_COUNT, c.LOVES))
