"""What customers do around their purchases: search, view, like, save, put into the cart, dismiss."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from recommender.contract import columns as c
from recommender.synthetic.customers.choice import Choice
from recommender.synthetic.purchases.purchases import Considered
from recommender.synthetic.streams import stream
from recommender.synthetic.tables.cells import SECONDS_A_DAY, blanked, cells, iso_times, numbered
from recommender.synthetic.tables.searches import search_queries
from recommender.synthetic.truth import Bools, Ints

# Chances, for each product considered.
SEARCHES = 0.22
VIEWS, VIEWS_RUNNER_UP = 0.85, 0.3
LIKES = 0.1
SAVES_UNBOUGHT, SAVES_BOUGHT = 0.3, 0.05
CARTS_BOUGHT, CARTS_UNBOUGHT = 0.8, 0.15
DISMISSES = 0.03


@dataclass(frozen=True)
class _Acts:
    """Events of one type.

    Attributes:
        slots: The slots they belong to, int64[events].
        products: Product index, -1 for none, int32[events].
        before: Seconds before the basket is paid, int64[events].
    """

    type: str
    slots: NDArray[np.int64]
    products: Ints
    before: NDArray[np.int64]


def events_table(choice: Choice, considered: Considered) -> pd.DataFrame:
    """The shop's event log, by time."""
    acts = _acts(choice, considered)
    slots = np.concatenate([a.slots for a in acts])
    times = _paid(considered)[slots] - np.concatenate([a.before for a in acts])
    order = times.argsort(kind="stable")
    slots = slots[order]
    products = np.concatenate([a.products for a in acts])[order]
    types = np.repeat(cells([a.type for a in acts]), [len(a.slots) for a in acts])[order]
    return pd.DataFrame(
        {
            c.EVENT_ID: numbered("e", len(slots)),
            c.CUSTOMER_ID: choice.customers.ids[considered.slots.customer[slots]],
            c.SESSION_ID: _sessions(considered)[slots],
            c.TYPE: types,
            c.PRODUCT_ID: blanked(choice.products.ids[products], products < 0),
            c.QUERY: _queries(choice, considered, slots, types),
            c.TIME: iso_times(times[order]),
        }
    )


def _acts(choice: Choice, considered: Considered) -> list[_Acts]:
    rng = stream(choice.settings.seed, "events")
    chosen, bought = considered.product, considered.bought
    there = chosen >= 0
    none = np.full_like(chosen, -1)
    return [
        _some(c.SEARCH, there, SEARCHES, none, (900, 1500), rng),
        _some(c.VIEW, there, VIEWS, chosen, (240, 800), rng),
        _some(c.VIEW, considered.runners_up[:, 0] >= 0, VIEWS_RUNNER_UP, considered.runners_up[:, 0], (240, 900), rng),
        _some(c.VIEW, considered.runners_up[:, 1] >= 0, VIEWS_RUNNER_UP, considered.runners_up[:, 1], (240, 900), rng),
        _some(c.LIKE, there, LIKES, chosen, (200, 240), rng),
        _some(c.SAVE, there, np.where(bought, SAVES_BOUGHT, SAVES_UNBOUGHT), chosen, (160, 200), rng),
        _some(c.ADD_TO_CART, there, np.where(bought, CARTS_BOUGHT, CARTS_UNBOUGHT), chosen, (20, 160), rng),
        _some(c.DISMISS, _never_bought(considered), DISMISSES, considered.disliked, (20, 900), rng),
    ]


def _some(
    kind: str,
    possible: Bools,
    chance: float | NDArray[np.float64],
    products: Ints,
    before: tuple[int, int],
    rng: np.random.Generator,
) -> _Acts:
    """Events of one type in some of the slots where it is possible, ``before`` seconds before paying."""
    chances, seconds = rng.random(len(possible)), rng.integers(*before, len(possible))
    slots = np.flatnonzero(possible & (chances < chance))
    return _Acts(kind, slots, products[slots], seconds[slots])


def _never_bought(considered: Considered) -> Bools:
    """Where the disliked product is one that the customer does not buy in the whole period."""
    size = int(max(considered.product.max(initial=0), considered.disliked.max(initial=0))) + 1
    mine = considered.slots.customer.astype(np.int64) * size
    bought = np.unique((mine + considered.product)[considered.bought])
    return (considered.disliked >= 0) & ~np.isin(mine + considered.disliked, bought)


def _paid(considered: Considered) -> NDArray[np.int64]:
    """Seconds since 1970 at which each slot's basket is paid."""
    return considered.slots.day.astype(np.int64) * SECONDS_A_DAY + considered.slots.second


def _sessions(considered: Considered) -> NDArray[np.object_]:
    visits = considered.slots.visit
    return numbered("s", int(visits.max(initial=-1)) + 1)[visits]


def _queries(
    choice: Choice, considered: Considered, slots: NDArray[np.int64], types: NDArray[np.object_]
) -> NDArray[np.object_]:
    """What was searched for, None in other events."""
    searches = np.flatnonzero(types == c.SEARCH)
    looked = slots[searches]
    draws = stream(choice.settings.seed, "searches").random((len(considered.slots), 4))[looked]
    queries = np.full(len(types), None, object)
    queries[searches] = search_queries(choice, considered.slots.customer[looked], considered.product[looked], draws)
    return queries
