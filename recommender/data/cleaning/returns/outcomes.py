"""What becomes of every line that came back or brought something back, by rule."""

from collections.abc import Mapping
from typing import Any, Final

import ibis

from recommender.contract import columns as c
from recommender.data.cleaning.returns.lines import (
    BOUGHT,
    BY_PRICE,
    CREDIT,
    EVENT,
    PAIR,
    SALES_LINE,
    TABLE,
    TAKEN_BACK,
    TIME,
    returned_lines,
)
from recommender.data.cleaning.returns.matching import KEPT, MATCHED, PARTNER, PARTNER_TABLE, matched
from recommender.data.cleaning.returns.rules import NUMBERS
from recommender.data.cleaning.shop_facts import ShopFacts
from recommender.data.engines.backend import ROW, Backend
from recommender.data.interactions import SAME_PURCHASE_DAYS

RULE: Final = "rule"
"""Place of the case in ``rules.RETURN_RULES``; missing for a purchase of which something is left."""
WHERE: Final = "partner"
"""The other line in words, for reasons."""

_ECHO: Final = "echo"


def outcomes(tables: Mapping[str, ibis.Table], shop: ShopFacts, backend: Backend) -> ibis.Table | None:
    """Every line that goes, or of which pieces go; None where nothing came back.

    A purchase event that tells of a transaction has its fate, and a return event that tells of a return of the
    transactions takes nothing back a second time.

    Returns:
        ``TABLE``, ``ROW``, ``KEPT``, ``RULE`` and ``WHERE``.
    """
    lines = returned_lines(tables, shop, backend)
    if lines is None:
        return None
    echoes = backend.materialise(_echoes(lines))
    own = lines.anti_join(echoes, (TABLE, ROW))
    found = matched(own, backend)
    told = backend.materialise(_judged(found).union(_judged_echoes(echoes, found)))
    return told.filter(told[RULE].notnull() | (told[KEPT] < told[BOUGHT]))


def _echoes(lines: ibis.Table) -> ibis.Table:
    """The events that tell of a transaction, each with the row of every one within a day: ``TABLE``, ``ROW``, echo."""
    sales = lines.filter((lines[TABLE] == SALES_LINE) & lines[TIME].notnull() & ~lines[CREDIT])
    theirs = sales.select(*PAIR, **{_ECHO: sales[ROW], "then": sales[TIME], "back": sales[TAKEN_BACK] > 0})
    events = lines.filter(lines[TABLE] == EVENT)
    ours = events.select(*PAIR, TABLE, ROW, TIME, BOUGHT, comes=events[TAKEN_BACK] > 0)
    both, day = ours.join(theirs, PAIR), ibis.interval(days=SAME_PURCHASE_DAYS)
    near = both.filter((both.comes == both.back) & both.then.between(both[TIME] - day, both[TIME] + day))
    return near.select(TABLE, ROW, BOUGHT, _ECHO, "comes")


def _judged(lines: ibis.Table) -> ibis.Table:
    of_event: Any = lines[TABLE] == EVENT
    gone: Any = (lines[BOUGHT] > 0) & (lines[KEPT] == 0)
    comes: Any = lines[TAKEN_BACK] > 0
    more: Any = comes & (lines[MATCHED] > 0) & (lines[MATCHED] < lines[TAKEN_BACK])
    by_price: Any = lines[BY_PRICE]
    known: Any = lines[PARTNER].notnull()
    rule = ibis.cases(
        (lines[CREDIT], NUMBERS["credit"]),
        (gone & known, ibis.ifelse(of_event, NUMBERS["event gone"], NUMBERS["gone"])),
        (gone, NUMBERS["gone by itself"]),
        (more, ibis.ifelse(of_event, NUMBERS["event of more"], NUMBERS["of more"])),
        (comes & known & by_price, NUMBERS["paid back"]),
        (comes & known, ibis.ifelse(of_event, NUMBERS["event back"], NUMBERS["back"])),
        (comes & by_price, NUMBERS["paid back for nothing"]),
        (comes, ibis.ifelse(of_event, NUMBERS["event of nothing"], NUMBERS["of nothing"])),
        else_=ibis.null("int64"),
    )
    return _told(lines, lines[KEPT], rule, lines[PARTNER], lines[PARTNER_TABLE])


def _judged_echoes(echoes: ibis.Table, lines: ibis.Table) -> ibis.Table:
    """What becomes of events that tell of transactions: they go with the last of these."""
    sales = lines.filter(lines[TABLE] == SALES_LINE).select(**{_ECHO: lines[ROW], KEPT: lines[KEPT]})
    each = (
        echoes.join(sales, _ECHO)
        .group_by(TABLE, ROW, BOUGHT, "comes")
        .agg(**{KEPT: ibis._[KEPT].max(), _ECHO: ibis._[_ECHO].max()})
    )
    rule = ibis.cases(
        (each.comes, NUMBERS["echo back"]), (each[KEPT] == 0, NUMBERS["echo gone"]), else_=ibis.null("int64")
    )
    kept = ibis.ifelse(each[KEPT] == 0, 0, each[BOUGHT])
    return _told(each, kept, rule, each[_ECHO], ibis.literal(SALES_LINE, "int64"))


def _told(lines: ibis.Table, kept: Any, rule: Any, partner: Any, partner_table: Any) -> ibis.Table:
    row = ibis.literal("row ") + partner.cast("string")
    elsewhere = partner_table != lines[TABLE]
    table = ibis.ifelse(partner_table == EVENT, c.EVENTS, c.TRANSACTIONS)
    where = ibis.ifelse(elsewhere, row + ibis.literal(" of ") + table, row)
    return lines.select(
        TABLE,
        ROW,
        **{BOUGHT: lines[BOUGHT], KEPT: kept.cast("int64"), RULE: rule.cast("int64"), WHERE: where},
    )
