"""A split: the held-out products of some customers, and everything that a model may learn from."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from infrastructure.files import read_json, replace_folder, write_json
from recommender.config.evaluation import SplitKind
from recommender.contract import columns as c
from recommender.contract.tables import Tables
from recommender.splits.families import another_variant, judged
from recommender.splits.leaks import DATED_TABLES, INTERACTION_TABLES, check_tables, reveals_held_out

_TABLES: Final = "tables"
_TEST: Final = "test.parquet"
_KIND: Final = "split.json"
SAME_DAY: Final = "same_day"


@dataclass(frozen=True)
class Split:
    """Products to be found, from everything else or from everything before a date.

    Attributes:
        tables: Everything there is.
        test: customer_id, product_id, time (NaT where not known), same_day (whether a use that stays in
            training was on the same day): one row a held-out product, those of a customer together.
        kind: How the products were chosen.
        date: The first moment (UTC) that is not learnt from; None where the split is not by time.
    """

    tables: Tables
    test: pd.DataFrame
    kind: SplitKind = "last"
    date: pd.Timestamp | None = None

    @cached_property
    def train(self) -> Tables:
        """The tables without anything that reveals what is held out.

        Left out are purchases, ratings and events of the held-out pairs; of a split by time every such row that
        is not known to be from before the date, guests' baskets too, and customers who came later; of whole customers
        all that they did.
        Products stay: a shop knows what it sells.

        Raises:
            LeakError: Something that is held out is still revealed.
        """
        found = Tables(
            **{name: table[self._is_known(name, table)].reset_index(drop=True) for name, table in self.tables}
        )
        check_tables(found, self.test, self.date)
        return found

    @property
    def customer_ids(self) -> list[str]:
        """The tested customers, each once, in the order of ``test``."""
        return self.test[c.CUSTOMER_ID].unique().tolist()

    @cached_property
    def another_variant(self) -> NDArray[np.bool_]:
        """bool[held out]: which are another variant (size, pack, shade) of what the customer has."""
        return another_variant(self.test, self.train)

    @property
    def judged(self) -> NDArray[np.bool_]:
        """bool[held out]: what models are judged by: products of new families, or all where there are no such."""
        return judged(self.another_variant)

    @property
    def several(self) -> bool:
        """Whether any customer has several products to be found."""
        return bool(self.test[c.CUSTOMER_ID].duplicated().any())

    def write(self, folder: Path) -> None:
        """Write all parts; the folder appears whole or not at all."""
        with replace_folder(folder) as partial:
            self.tables.write(partial / _TABLES)
            self.test.to_parquet(partial / _TEST, index=False)
            write_json(partial / _KIND, {"kind": self.kind, "date": self.date and self.date.isoformat()})

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read what :meth:`write` wrote."""
        how: dict[str, Any] = read_json(folder / _KIND)
        date = pd.Timestamp(how["date"]) if how["date"] else None
        return cls(Tables.read(folder / _TABLES), pd.read_parquet(folder / _TEST), how["kind"], date)

    def _is_known(self, name: str, table: pd.DataFrame) -> NDArray[np.bool_]:
        """bool[rows]: which rows of a table may be learnt from."""
        known = ~reveals_held_out(name, table, self.test)
        if self.date is not None and name in DATED_TABLES:
            # What has no date cannot be shown to be from before it.
            known &= _before(table, c.TIME, self.date, unknown=False)
        if self.date is not None and name == c.CUSTOMERS:
            known &= _before(table, c.SIGNUP_TIME, self.date, unknown=True)
        if self.kind == "customers" and name in INTERACTION_TABLES:
            known &= ~table[c.CUSTOMER_ID].isin(self.customer_ids).to_numpy()
        return known


def held_out(firsts: pd.DataFrame, tested: "pd.Series[bool]") -> pd.DataFrame:
    """The rows of ``test`` for the first interactions (as ``first_interactions`` orders them) that are ``tested``."""
    day = firsts[c.TIME].dt.floor("D")
    known = pd.MultiIndex.from_arrays([firsts.loc[~tested, c.CUSTOMER_ID], day[~tested]])
    same_day = pd.MultiIndex.from_arrays([firsts[c.CUSTOMER_ID], day]).isin(known) & day.notna()
    return firsts.assign(**{SAME_DAY: same_day})[tested].reset_index(drop=True)


def _before(table: pd.DataFrame, column: str, date: pd.Timestamp, *, unknown: bool) -> NDArray[np.bool_]:
    """bool[rows]: whether a time is before ``date``; ``unknown`` where there is none."""
    if column not in table:
        return np.full(len(table), unknown)
    return np.where(table[column].isna(), unknown, table[column] < date).astype(np.bool_)
