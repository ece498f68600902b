"""Warns of tables of which much was set aside."""

from collections.abc import Iterator
from typing import Any

import pandas as pd

from recommender.contract import columns as c
from recommender.contract.tables import Tables, kept_rows
from recommender.data.cleaning.all_rules import ALL_RULES
from recommender.data.cleaning.returns.rules import RETURNED
from recommender.reports import wording


def rejected_rows(tables: Tables, quarantine: pd.DataFrame, share: float) -> Iterator[str]:
    """A warning for each table of which more than ``share`` of the rows are in quarantine, with the commonest rule.

    What came back is as a shop is, and nothing to mend.
    """
    wrong = quarantine[quarantine[c.RULE] != RETURNED]
    kept = kept_rows(tables.rows)
    for name, _ in tables:
        rejected = wrong[wrong[c.TABLE] == name]
        read = (quarantine[c.TABLE] == name).sum() + kept[name]
        part = len(rejected) / max(1, read)
        if part > share:
            yield f"{wording.share(part)} of the rows of {name} were set aside, {_commonest(name, rejected)}."


def _commonest(table: str, rejected: pd.DataFrame) -> str:
    """The rule that most rows broke. Not the reason of a row, which may name a customer."""
    rules: Any = rejected[c.RULE]
    rule = rules.mode()[0]
    meant = next(each.what for each in ALL_RULES if each.name == rule and table in each.tables)
    return f"most ({wording.count((rules == rule).sum())}) by the rule {rule}: {meant}"
