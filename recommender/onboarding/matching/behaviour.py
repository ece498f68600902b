"""Which tables tell what customers did: bought, rated, looked at; also where an order's head has a table of its own."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from recommender.contract import columns as c
from recommender.onboarding.found_table import FoundTable
from recommender.onboarding.matching.candidates import Candidate, Tables
from recommender.onboarding.matching.keys import Keys
from recommender.onboarding.matching.scores import score
from recommender.onboarding.matching.structure.titles import with_title
from recommender.onboarding.matching.words.known_values import meaning
from recommender.onboarding.matching.words.terms import compared, likeness, table_likeness
from recommender.onboarding.proposal import Join

_JOINS: Final = 0.6
_SHARED: Final = 0.2
"""Of two samples of large tables so much of one's keys is found in the other where they join."""


@dataclass(frozen=True)
class Behaviour:
    """A table of what customers did.

    Attributes:
        candidate: The table.
        constant: Type of all its events, where no column says one.
        heads: Other tables with what it lacks, by the join.
        titled: Whether titles stand for the ids of products.
    """

    candidate: Candidate
    constant: str | None = None
    heads: tuple[tuple[Candidate, Join], ...] = ()
    titled: bool = False

    @property
    def table(self) -> str:
        """Which of ours it is."""
        return self.candidate.table

    @property
    def score(self) -> float:
        """How sure that is."""
        return self.candidate.score + (0.1 if self.heads else 0.0)


def behaviours(tables: Tables, keys: Keys) -> list[Behaviour]:
    """Of each of our tables of behaviour the best foreign one, and those that are it as well."""
    found = [behaviour for one in tables.found if (behaviour := _behaviour(tables, keys, one)) is not None]
    return sorted(found, key=lambda behaviour: -_worth(behaviour))


def _worth(behaviour: Behaviour) -> float:
    rows = behaviour.candidate.found.rows or 0
    return behaviour.score + (0.05 if rows > 1_000 else 0.0)


def _behaviour(tables: Tables, keys: Keys, found: FoundTable) -> Behaviour | None:
    ratings, events, sales = (tables.candidate(found, name) for name in (c.RATINGS, c.EVENTS, c.TRANSACTIONS))
    if (
        events.has(c.CUSTOMER_ID, c.TYPE, c.TIME)
        and events.sureness(c.TYPE) > 0.55
        and (events.has(c.PRODUCT_ID) or events.has(c.QUERY))
    ):
        return Behaviour(events)
    if ratings.has(c.CUSTOMER_ID, c.PRODUCT_ID, c.RATING) and not _is_sale(sales, ratings):
        return _with_head(tables, keys, ratings) or Behaviour(ratings)
    if sales.has(c.CUSTOMER_ID, c.PRODUCT_ID) and not _is_facts(tables, found):
        return _constant_events(tables, found) or _with_head(tables, keys, sales) or Behaviour(sales)
    if sales.has(c.PRODUCT_ID) and not sales.has(c.CUSTOMER_ID):
        return _with_head(tables, keys, sales)
    titled = with_title(tables, sales) if not _is_facts(tables, found) else None
    return Behaviour(titled, titled=True) if titled is not None else None


def _is_sale(sales: Candidate, ratings: Candidate) -> bool:
    return sales.has(c.TRANSACTION_ID, c.QUANTITY) and ratings.sureness(c.RATING) < 0.75


def _is_facts(tables: Tables, found: FoundTable) -> bool:
    """Whether each row is another product or customer, so that nothing happened twice."""
    products, customers = tables.candidate(found, c.PRODUCTS), tables.candidate(found, c.CUSTOMERS)
    sales = tables.candidate(found, c.TRANSACTIONS)
    alone = products.unique(c.PRODUCT_ID) > 0.97 or customers.unique(c.CUSTOMER_ID) > 0.97
    named = max(products.likeness, customers.likeness) >= sales.likeness
    return len(found.sample) > 5 and alone and named and not sales.has(c.TRANSACTION_ID, c.TIME)


def _constant_events(tables: Tables, found: FoundTable) -> Behaviour | None:
    """A file of views or baskets says so by its name alone."""
    events, sales = tables.candidate(found, c.EVENTS), tables.candidate(found, c.TRANSACTIONS)
    said = [kind for word in compared(found.words).words if (kind := _kind_of_events(word)) is not None]
    bought = sales.has(c.QUANTITY) or sales.has(c.UNIT_PRICE) or sales.sureness(c.TRANSACTION_ID) > 0.6
    if not said or bought or not events.has(c.CUSTOMER_ID, c.PRODUCT_ID, c.TIME):
        return None
    return Behaviour(events, constant=said[0])


def _kind_of_events(word: str) -> str | None:
    kind = meaning(word, c.TYPE) or meaning(word.rstrip("s"), c.TYPE)
    return kind if kind not in (None, "purchase", "remove_from_cart") else None


def _with_head(tables: Tables, keys: Keys, lines: Candidate) -> Behaviour | None:
    """Lines of orders with the table of the orders, for what the lines lack; or of baskets, visits, invoices."""
    lacking = [name for name in (c.CUSTOMER_ID, c.TIME) if not lines.has(name)]
    if not lacking:
        return None
    heads = (tables.candidate(found, c.TRANSACTIONS) for found in tables.found if found is not lines.found)
    joins = [(head, join) for head in heads if _is_head(head, lacking) and (join := _join(keys, lines, head, lacking))]
    if not joins:
        return None
    best = max(joins, key=lambda pair: sum(pair[0].sureness(name) for name in lacking) + pair[0].likeness)
    head = best[0]
    return Behaviour(lines, heads=(best,)) if lines.has(c.CUSTOMER_ID) or head.has(c.CUSTOMER_ID) else None


def _is_head(head: Candidate, lacking: Iterable[str]) -> bool:
    return all(head.has(name) for name in lacking if name == c.CUSTOMER_ID) and any(map(head.has, lacking))


def _join(keys: Keys, lines: Candidate, head: Candidate, lacking: list[str]) -> Join | None:
    pairs = {
        (mine, theirs): worth
        for mine in lines.found.columns
        for theirs in head.found.columns
        if (worth := _joins(keys, lines, mine, head, theirs)) > 0
    }
    if not pairs:
        return None
    mine, theirs = max(pairs, key=lambda pair: pairs[pair])
    share = keys.overlap(lines.found, mine, head.found, theirs)
    needed = [column for name in lacking if (column := head.column(name)) is not None]
    clash = set(lines.found.columns) & (set(needed) | {theirs} - {mine})
    why = f"{share:.0%} of the values of {mine} looked at are in {theirs} of {head.found.name}"
    on = mine if mine == theirs else {mine: theirs}
    return Join(head.found, on, "head" if clash else "", tuple(dict.fromkeys([theirs, *needed])), why)


def _joins(keys: Keys, lines: Candidate, mine: str, head: Candidate, theirs: str) -> float:
    """How much speaks for a join by this key; 0 where it is none."""
    unique = head.profiles[theirs].unique
    as_order = max(score(lines.profiles[mine], c.TRANSACTION_ID, c.TRANSACTIONS), _told(lines, mine))
    alike = _alike(mine, theirs)
    share = keys.overlap(lines.found, mine, head.found, theirs)
    if unique < 0.95 or share < (_JOINS if head.found.whole else _SHARED) or not (alike or as_order > 0.4):
        return 0.0
    return share + as_order + (0.5 if alike else 0.0)


def _told(lines: Candidate, column: str) -> float:
    return lines.scores.cells.get((column, c.TRANSACTION_ID), 0.0)


def _alike(mine: str, theirs: str) -> bool:
    """Whether two columns have the same name, or one is the id of what the other's table is about."""
    if compared(mine).squeezed == compared(theirs).squeezed:
        return True
    both = (likeness(compared(name), c.TRANSACTION_ID) > 0.5 for name in (mine, theirs))
    bare = compared(theirs).words in (("id",), ("nr",), ("no",), ("code",))
    return all(both) or (bare and table_likeness(" ".join(compared(mine).words[:-1]), c.TRANSACTIONS) > 0.5)
