"""Where products and customers come from: tables of their own, or what tables of behaviour say of them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from recommender.contract import columns as c
from recommender.contract.fields import KEYS
from recommender.onboarding.matching.behaviour import Behaviour
from recommender.onboarding.matching.candidates import REQUIRED, Candidate, Tables, is_customers
from recommender.onboarding.matching.guesses import guess_of, guesses_of
from recommender.onboarding.matching.keys import Keys, best_pair
from recommender.onboarding.matching.scores import score
from recommender.onboarding.proposal import Guess

_ID: Final = 0.2
_JOINED: Final = 0.5
_ROWS_OF_FACTS: Final = 0.5
_NAMES_OF_ONE: Final = 1.3
_EACH_ONCE: Final = 0.95
_NAMELESS: Final = "no name is there; the id stands for it"


def products_table(tables: Tables, behaviours: Sequence[Behaviour], keys: Keys) -> Candidate | None:
    """The table that is about products: one that has their ids and names, each product in few rows."""
    busy = {id(behaviour.candidate.found) for behaviour in behaviours}
    found = [
        candidate
        for candidate in tables.all(c.PRODUCTS)
        if candidate.has(c.PRODUCT_ID) and id(candidate.found) not in busy and _is_about_products(candidate)
    ]
    return max(found, key=lambda candidate: candidate.score + _joined(candidate, behaviours, keys), default=None)


def _is_about_products(candidate: Candidate) -> bool:
    if not candidate.has(c.NAME):
        return candidate.unique(c.PRODUCT_ID) > _EACH_ONCE and candidate.likeness > 0.7
    return candidate.unique(c.PRODUCT_ID) > _ROWS_OF_FACTS or candidate.likeness > 0.7


def with_name(guesses: dict[str, Guess]) -> dict[str, Guess]:
    """With the product's id in place of a name that is not there."""
    if c.NAME in guesses and guesses[c.NAME].score >= REQUIRED:
        return guesses
    return {**guesses, c.NAME: Guess(c.NAME, {"from": guesses[c.PRODUCT_ID].columns[0]}, 0.6, _NAMELESS)}


def _joined(candidate: Candidate, behaviours: Sequence[Behaviour], keys: Keys) -> float:
    """How well its ids are those of what customers bought."""
    column = candidate.column(c.PRODUCT_ID)
    shares = [
        keys.overlap(behaviour.candidate.found, mine, candidate.found, column)
        for behaviour in behaviours
        if (mine := behaviour.candidate.column(c.PRODUCT_ID)) is not None and column is not None
    ]
    return max(shares, default=0.0)


def customers_table(tables: Tables, behaviours: Sequence[Behaviour]) -> Candidate | None:
    """The table that is about customers."""
    busy = {id(behaviour.candidate.found) for behaviour in behaviours}
    found = [one for one in tables.all(c.CUSTOMERS) if is_customers(one) and id(one.found) not in busy]
    return max(found, key=lambda candidate: candidate.score, default=None)


def joined_ids(
    behaviour: Behaviour, facts: Candidate, ours: str, keys: Keys
) -> tuple[Guess | None, Guess | None, float]:
    """The columns of a key in a table of behaviour and in one of facts that join best.

    Returns:
        Each where it is another than was guessed by name, and the share of the ids that join.
    """
    mine, theirs = behaviour.candidate, facts
    found = best_pair(keys, mine.found, _ids(mine, ours), theirs.found, _ids(theirs, ours))
    now = mine.column(ours), theirs.column(ours)
    by_name = keys.overlap(mine.found, now[0], theirs.found, now[1]) if now[0] and now[1] else 0.0
    if found is None or found[2] < _JOINED or by_name > 0.9 * found[2]:
        return None, None, by_name
    why = f"{found[2]:.0%} of its values are in {found[1]} of {theirs.found.name}"
    first = None if found[0] == now[0] else replace(guess_of(mine, ours, found[0], 0.75), why=why, others=())
    second = None if found[1] == now[1] else replace(guess_of(theirs, ours, found[1], 0.75), why=why, others=())
    return first, second, found[2]


def _ids(candidate: Candidate, ours: str) -> dict[str, float]:
    """The columns that may be the key, by how sure that is."""
    if candidate.table in (c.CUSTOMERS, c.PRODUCTS) and KEYS[candidate.table] == ours:
        likely = {
            name: 0.3 for name, profile in candidate.profiles.items() if profile.unique > 0.95 and profile.words < 3
        }
    else:
        likely = dict[str, float]()
    scored = {name: score(profile, ours, candidate.table) for name, profile in candidate.profiles.items()}
    named = {name: worth for name, worth in scored.items() if worth > _ID}
    return likely | named


def products_from(behaviours: Sequence[Behaviour], tables: Tables) -> tuple[Candidate, dict[str, Guess]] | None:
    """Products read from what customers did, best where that names them."""
    found = [(tables.candidate(one.candidate.found, c.PRODUCTS), one) for one in behaviours]
    if not found:
        return None
    candidate, behaviour = max(found, key=lambda pair: pair[0].sureness(c.NAME))
    column = behaviour.candidate.column(c.PRODUCT_ID)
    if column is None:
        return None
    guesses = _but(guesses_of(candidate), (c.STOCK, c.LAUNCHED, c.RATING_MEAN, c.RATING_COUNT, c.LOVES), column)
    guesses[c.PRODUCT_ID] = guess_of(candidate, c.PRODUCT_ID, column, 0.9)
    if c.NAME in guesses:
        names = (guesses[c.NAME], *guesses[c.NAME].others)
        steady = [one for one in names if _names_each(candidate, column, one.columns[0])]
        guesses[c.NAME] = replace(steady[0], others=tuple(steady[1:])) if steady else guesses[c.NAME]
    return candidate, with_name(guesses)


def _names_each(candidate: Candidate, column: str, name: str) -> bool:
    """Whether nearly every product has one name: an order's name stands beside several products."""
    pairs = candidate.found.sample[[column, name]].dropna().astype(str).drop_duplicates()
    return bool(len(pairs)) and len(pairs) < _NAMES_OF_ONE * pairs[column].nunique()


def customers_from(behaviours: Sequence[Behaviour], tables: Tables) -> tuple[Candidate, dict[str, Guess]] | None:
    """Customers read from reviews or orders that say something about them."""
    for behaviour in behaviours:
        column = behaviour.candidate.column(c.CUSTOMER_ID)
        if column is None:
            continue
        candidate = tables.candidate(behaviour.candidate.found, c.CUSTOMERS)
        guesses = _but(guesses_of(candidate), (c.SIGNUP_TIME,), column)
        guesses[c.CUSTOMER_ID] = guess_of(candidate, c.CUSTOMER_ID, column, 0.9)
        about = [guess for ours, guess in guesses.items() if ours != c.CUSTOMER_ID and guess.score > 0.55]
        if about:
            return candidate, guesses
    return None


def _but(guesses: Mapping[str, Guess], ours: tuple[str, ...], column: str) -> dict[str, Guess]:
    """Without some of ours and without what is made from a column that is the key."""
    return {name: guess for name, guess in guesses.items() if name not in ours and column not in guess.columns}
