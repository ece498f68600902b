"""A small shop in which nothing but the column says whose a row is: customers, products and visits share names."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import pandas as pd

from recommender.contract import columns as c
from recommender.contract import event_types
from recommender.contract.identifiers import normalised_id
from recommender.contract.tables import Tables

START: Final = 1_735_689_600.0
"""2025-01-01, in seconds since 1970."""
_DAY: Final = 86_400
_WORDS: Final = (
    "smith",
    "7",
    "a",
    ".",
    "@",
    "-",
    "_",
    "|",
    "$HOME",
    "'",
    '"',
    "\\",
    "%",
    "*",
    "[",
    ")",
    " ",
    "é",
    "김",
)
_KNOWN: Final = (
    *event_types.EVENT_TYPES, "7", "77", "4711", "smith@example.com", "john.smith@example.com", "auth0|507f", "c1",
    "c10", "customer_id", "null", "None", "true", "<b>", "</section>", "a,b", 'a"b', "x" * 256, "x" * 255, ".*", "001",
    "champion", "dry", "shop", "p1",
)  # fmt: skip


@dataclass(frozen=True)
class OddShop:
    """Its names; everything else follows from them and the seed.

    Attributes:
        customers: Ids, each once and normalised.
        products: Likewise.
    """

    customers: tuple[str, ...]
    products: tuple[str, ...]
    seed: int = 0

    @cached_property
    def tables(self) -> Tables:
        """The clean tables; every text that is no customer's id may be one of another row."""
        draw = self._draw()
        return Tables(
            products=pd.DataFrame({
                c.PRODUCT_ID: [*self.products],
                c.NAME: [draw() for _ in self.products],
                c.BRAND: [draw() for _ in self.products],
                c.CATEGORY: [draw() for _ in self.products],
            }),
            customers=pd.DataFrame({
                c.CUSTOMER_ID: [*self.customers],
                c.REGION: [draw() for _ in self.customers],
                c.AVOIDED_INGREDIENTS: [[draw()] for _ in self.customers],
            }),
            transactions=self._behaviour(lambda at: {c.TRANSACTION_ID: f"{at}", c.QUANTITY: 1, c.POSITION: at}),
            ratings=self._behaviour(lambda at: {c.RATING: 1.0 + at % 5}),
            events=self._behaviour(
                lambda at: {
                    c.EVENT_ID: self.customers[at] if at < len(self.customers) else f"e{at}",
                    c.SESSION_ID: draw(),
                    c.REQUEST_ID: draw(),
                    c.TYPE: event_types.EVENT_TYPES[at % 3],
                    c.QUERY: f"{draw()} {draw()}",
                }
            ),
        )  # fmt: skip

    @property
    def actions(self) -> list[dict[str, Any]]:
        """The events as apps send them; the last ones are new to the tables, and change the online store."""
        events = self.tables.events
        assert events is not None  # noqa: S101 (made above)
        rows: list[dict[str, Any]] = events.assign(**{c.TIME: events[c.TIME].map(pd.Timestamp.timestamp)}).to_dict(
            "records"
        )  # type: ignore[assignment]
        bought = [{**row, c.EVENT_ID: f"bought {at}", c.TYPE: event_types.PURCHASE} for at, row in enumerate(rows)]
        return [*rows, *bought]

    def _behaviour(self, more: Callable[[int], dict[str, Any]]) -> pd.DataFrame:
        """Two rows a customer."""
        draw = self._draw(self.products)
        rows = [
            {c.CUSTOMER_ID: customer, c.PRODUCT_ID: draw(), **more(at), c.TIME: START + at * _DAY}
            for at, customer in enumerate((*self.customers, *self.customers))
        ]  # fmt: skip
        frame = pd.DataFrame(rows)
        return frame.assign(**{c.TIME: pd.to_datetime(frame[c.TIME], unit="s", utc=True).dt.as_unit("us")})

    def _draw(self, names: tuple[str, ...] | None = None) -> Callable[[], str]:
        """Draws one of these names; without them of all that the shop has."""
        drawn = random.Random(f"{self.seed} {names is None}")  # noqa: S311 (no secret)
        pool = names or (*self.customers, *self.products, *event_types.EVENT_TYPES)
        return lambda: drawn.choice(pool)


def draw_shop(seed: int, customers: int) -> OddShop:
    """A shop with this many customers, whose names are known troublemakers, or pieces of them joined."""
    drawn = random.Random(seed)  # noqa: S311 (no secret)
    names = [*_KNOWN, *("".join(drawn.choices(_WORDS, k=drawn.randint(1, 4))) for _ in range(3 * customers))]
    usable = [*dict.fromkeys(name for name in map(normalised_id, names) if name)]
    drawn.shuffle(usable)
    return OddShop(tuple(usable[:customers]), tuple(drawn.sample(usable, max(len(usable) // 2, 1))), seed)
