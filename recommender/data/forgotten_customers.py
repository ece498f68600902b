"""Customers who asked to be forgotten: whatever a source still says of them is passed over from then on."""

import secrets
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Self

from infrastructure.files import read_json, write_json
from infrastructure.progress import note
from infrastructure.workspace import Workspace
from recommender.contract import columns as c
from recommender.contract.pseudonym import customer_hash
from recommender.data.feedback import with_feedback
from recommender.data.parsing.cells import as_text
from recommender.data.raw_tables import RawTables

_SALT_BYTES: Final = 16


def of_the_workspace(raw: RawTables, workspace: Workspace) -> RawTables:
    """What a source says, as ``workspace`` takes it: with the feedback there, without whom it forgot."""
    return Forgotten.read(workspace.forgotten).without(with_feedback(raw, workspace.feedback))


@dataclass(frozen=True)
class Forgotten:
    """Who is to be passed over, by pseudonyms of their own: nobody's id is kept to forget it.

    Attributes:
        salt: Of these pseudonyms.
        customers: The pseudonyms.
    """

    salt: str
    customers: frozenset[str]

    @classmethod
    def read(cls, path: Path) -> Self:
        """What :meth:`remember` wrote; nobody where there is no such file."""
        if not path.is_file():
            return cls(secrets.token_hex(_SALT_BYTES), frozenset())
        told = read_json(path)
        return cls(told["salt"], frozenset(told["customers"]))

    def remember(self, customer_id: str, path: Path) -> Self:
        """Have one more customer passed over, from the next reading on."""
        more = replace(self, customers=self.customers | {self._pseudonym(customer_id)})
        write_json(path, {"salt": more.salt, "customers": sorted(more.customers)})
        return more

    def holds(self, customer_id: str) -> bool:
        """Whether a customer is passed over."""
        return self._pseudonym(customer_id) in self.customers

    def without(self, raw: RawTables) -> RawTables:
        """``raw`` without their rows; they are in no quarantine either."""
        if not self.customers:
            return raw
        tables = dict(raw.tables)
        for name, table in raw.tables.items():
            if c.CUSTOMER_ID in table:
                ids = as_text(table[c.CUSTOMER_ID])
                theirs = [id_ for id_ in ids.dropna().unique() if self.holds(id_.strip())]
                tables[name] = table[~ids.isin(theirs)].reset_index(drop=True)
        note(
            "forgotten customers passed over", rows=sum(map(len, raw.tables.values())) - sum(map(len, tables.values()))
        )
        return replace(raw, tables=tables)

    def _pseudonym(self, customer_id: str) -> str:
        return customer_hash(customer_id, self.salt)
