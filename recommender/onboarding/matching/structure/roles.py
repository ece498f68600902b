"""What tables are by what refers to them: lines of orders, their heads, the catalogue and the customers."""

from collections.abc import Iterable, Sequence
from typing import Final

from recommender.contract import columns as c
from recommender.onboarding.found_table import FoundTable
from recommender.onboarding.matching.candidates import Candidate, Tables
from recommender.onboarding.matching.keys import Keys
from recommender.onboarding.matching.scores import score
from recommender.onboarding.matching.structure.references import Reference, references
from recommender.onboarding.profiling.profile import Profile

_TOLD: Final = 0.72
"""How sure a key is that joins where it must, whatever its name."""
_NAMED: Final = 0.6
_IS: Final = 0.55
_PERSONAL: Final = ("email", "phone", "person_name", "gender", "birth_date", c.BIRTH_YEAR, "demographic")
_BESIDE: Final = ("staff", "channel", "payment_method", "shipping", "status", "currency", "order_type", "size", "note")


def tell_roles(tables: Tables, keys: Keys) -> None:
    """Tell the tables which of their columns are keys of orders, products and customers."""
    found = references(tables, keys)
    by_table = [[reference for reference in found if reference.found is one] for one in tables.found]
    for tell in (_of_lines, _of_ratings, _of_buyers):
        for mine in filter(None, by_table):
            tell(tables, mine)


def _of_lines(tables: Tables, mine: Sequence[Reference]) -> None:
    """Lines have a quantity or a price; what they refer to beside their order is what was sold."""
    lines = tables.candidate(mine[0].found, c.TRANSACTIONS)
    if not lines.has(c.QUANTITY) and not lines.has(c.UNIT_PRICE) and not lines.has(c.TIME):
        return
    heads = [one for one in mine if _is_head(tables, one)]
    if heads and lines.has(c.QUANTITY):
        _tell(tables, max(heads, key=lambda one: one.share), c.TRANSACTION_ID, c.TRANSACTIONS)
    if lines.sureness(c.PRODUCT_ID) >= _NAMED or not lines.has(c.QUANTITY):
        return
    rest = [one for one in mine if one not in heads and _is_catalogue(tables, one.other) and not _is_aside(tables, one)]
    if rest:
        best = max(rest, key=lambda one: len(one.other.sample))
        _tell(tables, best, c.PRODUCT_ID, c.PRODUCTS)
        tables.tell_table(best.other, c.PRODUCTS)


def _of_ratings(tables: Tables, mine: Sequence[Reference]) -> None:
    """What ratings refer to and is not about people is what was rated, such as films."""
    ratings = tables.candidate(mine[0].found, c.RATINGS)
    if not ratings.has(c.RATING) or ratings.sureness(c.PRODUCT_ID) >= _NAMED:
        return
    rest = [one for one in mine if one.column != ratings.column(c.CUSTOMER_ID) and _is_catalogue(tables, one.other)]
    if rest:
        best = max(rest, key=lambda one: len(one.other.sample))
        _tell(tables, best, c.PRODUCT_ID, c.PRODUCTS)
        tables.tell(best.found, best.column, c.PRODUCT_ID, c.RATINGS, _TOLD)
        tables.tell_table(best.other, c.PRODUCTS)


def _is_head(tables: Tables, reference: Reference) -> bool:
    """Whether it refers to orders: they have a time, and nothing that is sold has a customer."""
    head = tables.candidate(reference.other, c.TRANSACTIONS)
    is_order = head.has(c.CUSTOMER_ID) or head.likeness > _IS
    return head.has(c.TIME) and is_order and not head.has(c.QUANTITY)


def _is_catalogue(tables: Tables, found: FoundTable) -> bool:
    products = tables.candidate(found, c.PRODUCTS)
    return products.has(c.NAME) and not _is_about_people(tables, found)


def _is_aside(tables: Tables, reference: Reference) -> bool:
    """Whether its name says that it is about who sold, where, or how it was paid."""
    profile = tables.profiles(reference.found)[reference.column]
    return any(score(profile, kind, "") > _IS for kind in _BESIDE)


def _of_buyers(tables: Tables, mine: Sequence[Reference]) -> None:
    """What orders refer to and is about people is their customer, unless they have one by name."""
    sales = tables.candidate(mine[0].found, c.TRANSACTIONS)
    if sales.sureness(c.CUSTOMER_ID) >= _NAMED:
        named = [one for one in mine if one.column == sales.column(c.CUSTOMER_ID)]
    elif sales.has(c.TIME) or sales.has(c.PRODUCT_ID):
        named = [one for one in mine if _may_be_buyer(tables, sales, one)]
    else:
        return
    if named:
        best = max(named, key=lambda one: (len(tables.profiles(one.other)) > 1, len(one.other.sample)))
        if not _has_time_of_sale(tables, best.other):
            _tell(tables, best, c.CUSTOMER_ID, c.CUSTOMERS)
            tables.tell_table(best.other, c.CUSTOMERS)


def _may_be_buyer(tables: Tables, sales: Candidate, reference: Reference) -> bool:
    if reference.column in (sales.column(c.PRODUCT_ID), sales.column(c.TRANSACTION_ID)):
        return False
    return _is_about_people(tables, reference.other) and not _is_aside(tables, reference)


def _has_time_of_sale(tables: Tables, found: FoundTable) -> bool:
    orders = tables.candidate(found, c.TRANSACTIONS)
    return orders.has(c.TRANSACTION_ID, c.TIME) and orders.likeness > _IS


def _is_about_people(tables: Tables, found: FoundTable) -> bool:
    """Whether columns say something of persons: an address, a phone, their age."""
    return sum(_is_personal(profile) for profile in tables.profiles(found).values()) >= 2


def _is_personal(profile: Profile) -> bool:
    return any(score(profile, kind, "") > _IS for kind in _PERSONAL)


def _tell(tables: Tables, reference: Reference, ours: str, table: str) -> None:
    for one in _both(table):
        tables.tell(reference.found, reference.column, ours, one, _TOLD)
        tables.tell(reference.other, reference.key, ours, one, _TOLD)


def _both(table: str) -> Iterable[str]:
    return dict.fromkeys((c.TRANSACTIONS, table))
