"""Takes returns, and what came back, out of cleaned tables."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import ibis
import pandas as pd
import pyarrow as pa

from infrastructure.progress import note
from recommender.contract import columns as c
from recommender.contract.arrow import as_frame
from recommender.contract.fields import RAW_ONLY, fields_of
from recommender.data.cleaning import quarantine
from recommender.data.cleaning.cleaner import Cleaned
from recommender.data.cleaning.returns.lines import EVENT, SALES_LINE, TABLE
from recommender.data.cleaning.returns.matching import KEPT
from recommender.data.cleaning.returns.outcomes import RULE, WHERE, outcomes
from recommender.data.cleaning.returns.rules import RETURN_RULES
from recommender.data.cleaning.rule import Rule
from recommender.data.cleaning.shop_facts import ShopFacts
from recommender.data.engines.backend import ROW, Backend
from recommender.data.provenance import Provenance

_NUMBERS: Final = {c.TRANSACTIONS: SALES_LINE, c.EVENTS: EVENT}
_PIECES: Final = {c.TRANSACTIONS: c.QUANTITY, c.EVENTS: c.VALUE}
"""The column of pieces in a table with purchases."""


@dataclass(frozen=True)
class Returns:
    """Matches the returns of one data set.

    Attributes:
        raw: The tables as they were read, for the records of rejected rows.
        shop: What is known of the data set.
    """

    raw: Mapping[str, ibis.Table]
    shop: ShopFacts
    provenance: Provenance
    backend: Backend

    def take_back(self, cleaned: Mapping[str, Cleaned]) -> dict[str, Cleaned]:
        """Cleaned transactions and events without returns and what came back; of a part of it the quantity falls.

        Args:
            cleaned: By name, both tables or one of them; transactions without a customer are guests'.
        """
        # Events may all be about texts, and name no product.
        rows = {name: table.rows for name, table in cleaned.items() if c.PRODUCT_ID in table.rows.columns}
        if not rows:
            return dict(cleaned)
        found = outcomes(rows, self.shop, self.backend)
        told = None if found is None else self.backend.to_arrow(found.order_by(TABLE, ROW))
        return {name: self._without(name, table, told) for name, table in cleaned.items()}

    def _without(self, name: str, table: Cleaned, told: pa.Table | None) -> Cleaned:
        rows = table.rows.drop(*(column for column in RAW_ONLY if column in table.rows.columns))
        if told is None:
            return replace(table, rows=rows)
        ours = told.filter(told[TABLE].to_numpy() == _NUMBERS[name])
        gone, partly = ours.filter(ours[RULE].is_valid()), ours.filter(ours[RULE].is_null())
        records = quarantine.all_records([table.rejected, *self._records(name, gone)])
        note(f"{name}: came back", lines=gone.num_rows, in_part=partly.num_rows)
        return replace(table, rows=self._fewer_pieces(name, self._left(rows, gone), partly), rejected=records)

    def _left(self, rows: ibis.Table, gone: pa.Table) -> ibis.Table:
        return rows.anti_join(self.backend.from_arrow(gone.select([ROW])), ROW) if gone.num_rows else rows

    def _fewer_pieces(self, name: str, rows: ibis.Table, partly: pa.Table) -> ibis.Table:
        if not partly.num_rows:
            return rows
        left = self.backend.from_arrow(partly.select([ROW, KEPT]))
        pieces, joined = _PIECES[name], rows.left_join(left, ROW)
        fewer: Any = ibis.coalesce(left[KEPT].cast(rows[pieces].type()), rows[pieces])
        return joined.select(**{column: fewer if column == pieces else rows[column] for column in rows.columns})

    def _records(self, name: str, gone: pa.Table) -> Sequence[pd.DataFrame]:
        """A record of each row that goes, in as many frames as there are rules."""
        if not gone.num_rows:
            return []
        raw = self.raw[name]
        content = self.backend.to_arrow(raw.semi_join(self.backend.from_arrow(gone.select([ROW])), ROW).order_by(ROW))
        of_rule = gone[RULE].to_numpy()
        return [
            self._records_of(name, rule, content.filter(of_rule == at), gone.filter(of_rule == at))
            for at, rule in enumerate(RETURN_RULES.values())
            if (of_rule == at).any()
        ]

    def _records_of(self, name: str, rule: Rule, content: pa.Table, gone: pa.Table) -> pd.DataFrame:
        columns = [column for column in content.column_names if column in fields_of(name)]
        facts = gone.select([WHERE]).to_pandas()
        return quarantine.quarantine_records(
            self.provenance.name,
            name,
            gone[ROW].to_pylist(),
            as_frame(content.select(columns)),
            rule,
            self.shop.settings,
            facts,
        )
