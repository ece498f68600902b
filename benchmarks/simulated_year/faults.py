"""What goes wrong with data: events that nobody meant, and exports that are not what they seem."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from benchmarks.live_shop.shop import Phase
from recommender.contract import columns as c

#: What the id of every planted event begins with, so that it can be found again wherever it got to.
PLANTED: Final = "bad-"
_BOTS: Final = 5
_CLICKS_A_DAY: Final = 400
_BROKEN: Final = 100


def bad_events(week: Phase, products: list[str]) -> Iterator[dict[str, Any]]:
    """Programs that buy one product all day, and apps that send what is not there, long gone, to come or no type."""
    for bot in range(_BOTS):
        pushed = products[bot % len(products)]
        for click in range(_CLICKS_A_DAY):
            kind = (c.VIEW, c.PURCHASE)[click % 2]
            yield _event(week, f"bot{bot}-{click}", f"bot{bot}", kind, pushed, seconds=100 * click)
    for number in range(_BROKEN):
        customer = f"c{number:06d}"
        yield _event(week, f"gone-{number}", customer, c.PURCHASE, "no-such-product", seconds=number)
        yield _event(week, f"old-{number}", customer, c.PURCHASE, products[0]) | {c.TIME: "1970-01-01T00:00:00Z"}
        yield _event(week, f"ahead-{number}", customer, c.PURCHASE, products[0]) | {c.TIME: "2091-01-01T00:00:00Z"}
        yield _event(week, f"type-{number}", customer, "purchas", products[0])


def cut_off(table: Path) -> None:
    """Half of a file, as an export leaves it that was stopped."""
    content = table.read_bytes()
    table.write_bytes(content[: len(content) // 2])


def shifted(tables: Mapping[str, pd.DataFrame], seed: int) -> dict[str, pd.DataFrame]:
    """Tables of what customers did in which each row has another one's product: a join that went wrong."""
    rng = np.random.default_rng(seed)
    done = (c.TRANSACTIONS, c.RATINGS, c.EVENTS)
    wrong = {
        name: tables[name].assign(**{c.PRODUCT_ID: rng.permutation(tables[name][c.PRODUCT_ID].to_numpy())})
        for name in done
    }
    return {**tables, **wrong}


def planted(events: pd.DataFrame | None) -> int:
    """How many planted events are among these."""
    return 0 if events is None else int(events[c.EVENT_ID].str.startswith(PLANTED).sum())


def _event(week: Phase, name: str, customer: str, kind: str, product: str, seconds: int = 0) -> dict[str, Any]:
    return {
        c.EVENT_ID: f"{PLANTED}{week.first}-{name}",
        c.CUSTOMER_ID: customer,
        c.TYPE: kind,
        c.PRODUCT_ID: product,
        c.TIME: f"{week.start + timedelta(days=1, seconds=seconds):%Y-%m-%dT%H:%M:%SZ}",
    }
