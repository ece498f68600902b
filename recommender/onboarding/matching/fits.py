"""How well what a column holds fits each of ours: -1 where it cannot be, 0 where it says nothing, up to 1."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from recommender.contract import columns as c
from recommender.onboarding.matching.words.known_values import meanings
from recommender.onboarding.profiling.profile import Profile

NEVER: Final = -1.0
_YEARS: Final = 1900, 2020
_DAY: Final = re.compile(r"(?=.*\d\D+\d)[^\d]*(?:\d{1,2}\D+){0,2}((?:19|20)\d{2})(?:\D.*)?")
_BORN: Final = 2000
"""Dates of birth of a shop's customers begin before this year."""
_WRITTEN: Final = 120
"""Characters of a cell in the middle that make a text a description rather than a name."""
_LONG: Final = 50
"""A table of more rows than this has more than one category."""
_COUNTED: Final = (("s",), ("excel",), ())
"""Times that are written as numbers, as ids are."""
_LARGE: Final = 1e6


def fit(profile: Profile, key: str) -> float:
    """How well a column's cells fit ``key``, one of our columns or another kind."""
    if profile.empty:
        return NEVER
    return _FITS.get(key, _anything)(profile)


def _anything(_: Profile) -> float:
    return 0.0


def _identifier(p: Profile) -> float:
    if p.length > 80 or p.words > 6 or p.entries_are_objects or p.clock or p.links > 0.5 or p.markup > 0.2:
        return NEVER
    if p.times is not None and p.times.share > 0.9 and not _is_counted(p):
        return NEVER
    if p.numeric and p.numbers is not None and p.numbers.whole < 0.95:
        return NEVER
    if p.distinct <= 2 and p.rows > 50:
        return -0.5
    return 0.3 if p.words < 1.5 else -0.2


def _is_counted(p: Profile) -> bool:
    """Whether its times may be mere numbers, which ids are as well."""
    return p.wrapped or (p.numeric and p.times is not None and p.times.formats[:1] in _COUNTED)


def _customer(p: Profile) -> float:
    return max(_identifier(p), 0.5) if p.emails > 0.8 else _identifier(p)


def _name(p: Profile) -> float:
    if p.numeric or p.links > 0.5 or p.emails > 0.5 or p.truth or (p.times is not None and p.times.share > 0.9):
        return NEVER
    if p.length > 2.5 * _WRITTEN or p.markup > 0.3 or p.ingredients > 0.4:
        return NEVER
    return 0.4 if p.words >= 1.8 and p.distinct > 0.3 * min(p.rows, 100) else -0.1


def _description(p: Profile) -> float:
    if p.numeric or p.emails > 0.5 or p.links > 0.5 or p.ingredients > 0.4:
        return NEVER
    return 0.5 if p.markup > 0.2 or p.length > _WRITTEN / 2 else -0.5


def _brand(p: Profile) -> float:
    if p.numeric or p.links > 0.5 or p.emails > 0.5 or p.length > 50 or p.truth or p.entries_are_objects:
        return NEVER
    return 0.3 if p.words < 3.5 and p.unique < 0.6 else -0.3


def _category(p: Profile) -> float:
    if p.length > 200 or p.links > 0.5 or p.emails > 0.5 or p.truth or p.entries_are_objects or p.ingredients > 0.4:
        return NEVER
    if p.numeric:
        return -0.6
    if p.distinct == 1 and p.path is None and p.rows > _LONG:
        return -0.5
    return 0.5 if p.path in (" > ", ">", " » ") else 0.2 if p.unique < 0.5 else -0.2


def _texts(p: Profile) -> float:
    if p.numeric or p.entries_are_objects or p.links > 0.5 or p.truth:
        return NEVER
    return 0.4 if p.entries is not None else 0.0 if p.words < 6 else -0.5


def _ingredients(p: Profile) -> float:
    if p.numeric or p.links > 0.5 or p.entries_are_objects:
        return NEVER
    return 1.0 if p.ingredients > 0.3 else 0.0 if p.length > 15 else -0.7


def _price(p: Profile) -> float:
    if p.numbers is None or p.numbers.share < 0.6 or p.clock or p.truth:
        return NEVER
    if p.numbers.middle < 0:
        return NEVER
    return 0.6 if p.numbers.currencies else 0.3 if p.numbers.whole < 0.9 else 0.1


def _count(p: Profile) -> float:
    if p.numbers is None or p.numbers.share < 0.7 or p.numbers.whole < 0.9 or p.clock:
        return NEVER
    return 0.2 if abs(p.numbers.middle) < _LARGE else -0.6


def _stock(p: Profile) -> float:
    if p.numbers is not None and p.numbers.share > 0.7:
        return _count(p) if not p.truth else 0.1
    return 0.3 if p.distinct <= 6 and p.length < 40 else NEVER


def _quantity(p: Profile) -> float:
    if p.numbers is None or p.numbers.share < 0.7 or p.numbers.whole < 0.8 or p.clock:
        return NEVER
    return 0.4 if p.numbers.low >= -5 and p.numbers.middle <= 20 else -0.3


def _rating(p: Profile) -> float:
    if p.numbers is None or p.numbers.share < 0.7 or p.numbers.low < 0 or p.numbers.high > 5:
        return NEVER if p.numbers is None or p.numbers.high > 10 or p.numbers.low < 0 else -0.5
    if p.truth:
        return NEVER
    return 0.6 if p.distinct > 2 else 0.0


def _mean(p: Profile) -> float:
    if p.numbers is None or p.numbers.share < 0.7 or p.numbers.high > 5.01 or p.numbers.low < 0 or p.truth:
        return NEVER
    return 0.5 if p.numbers.whole < 0.9 else 0.1


def _time(p: Profile) -> float:
    if p.times is None or p.times.share < 0.5 or p.clock:
        return NEVER
    if p.times.formats[:1] in (("s",), ("excel",)):
        return 0.1
    return 0.6


def _year(p: Profile) -> float:
    if not p.numeric and _born(p.examples):
        return 0.3
    if p.numbers is None or p.numbers.share < 0.7 or p.numbers.whole < 0.95:
        return NEVER
    return 0.7 if _YEARS[0] < p.numbers.middle < _YEARS[1] else NEVER


def _born(examples: Sequence[str]) -> bool:
    """Whether these are dates of which one is before the customers of a shop could have been born too late for one."""
    years = [int(found[1]) for text in examples if (found := _DAY.fullmatch(text))]
    return bool(years) and len(years) == len(examples) and min(years) < _BORN


def _words_of(column: str) -> Callable[[Profile], float]:
    def judge(p: Profile) -> float:
        counts = p.entries.counts if p.entries is not None and p.entries.counts and column == c.CONCERNS else p.counts
        if not counts or p.numeric:
            return NEVER if p.numeric or (column != c.CONCERNS and not counts) else -0.5
        share = meanings(counts, column)[1]
        if not share and column == c.TYPE:  # Such as how it was paid: no event would be of a known type.
            return NEVER
        return 1.0 if share > 0.5 else 0.5 if share > 0.2 else -0.7

    return judge


def _session(p: Profile) -> float:
    return _identifier(p) if p.distinct > 1 else NEVER


def _query(p: Profile) -> float:
    return NEVER if p.numeric or p.links > 0.5 else 0.2


def _region(p: Profile) -> float:
    if p.emails > 0.3 or p.links > 0.3 or p.length > 40 or p.truth or (p.times is not None and p.times.share > 0.9):
        return NEVER
    if p.coded > 0.5:  # Postal codes: countries and towns go before them.
        return -0.4
    return -0.2 if p.unique > 0.7 and p.rows > 50 else 0.2


def _is_email(p: Profile) -> float:
    return 1.0 if p.emails > 0.5 else -0.6


def _is_link(p: Profile) -> float:
    return 1.0 if p.links > 0.5 else -0.3


def _is_clock(p: Profile) -> float:
    return 1.0 if p.clock else NEVER


def _is_status(p: Profile) -> float:
    if p.numeric and not p.truth:
        return NEVER
    return 0.6 if p.counts and meanings(p.counts, "status")[1] > 0 else 0.0 if p.distinct < 20 else NEVER


def _is_currency(p: Profile) -> float:
    return 0.7 if not p.numeric and p.length <= 4 and p.distinct < 30 else NEVER


def _is_time(p: Profile) -> float:
    return 0.4 if p.times is not None and p.times.share > 0.5 and p.times.formats[:1] != ("excel",) else NEVER


def _is_truth(p: Profile) -> float:
    return 0.7 if p.truth else NEVER


def _is_text(p: Profile) -> float:
    return NEVER if p.numeric else 0.5 if p.length > 20 else 0.0


_FITS: Final[Mapping[str, Callable[[Profile], float]]] = {
    c.CUSTOMER_ID: _customer, c.PRODUCT_ID: _identifier, c.TRANSACTION_ID: _identifier, c.EVENT_ID: _identifier,
    c.SESSION_ID: _session, c.FAMILY_ID: _identifier, c.BIRTH_YEAR: _year,
    c.REGION: _region, c.SKIN_TYPE: _words_of(c.SKIN_TYPE), c.CONCERNS: _words_of(c.CONCERNS),
    c.AVOIDED_INGREDIENTS: _texts, c.SIGNUP_TIME: _time, c.NAME: _name, c.BRAND: _brand, c.CATEGORY: _category,
    c.FUNCTIONS: _texts, c.INGREDIENTS: _ingredients, c.PRICE: _price, c.STOCK: _stock, c.LAUNCHED: _time,
    c.RATING_MEAN: _mean, c.RATING_COUNT: _count, c.LOVES: _count, c.QUANTITY: _quantity, c.UNIT_PRICE: _price,
    c.TIME: _time, c.POSITION: _count, c.RATING: _rating, c.TYPE: _words_of(c.TYPE), c.QUERY: _query,
    c.DESCRIPTION: _description, c.RETURNED: _count, "email": _is_email, "picture": _is_link,
    "link": _is_link, "clock": _is_clock, "status": _is_status, "currency": _is_currency, "updated": _is_time,
    "birth_date": _is_time, "out_of_stock": _is_truth, "review_text": _is_text,
}  # fmt: skip
