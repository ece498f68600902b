"""Purchases of nobody that is known: rows of a transaction that names no customer in any row.

They are kept apart as ``guest_baskets``: nobody's history, but they show what is bought together.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import ibis

from infrastructure.errors import DataError
from recommender.contract import columns as c
from recommender.contract.fields import missing_tables
from recommender.data.cleaning.typed_tables import unreadable_mark
from recommender.data.engines.backend import ROW, Backend, row_count
from recommender.data.provenance import Provenance


@dataclass(frozen=True)
class Guests:
    """Typed rows of transactions without the columns of customers, and how many they are."""

    rows: ibis.Table
    count: int


def without_guests(
    types: Mapping[str, ibis.Table], provenance: Provenance, backend: Backend
) -> tuple[dict[str, ibis.Table], Guests | None]:
    """The typed tables without guests' rows, and those; no transactions where all are guests'.

    Raises:
        DataError: All transactions are guests', and no other table says what anybody did.
    """
    guests = _guests(types[c.TRANSACTIONS], backend) if c.TRANSACTIONS in types else None
    if guests is None:
        return dict(types), None
    others = types[c.TRANSACTIONS].anti_join(guests.rows, ROW)
    if not row_count(others, backend):
        left = {name: rows for name, rows in types.items() if name != c.TRANSACTIONS}
        if missing_tables(left):
            raise _nobody(provenance)
        return left, guests
    return {**types, c.TRANSACTIONS: backend.materialise(others)}, guests


def _guests(transactions: ibis.Table, backend: Backend) -> Guests | None:
    """The rows of transactions of which no row names a customer; None where there are none.

    A customer who cannot be read is not a guest, and one transaction is of one customer: a row without one that
    belongs to a known customer's transaction is not a guest's either.
    """
    if not {c.TRANSACTION_ID, c.CUSTOMER_ID} <= {*transactions.columns}:
        return None
    nobody: Any = transactions[c.CUSTOMER_ID].isnull() & ~transactions[unreadable_mark(c.CUSTOMER_ID)]
    named = transactions.filter(transactions[c.TRANSACTION_ID].notnull())
    known = named.filter(~nobody).select(c.TRANSACTION_ID).distinct()
    found = named.filter(nobody).anti_join(known, c.TRANSACTION_ID)
    count = row_count(found, backend)
    rows = found.drop(c.CUSTOMER_ID, unreadable_mark(c.CUSTOMER_ID))
    return Guests(backend.materialise(rows), count) if count else None


def _nobody(provenance: Provenance) -> DataError:
    origin = provenance.origin(c.TRANSACTIONS)
    return DataError(
        "No transaction names its customer, so there is nobody to recommend to.",
        where=origin.file,
        field=origin.field(c.CUSTOMER_ID),
        expected="a customer in some rows, or a table of ratings or events",
    )
