"""What becomes of returns and of what came back, by name of the case; the ledger decides which lines they are of."""

from typing import Final

import ibis

from recommender.contract import columns as c
from recommender.data.cleaning.rule import RemainingRows, Rule

RETURNED: Final = "returned"
"""Rule of what came back, and of the return that brought it back: nothing is wrong with these rows."""
_REFUND: Final = "refund"


def _judged_together(_: RemainingRows) -> ibis.Value:
    """No row breaks such a rule by itself: what came back is known from all rows of a customer and product."""
    return ibis.literal(value=False)


def _rule(name: str, table: str, column: str, what: str, reason: str) -> Rule:
    return Rule(name, (table,), column, what, _judged_together, reason, alone=False)


_GONE: Final = "a purchase of which every piece came back (`returned`, or a return), and the return: no use, not lost"
_NOTHING: Final = "a return with no purchase before it; a credit: it pays back less than `refund_share` of the price"
_PIECES: Final = {c.TRANSACTIONS: "a quantity of {quantity}", c.EVENTS: "a quantity of {value}"}


def _of_both(case: str, name: str, what: str, reason: str) -> dict[str, Rule]:
    """The same rule for transactions and, under the name ``event …``, for events."""
    columns = {"": (c.TRANSACTIONS, c.QUANTITY), "event ": (c.EVENTS, c.VALUE)}
    return {
        f"{prefix}{case}": _rule(name, table, column, what, reason.replace("{pieces}", _PIECES[table]))
        for prefix, (table, column) in columns.items()
    }


RETURN_RULES: Final[dict[str, Rule]] = {
    "gone by itself": _rule(RETURNED, c.TRANSACTIONS, c.RETURNED, _GONE, "every piece of this line came back"),
    **_of_both("gone", RETURNED, _GONE, "every piece came back: the return is {partner}"),
    **_of_both("back", RETURNED, _GONE, "{pieces} is a return: the purchase is {partner}"),
    "paid back": _rule(RETURNED, c.TRANSACTIONS, c.UNIT_PRICE, _GONE,
                       "a price of {unit_price} is a refund: the purchase is {partner}"),
    "echo gone": _rule(RETURNED, c.EVENTS, c.VALUE, _GONE, "every piece came back: it tells of {partner}"),
    "echo back": _rule(RETURNED, c.EVENTS, c.VALUE, _GONE, "{value} is a return that tells of {partner}"),
    **_of_both("of more", RETURNED, _GONE,
               "{pieces} is a return of more than was bought: the purchase is {partner}"),
    **_of_both("of nothing", _REFUND, _NOTHING, "{pieces} is a return, and no purchase before it is here"),
    "paid back for nothing": _rule(_REFUND, c.TRANSACTIONS, c.UNIT_PRICE, _NOTHING,
                                   "a price of {unit_price} is a refund, and no purchase before it is here"),
    "credit": _rule(_REFUND, c.TRANSACTIONS, c.UNIT_PRICE, _NOTHING,
                    "a price of {unit_price} is a credit: it is far from what was paid, so no piece came back"),
}  # fmt: skip
"""By case; the case of an outcome is a number: the place in this order."""

NUMBERS: Final = {case: at for at, case in enumerate(RETURN_RULES)}
