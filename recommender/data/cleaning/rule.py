"""What a cleaning rule is, and what it judges."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import ibis

from recommender.data.cleaning.shop_facts import Shop


@dataclass(frozen=True)
class Rows:
    """The rows of a table that no rule has taken yet.

    Attributes:
        frame: With the types of the contract and what ``recommender.data.cleaning.typed`` adds, and the surroundings
            that the rules at hand need.
        shop: What is known of the data set as a whole.
    """

    table: str
    frame: ibis.Table
    shop: Shop


@dataclass(frozen=True)
class Rule:
    """What makes a row, or one cell of it, unusable.

    Attributes:
        name: As it stands in the quarantine.
        tables: Where it applies.
        column: What it judges; it does not apply to a table without this column.
        what: What it finds, for a reader of the rule table.
        broken: Where rows break it, as an expression; missing counts as not broken.
        reason: Sentence for one row, with the raw cells by column name and ``settings``.
        cell: The row stays and only its cell in ``column`` is emptied.
        needs: The column of the surroundings that it asks.
        alone: It judges a row without regard to the other rows that are left.
    """

    name: str
    tables: tuple[str, ...]
    column: str
    what: str
    broken: Callable[[Rows], Any]
    reason: str
    cell: bool = False
    needs: str | None = None
    alone: bool = True

    def applies_to(self, table: str, rows: ibis.Table) -> bool:
        """Whether the rule judges this table."""
        return table in self.tables and self.column in rows.columns
