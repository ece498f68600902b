"""Warns of tables of which much was set aside."""

from collections.abc import Iterator
from typing import Any

import pandas as pd

from recommender.contract import columns as c
from recommender.contract.tables import Tables
from recommender.reports import wording


def rejected_rows(tables: Tables, quarantine: pd.DataFrame, share: float) -> Iterator[str]:
    """A warning for each table of which more than ``share`` of the rows are in quarantine, with the commonest rule."""
    for name, kept in tables:
        rejected = quarantine[quarantine[c.TABLE] == name]
        part = len(rejected) / max(1, len(rejected) + len(kept))
        if part > share:
            yield f"{wording.share(part)} of the rows of {name} were set aside, {_commonest(rejected)}."


def _commonest(rejected: pd.DataFrame) -> str:
    rules: Any = rejected[c.RULE]
    rule = rules.mode()[0]
    reason: Any = rejected.loc[rules == rule, c.REASON]
    return f"most ({wording.count(len(reason))}) by the rule {rule}: {reason.iloc[0]}"
