"""Planted data faults: events of bots and broken apps, and corrupted exports."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from benchmarks.live_shop.shop import Phase
from recommender.contract import columns as c
from recommender.contract.event_types import PURCHASE, VIEW

#: Prefix of the id of every planted event, by which it is found again later.
PLANTED: Final = "bad-"
_BOTS: Final = 5
_CLICKS_A_DAY: Final = 400
_BROKEN: Final = 100


def bad_events(week: Phase, products: list[str]) -> Iterator[dict[str, Any]]:
    """Bots that buy one product all day; apps that send unknown products, impossible times or unknown types."""
    for bot in range(_BOTS):
        pushed = products[bot % len(products)]
        for click in range(_CLICKS_A_DAY):
            kind = (VIEW, PURCHASE)[click % 2]
            yield _event(week, f"bot{bot}-{click}", f"bot{bot}", kind, pushed, seconds=100 * click)
    for number in range(_BROKEN):
        customer = f"c{number:06d}"
        yield _event(week, f"gone-{number}", customer, PURCHASE, "no-such-product", seconds=number)
        yield _event(week, f"old-{number}", customer, PURCHASE, products[0]) | {c.TIME: "1970-01-01T00:00:00Z"}
        yield _event(week, f"ahead-{number}", customer, PURCHASE, products[0]) | {c.TIME: "2091-01-01T00:00:00Z"}
        yield _event(week, f"type-{number}", customer, "purchas", products[0])


def cut_off(table: Path) -> None:
    """Truncate a file to its first half, like an export that was interrupted."""
    content = table.read_bytes()
    table.write_bytes(content[: len(content) // 2])


def shifted(tables: Mapping[str, pd.DataFrame], seed: int) -> dict[str, pd.DataFrame]:
    """Tables of customers' actions in which each row has another row's product, like after a wrong join."""
    rng = np.random.default_rng(seed)
    wrong = {
        name: tables[name].assign(**{c.PRODUCT_ID: rng.permutation(tables[name][c.PRODUCT_ID].to_numpy())})
        for name in (c.TRANSACTIONS, c.RATINGS, c.EVENTS)
    }
    return {**tables, **wrong}


def count_planted(events: pd.DataFrame | None) -> int:
    """The number of planted events among these."""
    return 0 if events is None else int(events[c.EVENT_ID].str.startswith(PLANTED).sum())


def _event(week: Phase, name: str, customer: str, kind: str, product: str, seconds: int = 0) -> dict[str, Any]:
    return {
        c.EVENT_ID: f"{PLANTED}{week.first}-{name}",
        c.CUSTOMER_ID: customer,
        c.TYPE: kind,
        c.PRODUCT_ID: product,
        c.TIME: f"{week.start + timedelta(days=1, seconds=seconds):%Y-%m-%dT%H:%M:%SZ}",
    }
