"""Clean tables of any size, drawn at once by columns, with something to learn in them.

What a larger shop has more of are products, customers and brands; words grow as in language, by a root. What it has
not more of: uses a customer, products that are much alike, and uses a product.
"""

from typing import Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from benchmarks.draws import (
    BEGIN,
    DAYS,
    Columns,
    padded_ids,
    power_law_ranks,
    random_choices,
    random_times,
    skewed,
    stamps,
)
from infrastructure import SECONDS_A_DAY
from recommender.contract import columns as c
from recommender.contract.arrow import arrow_schema, as_frame
from recommender.contract.tables import Tables
from recommender.knowledge.knowledge import Knowledge

PRODUCTS: Final = 12_101
CUSTOMERS: Final = 22_363
"""Amazon Beauty's, which a shop of size 1 has; its customers used 7.9 products each."""

_ALIKE: Final = 20
"""Products of one cluster: bought by the same customers, called by the same words."""
_BRAND: Final = 50
_WORDS: Final = 4_000
"""Words of a shop of size 1."""
_HEAPS: Final = 0.6
"""By which power of the products words grow: Heaps' law for short texts."""
_OWN_WORDS: Final = 6
_VISITS: Final = 0.29
_A_VISIT: Final = 0.5
"""Chances that a customer's visits, and the products of one, end after each."""
_STRAY: Final = 0.15
"""Share of the uses that follow popularity alone."""
_KINDS: Final = ("Serum", "Cream", "Cleanser", "Toner", "Mask", "Oil", "Balm", "Mist")
_PARTS: Final = ("Face", "Body", "Hair", "Nails", "Lips")


def draw_tables(size: float, seed: int = 0) -> Tables:
    """Products, customers with profiles, and about eight uses a customer; the same for the same size and seed."""
    rng = np.random.default_rng(seed)
    products, customers = round(PRODUCTS * size), round(CUSTOMERS * size)
    # Numbers follow no popularity, as a shop's own identifiers do not.
    ids = padded_ids("p", 0, products).take(pa.array(rng.permutation(products)))
    return Tables(
        products=_frame(c.PRODUCTS, _products(ids, rng)),
        customers=_frame(c.CUSTOMERS, _customers(customers, rng)),
        transactions=_frame(c.TRANSACTIONS, _uses(ids, customers, rng)),
    )


def _frame(table: str, columns: Columns) -> pd.DataFrame:
    return as_frame(pa.table(columns).cast(arrow_schema(table, columns)))


def _products(ids: Any, rng: np.random.Generator) -> Columns:
    count = len(ids)
    cluster = np.arange(count) // _ALIKE
    clusters = int(cluster[-1]) + 1
    words = round(_WORDS * (count / PRODUCTS) ** _HEAPS)
    text = padded_ids("w", 0, words)
    own = _of_cluster(text, words, cluster, clusters, rng)
    frequent = [text.take(skewed(words, count, 0.8, rng)) for _ in range(4)]
    kinds = pa.array(_KINDS).take(pa.array(rng.integers(0, len(_KINDS), clusters)[cluster]))
    parts = pa.array(_PARTS).take(pa.array(rng.integers(0, len(_PARTS), clusters)[cluster]))
    brands = max(count // _BRAND, 2)
    brand = _of_cluster(padded_ids("brand ", 0, brands), brands, cluster, clusters, rng, choices=1)[0]
    return {
        c.PRODUCT_ID: ids,
        c.NAME: pc.binary_join_element_wise(brand, *own, *frequent, kinds, " "),
        c.BRAND: brand,
        c.CATEGORY: pc.binary_join_element_wise(parts, kinds, " > "),
        c.INGREDIENTS: _labels(cluster, clusters, rng),
        c.PRICE: pa.array(np.round(np.exp(rng.normal(3, 0.6, count)), 2)),
        c.LAUNCHED: random_times(count, rng),
    }


def _of_cluster(
    values: Any, size: int, cluster: NDArray[np.int64], clusters: int, rng: np.random.Generator, choices: int = 3
) -> list[Any]:
    """``choices`` times one of the few values that each product's cluster has of its own."""
    own = rng.integers(0, size, (clusters, _OWN_WORDS))
    picked = rng.integers(0, _OWN_WORDS, (choices, len(cluster)))
    return [values.take(pa.array(own[cluster, column])) for column in picked]


def _labels(cluster: NDArray[np.int64], clusters: int, rng: np.random.Generator) -> Any:
    """Lists of ingredients: half the cluster's own, half what all labels have."""
    known = pa.array(sorted(Knowledge.load().ingredients))
    lengths = rng.integers(4, 16, len(cluster))
    owners = np.repeat(cluster, lengths)
    own = rng.integers(0, len(known), (clusters, _OWN_WORDS))[owners, rng.integers(0, _OWN_WORDS, len(owners))]
    common = power_law_ranks(len(known), len(owners), 0.5, rng)
    starts = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
    return pa.ListArray.from_arrays(
        pa.array(starts), known.take(pa.array(np.where(rng.random(len(owners)) < 0.5, own, common)))
    )


def _customers(count: int, rng: np.random.Generator) -> Columns:
    concerns = [[], ["dryness"], ["acne", "oiliness"], ["redness", "sensitivity"], ["ageing"]]
    return {
        c.CUSTOMER_ID: padded_ids("c", 0, count),
        c.BIRTH_YEAR: pa.array(rng.integers(1940, 2010, count)),
        c.REGION: random_choices(["north", "south", "east", "west", None], count, rng),
        c.SKIN_TYPE: random_choices([*c.SKIN_TYPES, None], count, rng),
        c.CONCERNS: random_choices(concerns, count, rng),
    }


def _uses(ids: Any, customers: int, rng: np.random.Generator) -> Columns:
    """Visits of a few clusters that are the customer's own, two visits at least, and the products of each visit."""
    clusters = (len(ids) - 1) // _ALIKE + 1
    visitor = np.repeat(np.arange(customers), 1 + rng.geometric(_VISITS, customers))
    liked = power_law_ranks(clusters, customers * 3, 0.5, rng).reshape(customers, 3)
    lengths = rng.geometric(_A_VISIT, len(visitor))
    visit = np.repeat(np.arange(len(visitor)), lengths)
    position = np.arange(len(visit)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    cluster = liked[visitor, power_law_ranks(3, len(visitor), 0.5, rng)][visit]
    # Half of a visit's products come in the cluster's order, which is what an order of purchases can teach.
    begun, free = power_law_ranks(_ALIKE, len(visitor), 0.4, rng)[visit], power_law_ranks(_ALIKE, len(visit), 0.4, rng)
    place = np.where(rng.random(len(visit)) < 0.5, begun + position, free) % _ALIKE
    stray = rng.random(len(visit)) < _STRAY
    product = np.where(stray, power_law_ranks(len(ids), len(visit), 0.5, rng), cluster * _ALIKE + place)
    days = rng.integers(0, DAYS, len(visitor))
    return {
        c.TRANSACTION_ID: padded_ids("t", 0, len(visitor)).take(pa.array(visit)),
        c.CUSTOMER_ID: padded_ids("c", 0, customers).take(pa.array(visitor[visit])),
        c.PRODUCT_ID: ids.take(pa.array(np.minimum(product, len(ids) - 1))),
        c.QUANTITY: pa.array(np.ones(len(visit), np.int64)),
        c.TIME: stamps(BEGIN + SECONDS_A_DAY * days[visit]),
        c.POSITION: pa.array(position),
    }
