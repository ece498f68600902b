"""A raw shop of any size, drawn column by column, with some errors: for measuring time, not quality."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from benchmarks.draws import Columns, padded_ids, random_choices, random_times, skewed
from infrastructure.files import replace_folder, write_json
from recommender.contract import columns as c
from recommender.contract.event_types import DISMISS, PURCHASE, SAVE, SEARCH, VIEW
from recommender.data.provenance import ABOUT
from recommender.knowledge.knowledge import Knowledge

SHARES: Final = {c.TRANSACTIONS: 0.5, c.RATINGS: 0.2, c.EVENTS: 0.3}
"""Share of the interactions that is in each table."""

ROWS_A_CUSTOMER: Final = 10
ROWS_A_PRODUCT: Final = 100
_SOILED: Final = 0.001
"""Share of the rows with each kind of error."""
_LATE: Final = pa.scalar(datetime(2200, 1, 1, tzinfo=UTC), pa.timestamp("us", tz="UTC"))
_BATCH: Final = 1_000_000
_SEARCHES: Final = ("serum without parabens", "fragrance free", "mask", "no sulfates or silicones", "vitamin c serum")
_CLAIMS: Final = ("Hydrating", "Soothing", "Anti-Aging", "Brightening", "Daily", "Pure", "Original")
_KINDS: Final = ("Serum", "Cream", "Cleanser", "Toner", "Mask", "Oil", "Balm", "Mist")


def write_shop(folder: Path, rows: int, seed: int = 0) -> dict[str, int]:
    """Write raw tables with ``rows`` interactions into ``folder``, as ``RawTables.read`` reads them.

    A tenth as many customers and a hundredth as many products; how often a product is used falls with its rank as a
    power of it, and so does how much a customer does. Of the interactions about one in 250 has to be rejected, and
    one in a thousand has blanks around its customer.

    Returns:
        Rows of each table.
    """
    rng = np.random.default_rng(seed)
    customers = padded_ids("c", 0, max(rows // ROWS_A_CUSTOMER, 10))
    products = padded_ids("p", 0, max(rows // ROWS_A_PRODUCT, 10))
    with replace_folder(folder) as partial:
        counts = {
            c.CUSTOMERS: _write(partial, c.CUSTOMERS, [_customers(customers, rng)]),
            c.PRODUCTS: _write(partial, c.PRODUCTS, [_products(products, rng)]),
        }
        for table, share in SHARES.items():
            counts[table] = _write(partial, table, _behaviour(table, round(rows * share), customers, products, rng))
        write_json(partial / ABOUT, {"name": "shop", "origins": {}})
    return counts


def _write(folder: Path, table: str, batches: Any) -> int:
    rows, writer = 0, None
    for columns in batches:
        batch = pa.table(columns)
        writer = writer or pq.ParquetWriter(folder / f"{table}.parquet", batch.schema)
        writer.write_table(batch)
        rows += len(batch)
    if writer:
        writer.close()
    return rows


def _behaviour(table: str, rows: int, customers: Any, products: Any, rng: np.random.Generator) -> Iterator[Columns]:
    for begin in range(0, rows, _BATCH):
        count = min(_BATCH, rows - begin)
        columns = {
            c.CUSTOMER_ID: customers.take(skewed(len(customers), count, 0.4, rng)),
            c.PRODUCT_ID: products.take(skewed(len(products), count, 0.7, rng)),
            c.TIME: random_times(count, rng),
            **_OWN[table](begin, count, rng),
        }
        yield _soiled(columns, count, rng)


def _soiled(columns: Columns, count: int, rng: np.random.Generator) -> Columns:
    """With some rows without a customer, of an unknown product, in the future, repeated, or with blanks."""
    hit = {kind: pa.array(rng.random(count) < _SOILED) for kind in ("none", "gone", "late", "twice", "blank")}
    blank = pc.binary_join_element_wise(" ", columns[c.CUSTOMER_ID], " ", "")
    customers = pc.if_else(hit["blank"], blank, columns[c.CUSTOMER_ID])
    soiled = columns | {
        c.CUSTOMER_ID: pc.if_else(hit["none"], pa.scalar(None, pa.string()), customers),
        c.PRODUCT_ID: pc.if_else(hit["gone"], pa.scalar("gone"), columns[c.PRODUCT_ID]),
        c.TIME: pc.if_else(hit["late"], _LATE, columns[c.TIME]),
    }
    said_before = pa.array(np.maximum(np.arange(count) - np.asarray(hit["twice"]), 0))
    return {name: cells.take(said_before) for name, cells in soiled.items()}


def _transactions(begin: int, count: int, rng: np.random.Generator) -> Columns:
    return {
        c.TRANSACTION_ID: padded_ids("t", begin, count),
        c.QUANTITY: pa.array(rng.integers(1, 4, count)),
        c.POSITION: pa.array(np.zeros(count, np.int64)),
    }


def _ratings(begin: int, count: int, rng: np.random.Generator) -> Columns:  # noqa: ARG001
    return {
        c.RATING: pa.array(rng.choice([1.0, 2, 3, 4, 5], count, p=[0.1, 0.1, 0.1, 0.3, 0.4])),
    }


def _events(begin: int, count: int, rng: np.random.Generator) -> Columns:
    kinds = np.array([VIEW, SEARCH, SAVE, PURCHASE, DISMISS])
    drawn = rng.choice(len(kinds), count, p=[0.6, 0.1, 0.1, 0.15, 0.05])
    searches = pa.array(_SEARCHES).take(pa.array(rng.integers(0, len(_SEARCHES), count)))
    return {
        c.EVENT_ID: padded_ids("e", begin, count),
        c.TYPE: pa.array(kinds).take(pa.array(drawn)),
        c.QUERY: pc.if_else(pa.array(drawn == 1), searches, pa.scalar(None, pa.string())),
    }


_OWN: Final = {c.TRANSACTIONS: _transactions, c.RATINGS: _ratings, c.EVENTS: _events}


def _customers(ids: Any, rng: np.random.Generator) -> Columns:
    count = len(ids)
    concerns = [[], ["dryness"], ["acne", "oiliness"], ["redness", "sensitivity"], ["ageing"]]
    avoided = [[], [], [], ["fragrance"], ["parabens", "sulfates"]]
    return {
        c.CUSTOMER_ID: ids,
        c.BIRTH_YEAR: pa.array(rng.integers(1940, 2010, count)),
        c.REGION: random_choices(["north", "south", "east", "west", None], count, rng),
        c.SKIN_TYPE: random_choices([*c.SKIN_TYPES, None], count, rng),
        c.CONCERNS: random_choices(concerns, count, rng),
        c.AVOIDED_INGREDIENTS: random_choices(avoided, count, rng),
        c.SIGNUP_TIME: random_times(count, rng),
    }


def _products(ids: Any, rng: np.random.Generator) -> Columns:
    count = len(ids)
    known = np.array(sorted(Knowledge.load().ingredients))
    # Labels begin with what is common and end with what is rare.
    lengths = rng.integers(5, 30, count)
    starts = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
    names = pa.array(known).take(skewed(len(known), int(starts[-1]), 0.5, rng))
    titles = [random_choices(list(words), count, rng) for words in (_CLAIMS, _KINDS)]
    return {
        c.PRODUCT_ID: ids,
        c.NAME: pc.binary_join_element_wise(*titles, ids, " "),
        c.BRAND: padded_ids("brand ", 0, max(count // 50, 2)).take(skewed(max(count // 50, 2), count, 0.5, rng)),
        c.CATEGORY: random_choices([f"Face > {kind}s" for kind in _KINDS], count, rng),
        c.INGREDIENTS: pa.ListArray.from_arrays(pa.array(starts), names),
        c.PRICE: pa.array(np.round(np.exp(rng.normal(3, 0.6, count)), 2)),
        c.STOCK: pa.array(rng.integers(0, 500, count)),
        c.LAUNCHED: random_times(count, rng),
    }
