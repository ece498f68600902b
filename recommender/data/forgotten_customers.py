"""Customers who asked to be forgotten: their rows in a source are ignored from then on."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from infrastructure.files import read_json, write_json
from infrastructure.progress import note
from infrastructure.workspace import Workspace
from recommender.contract import columns as c
from recommender.contract.identifiers import normalised_id
from recommender.contract.query import customer_hash
from recommender.data.feedback import with_feedback
from recommender.data.parsing.cells import as_text
from recommender.data.parsing.pandas_parsing import id_keys
from recommender.data.raw_tables import RawTables

_SALT_BYTES: Final = 16


def with_feedback_and_erasures(raw: RawTables, workspace: Workspace) -> RawTables:
    """``raw`` with the feedback in ``workspace``, without the customers who were forgotten there."""
    return ForgottenCustomers.read(workspace.forgotten).without(with_feedback(raw, workspace.feedback))


@dataclass(frozen=True)
class ForgottenCustomers:
    """Customers to ignore, by pseudonyms made for this purpose: no id has to be kept.

    Attributes:
        salt: Of these pseudonyms.
        customers: The pseudonyms.
    """

    salt: str
    customers: frozenset[str]

    @classmethod
    def read(cls, path: Path) -> Self:
        """What :meth:`remember` wrote; no customers where there is no such file."""
        if not path.is_file():
            return cls(secrets.token_hex(_SALT_BYTES), frozenset())
        record = read_json(path)
        return cls(record["salt"], frozenset(record["customers"]))

    def remember(self, customer_id: str, path: Path) -> Self:
        """Add a customer, who is ignored from the next ingest on."""
        more = replace(self, customers=self.customers | {self.pseudonym(customer_id)})
        write_json(path, {"salt": more.salt, "customers": sorted(more.customers)})
        return more

    def holds(self, customer_id: str) -> bool:
        """Whether a customer is ignored, however the id is spelt."""
        # An earlier version remembered ids as they were typed.
        return self.pseudonym(customer_id) in self.customers or self._hash(customer_id.strip()) in self.customers

    def without(self, raw: RawTables) -> RawTables:
        """``raw`` without the rows of these customers; those are not put in quarantine either."""
        if not self.customers:
            return raw
        tables = dict(raw.tables)
        for name, table in raw.tables.items():
            if c.CUSTOMER_ID in table:
                theirs = self.rows_in(table, self.transactions_in(table))
                tables[name] = table[~theirs].reset_index(drop=True)
        note(
            "forgotten customers passed over", rows=sum(map(len, raw.tables.values())) - sum(map(len, tables.values()))
        )
        return replace(raw, tables=tables)

    def rows_in(self, table: pd.DataFrame, transactions: Collection[str] = ()) -> NDArray[np.bool_]:
        """bool[rows]: which rows are theirs; of ``transactions`` of theirs also those that name nobody.

        Without them such rows would be guests' from then on.
        """
        ids = as_text(table[c.CUSTOMER_ID])
        theirs = [id_ for id_ in ids.dropna().unique() if self.holds(id_)]
        found = ids.isin(theirs).to_numpy(dtype=np.bool_)
        return found | names_nobody_of(table, transactions) if transactions else found

    def transactions_in(self, table: pd.DataFrame) -> frozenset[str]:
        """The transactions of which a row is theirs."""
        if c.TRANSACTION_ID not in table:
            return frozenset()
        return frozenset(id_keys(table.loc[self.rows_in(table), c.TRANSACTION_ID]).dropna())

    def pseudonym(self, customer_id: str) -> str:
        """The pseudonym of a customer here, the same for all spellings of the id."""
        return self._hash(normalised_id(customer_id))

    def _hash(self, text: str) -> str:
        return customer_hash(text, self.salt)


def names_nobody_of(table: pd.DataFrame, transactions: Collection[str]) -> NDArray[np.bool_]:
    """bool[rows]: which rows are of these transactions and have no customer."""
    nobody = id_keys(table[c.CUSTOMER_ID]).isna()
    return (nobody & id_keys(table[c.TRANSACTION_ID]).isin(transactions)).to_numpy(dtype=np.bool_)
