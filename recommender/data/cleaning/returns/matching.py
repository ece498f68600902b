"""Which purchase each return belongs to.

A return that names a transaction in which the product was bought belongs to it. Any other belongs to the latest earlier
purchases of the product by the customer that have pieces left: as closing brackets belong to opening ones. So the
pieces that a customer has are a height that purchases raise and returns lower, never below 0. A piece is the step from
one height to the next, and is kept where no later height is below it.
"""

from typing import Any, Final

import ibis

from recommender.data.cleaning.returns.lines import (
    BACK,
    BOUGHT,
    PAIR,
    POSITION,
    TABLE,
    TAKEN_BACK,
    TIME,
    TRANSACTION,
    WHAT,
    WHO,
)
from recommender.data.engines.backend import ROW, Backend

PLACE: Final = "place"
"""Order of the lines of one customer and product."""
KEPT: Final = "kept"
"""Pieces of a purchase that did not come back."""
MATCHED: Final = "matched"
"""Pieces of a return that were bought."""
PARTNER: Final = "partner"
PARTNER_TABLE: Final = "partner_table"
"""Row and table of the purchase whose piece a return takes first, and of the return that took a purchase's last one."""

_OWN: Final = "own"
_LEFT: Final = "left_pieces"
_OPEN: Final = "open_pieces"
_HEIGHT: Final = "height"
_BEFORE: Final = "before"
_BASE: Final = "base"
_THEIR_PLACE: Final = "their_place"


def matched(lines: ibis.Table, backend: Backend) -> ibis.Table:
    """The lines (:data:`~recommender.data.cleaning.returns.lines.COLUMNS`) with what is kept and matched, and partners.

    Lines of equal time are in the order of their positions, purchases first; lines without times in that of positions
    and rows.
    """
    place = ibis.row_number().over(group_by=PAIR, order_by=_order(lines)).cast("int64")
    ordered = backend.materialise(lines.mutate(**{PLACE: place}))
    by_name = backend.materialise(_matched_by_name(ordered))
    heights = backend.materialise(_heights(by_name))
    return backend.materialise(_with_partners(heights))


def _order(lines: ibis.Table) -> list[Any]:
    """Purchases come before returns of the same moment; without a moment nothing but the rows' order says anything."""
    returning = ibis.ifelse(lines[TIME].isnull(), 0, ibis.ifelse(lines[TAKEN_BACK] > 0, 1, 0))
    in_time = [ibis.asc(lines[TIME], nulls_first=True), ibis.asc(lines[POSITION], nulls_first=True)]
    return [*in_time, returning, lines[TABLE], lines[ROW]]


def _so_far(cells: Any, keys: tuple[str, ...], order: Any) -> Any:
    """``cells``, an aggregate, over all lines up to each one."""
    return cells.over(ibis.cumulative_window(group_by=keys, order_by=order))


def _matched_by_name(lines: ibis.Table) -> ibis.Table:
    """Pieces matched within one transaction: its last purchases come back first."""
    keys, named = (*PAIR, TRANSACTION), lines[TRANSACTION].notnull()
    sums = lines.mutate(
        all_bought=ibis.ifelse(named, lines[BOUGHT].sum().over(group_by=keys), 0),
        all_back=ibis.ifelse(named, lines[TAKEN_BACK].sum().over(group_by=keys), 0),
        bought_later=_so_far(lines[BOUGHT].sum(), keys, ibis.desc(PLACE)) - lines[BOUGHT],
        back_earlier=_so_far(lines[TAKEN_BACK].sum(), keys, ibis.asc(PLACE)) - lines[TAKEN_BACK],
        last_purchase=ibis.ifelse(lines[BOUGHT] > 0, lines[PLACE], ibis.null()).max().over(group_by=keys),
        last_return=ibis.ifelse(lines[TAKEN_BACK] > 0, lines[PLACE], ibis.null()).max().over(group_by=keys),
    )
    back = _within(sums.all_back - sums.bought_later, sums[BOUGHT])
    own = ibis.ifelse(sums[BOUGHT] > 0, back, _within(sums.all_bought - sums.back_earlier, sums[TAKEN_BACK]))
    place = ibis.ifelse(sums[BOUGHT] > 0, sums.last_return, sums.last_purchase)
    found = sums.mutate(**{_OWN: own.cast("int64")})
    # A line that says of itself what came back tells of the same pieces as a return that names it.
    by_name = ibis.ifelse(found[BOUGHT] > 0, found[_OWN], 0)
    gone: Any = ibis.greatest(by_name, ibis.least(found[BACK], found[BOUGHT]))
    return found.mutate(
        **{
            _LEFT: (found[BOUGHT] - gone).cast("int64"),
            _OPEN: ibis.ifelse(found.all_bought > 0, 0, found[TAKEN_BACK]).cast("int64"),
            _THEIR_PLACE: ibis.ifelse(found[_OWN] > 0, place, ibis.null()).cast("int64"),
        }
    ).drop("all_bought", "all_back", "bought_later", "back_earlier", "last_purchase", "last_return")


def _within(cells: Any, most: Any) -> Any:
    """``cells``, at least 0 and at most ``most``."""
    return ibis.least(ibis.greatest(cells, 0), most)


def _heights(lines: ibis.Table) -> ibis.Table:
    """The height after each line, before it and below it; and what is kept of each purchase."""
    summed = lines.mutate(total=_so_far((lines[_LEFT] - lines[_OPEN]).sum(), PAIR, ibis.asc(PLACE)))
    lowest = summed.mutate(lowest=ibis.least(_so_far(summed.total.min(), PAIR, ibis.asc(PLACE)), 0))
    heights = lowest.mutate(**{_HEIGHT: (lowest.total - lowest.lowest).cast("int64")})
    around = heights.mutate(
        **{
            _BEFORE: ibis.coalesce(heights[_HEIGHT].lag().over(group_by=PAIR, order_by=PLACE), 0).cast("int64"),
            _BASE: heights[_HEIGHT] - heights[_LEFT],
            "floor": _so_far(heights[_HEIGHT].min(), PAIR, ibis.desc(PLACE)),
        }
    )
    taken = ibis.ifelse(around[_OPEN] > 0, around[_BEFORE] - around[_HEIGHT], around[_OWN])
    return around.mutate(
        **{
            KEPT: _within(around.floor - around[_BASE], around[_LEFT]).cast("int64"),
            MATCHED: ibis.ifelse(around[TAKEN_BACK] > 0, taken, 0).cast("int64"),
        }
    ).drop("total", "lowest", "floor")


def _with_partners(lines: ibis.Table) -> ibis.Table:
    """Each line with the row of the other one that it belongs to, where there is one."""
    sold = lines.filter(lines[_LEFT] > 0)
    purchases = sold.select(*PAIR, **{"sold": sold[PLACE], _BASE: sold[_BASE], KEPT: sold[KEPT]})
    back = lines.filter((lines[_OPEN] > 0) & (lines[MATCHED] > 0))
    returns = back.select(*PAIR, **{"came": back[PLACE], _BEFORE: back[_BEFORE], _HEIGHT: back[_HEIGHT]})
    both = purchases.join(returns, PAIR)
    both = both.filter(both.came > both.sold)
    first = both.filter(both[_BASE] < both[_BEFORE])
    of_return = first.group_by(WHO, WHAT, "came").agg(**{_THEIR_PLACE: first.sold.max()}).rename({PLACE: "came"})
    last = both.filter((both[KEPT] == 0) & (both[_HEIGHT] <= both[_BASE]))
    of_purchase = last.group_by(WHO, WHAT, "sold").agg(**{_THEIR_PLACE: last.came.min()}).rename({PLACE: "sold"})
    found = of_return.union(of_purchase).rename({"found": _THEIR_PLACE})
    joined = lines.left_join(found, (*PAIR, PLACE)).select(*(lines[name] for name in lines.columns), found.found)
    placed = joined.mutate(**{_THEIR_PLACE: ibis.coalesce(joined.found, joined[_THEIR_PLACE])}).drop("found")
    theirs = lines.select(*PAIR, **{_THEIR_PLACE: lines[PLACE], PARTNER: lines[ROW], PARTNER_TABLE: lines[TABLE]})
    with_rows = placed.left_join(theirs, (*PAIR, _THEIR_PLACE))
    return with_rows.select(*(placed[name] for name in placed.columns), theirs[PARTNER], theirs[PARTNER_TABLE])
