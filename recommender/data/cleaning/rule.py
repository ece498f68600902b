"""What a cleaning rule is, and the rows that it is applied to."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import ibis

from recommender.data.cleaning.shop_facts import ShopFacts

ADDING: Final = "_adding"
"""Marks a later row that says something else than the first of its customer or product."""


@dataclass(frozen=True)
class RemainingRows:
    """The rows of a table that no rule has rejected yet.

    Attributes:
        frame: With the types of the contract and what ``recommender.data.cleaning.typed_tables`` adds, and the
            facts of the shop that the rules at hand need.
        shop: What is known of the data set as a whole.
    """

    table: str
    frame: ibis.Table
    shop: ShopFacts


@dataclass(frozen=True)
class Rule:
    """What makes a row, or one cell of it, unusable.

    Attributes:
        name: As in the quarantine.
        tables: Where it applies.
        column: The column that it checks; it does not apply to a table without it.
        what: What it finds, for readers of the rule table.
        broken: Expression, true for rows that break it; missing counts as not broken.
        reason: Sentence for one row, with the raw cells by column name and ``settings``.
        cell: The row stays and only its cell in ``column`` is emptied.
        told: The cell stays as it is, too, and is only reported.
        instead: What stands in such a cell from then on.
        needs: The column of facts about the shop that it uses.
        alone: It checks each row by itself, without the other rows that are left.
    """

    name: str
    tables: tuple[str, ...]
    column: str
    what: str
    broken: Callable[[RemainingRows], Any]
    reason: str
    cell: bool = False
    told: bool = False
    instead: int | None = None
    needs: str | None = None
    alone: bool = True

    def applies_to(self, table: str, rows: ibis.Table) -> bool:
        """Whether the rule applies to this table."""
        return table in self.tables and self.column in rows.columns
