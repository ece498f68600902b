"""What cleaning set aside, by rule, with an example of each."""

import pandas as pd

from recommender.contract import columns as c
from recommender.contract.tables import Tables, kept_rows
from recommender.reports import wording
from recommender.reports.page import Section, Table, Text

_EXAMPLE = 110  # characters


def rejected_section(tables: Tables, quarantine: pd.DataFrame) -> Section:
    """How many rows each rule rejected, and the first of them."""
    kept = sum(tables.rows.values())
    read = kept + len(quarantine)
    share = len(quarantine) / read if read else 0.0
    sentence = (
        f"Of {wording.count_of(read, 'row')} read, {wording.count(kept)} were kept and "
        f"{wording.count(len(quarantine))} ({wording.share(share)}) set aside."
    )
    if guests := tables.rows.get(c.GUEST_BASKETS):
        sentence += f" {wording.count(guests)} rows of transactions without a customer were kept as guest baskets."
    blocks = (Text((sentence,)), _rules(tables, quarantine)) if len(quarantine) else (Text((sentence,)),)
    return Section("What was set aside", blocks, {"quarantined": float(len(quarantine)), "quarantined_share": share})


def _rules(tables: Tables, quarantine: pd.DataFrame) -> Table:
    rejected_of = quarantine[c.TABLE].value_counts()
    kept = kept_rows(tables.rows)
    grouped = quarantine.groupby([c.TABLE, c.RULE], sort=True, observed=True)
    rules = grouped.agg(rows=(c.REASON, "size"), reason=(c.REASON, "first"), content=(c.CONTENT, "first"))
    rules = rules.sort_values("rows", ascending=False, kind="stable").reset_index()
    rows = tuple(
        (
            str(rule[c.TABLE]),
            str(rule[c.RULE]),
            wording.count(rule["rows"]),
            wording.share(rule["rows"] / (rejected_of[rule[c.TABLE]] + kept[str(rule[c.TABLE])])),
            wording.shortened(str(rule["reason"]), _EXAMPLE),
            wording.shortened(str(rule["content"]), _EXAMPLE),
        )
        for rule in rules.to_dict("records")
    )
    heads = ("table", "rule", "rows", "of those read", "why (first example)", "the row")
    table, rule, number, part = rows[0][:4]
    says = f"“{rule}” in {table} rejected the most rows: {number}, {part} of that table."
    return Table("Rules that rejected rows", heads, rows, "llrrll", says)
