"""Events around purchases: search, view, like, save, add to cart, dismiss."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from recommender.contract import columns as c
from recommender.contract.event_types import ADD_TO_CART, DISMISS, LIKE, SAVE, SEARCH, VIEW
from recommender.synthetic.customers.choice_model import ChoiceModel
from recommender.synthetic.products.ingredient_stock import ingredient_stock
from recommender.synthetic.products.routine import routine
from recommender.synthetic.purchases.purchases import SlotOutcomes
from recommender.synthetic.simulation import CONCERNS, Bools, Ints, random_stream
from recommender.synthetic.tables.cells import blanked, cells, iso_times, numbered_ids

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


def events_table(choice: ChoiceModel, considered: SlotOutcomes) -> pd.DataFrame:
    """The shop's event log, by time."""
    acts = _acts(choice, considered)
    slots = np.concatenate([a.slots for a in acts])
    times = considered.slots.paid[slots] - np.concatenate([a.before for a in acts])
    order = times.argsort(kind="stable")
    slots, visits = slots[order], considered.slots.visit
    products = np.concatenate([a.products for a in acts])[order]
    types = np.repeat(cells([a.type for a in acts]), [len(a.slots) for a in acts])[order]
    return pd.DataFrame(
        {
            c.EVENT_ID: numbered_ids("e", len(slots)),
            c.CUSTOMER_ID: choice.customers.ids[considered.slots.customer[slots]],
            c.SESSION_ID: numbered_ids("s", int(visits.max(initial=-1)) + 1)[visits[slots]],
            c.TYPE: types,
            c.PRODUCT_ID: blanked(choice.products.ids[products], products < 0),
            c.QUERY: _queries(choice, considered, slots, types),
            c.TIME: iso_times(times[order]),
        }
    )


def _acts(choice: ChoiceModel, considered: SlotOutcomes) -> list[_Acts]:
    rng = random_stream(choice.settings.seed, "events")
    chosen, bought = considered.product, considered.bought
    there = chosen >= 0
    none = np.full_like(chosen, -1)
    return [
        _some(SEARCH, there, SEARCHES, none, (900, 1500), rng),
        _some(VIEW, there, VIEWS, chosen, (240, 800), rng),
        _some(
            VIEW,
            considered.runners_up[:, 0] >= 0,
            VIEWS_RUNNER_UP,
            considered.runners_up[:, 0],
            (240, 900),
            rng,
        ),
        _some(
            VIEW,
            considered.runners_up[:, 1] >= 0,
            VIEWS_RUNNER_UP,
            considered.runners_up[:, 1],
            (240, 900),
            rng,
        ),
        _some(LIKE, there, LIKES, chosen, (200, 240), rng),
        _some(SAVE, there, np.where(bought, SAVES_BOUGHT, SAVES_UNBOUGHT), chosen, (160, 200), rng),
        _some(ADD_TO_CART, there, np.where(bought, CARTS_BOUGHT, CARTS_UNBOUGHT), chosen, (20, 160), rng),
        _some(DISMISS, _never_bought(considered), DISMISSES, considered.disliked, (20, 900), rng),
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


def _never_bought(considered: SlotOutcomes) -> Bools:
    """Where the disliked product is one that the customer does not buy in the whole period."""
    size = int(max(considered.product.max(initial=0), considered.disliked.max(initial=0))) + 1
    mine = considered.slots.customer.astype(np.int64) * size
    bought = np.unique((mine + considered.product)[considered.bought])
    return (considered.disliked >= 0) & ~np.isin(mine + considered.disliked, bought)


def _queries(
    choice: ChoiceModel, considered: SlotOutcomes, slots: NDArray[np.int64], types: NDArray[np.object_]
) -> NDArray[np.object_]:
    """What was searched for, None in other events."""
    searches = np.flatnonzero(types == SEARCH)
    looked = slots[searches]
    draws = random_stream(choice.settings.seed, "searches").random((len(considered.slots), 4))[looked]
    queries = np.full(len(types), None, object)
    queries[searches] = search_queries(choice, considered.slots.customer[looked], considered.product[looked], draws)
    return queries


NAMES_AVOIDANCE = 0.5  # share of searches of customers with an avoided ingredient that name it
NAMES_CONCERN = 0.35
WITHOUT = ("{avoided} free {what}", "{what} without {avoided}", "no {avoided}")


def search_queries(choice: ChoiceModel, who: Ints, products: Ints, draws: NDArray[np.float64]) -> NDArray[np.object_]:
    """The searches with which customers ``who`` found ``products``: a product, a concern or an avoided ingredient.

    Customers and products are indices, int32[n]; ``draws`` are random numbers in [0, 1), float64[n, 4].
    """
    shop = choice.products
    found = np.empty(len(who), object)
    for i, (customer, product) in enumerate(zip(who.tolist(), products.tolist(), strict=True)):
        what = routine()[shop.step[product]].name
        avoided = np.flatnonzero(choice.customers.avoids[customer])
        if len(avoided) and draws[i, 0] < NAMES_AVOIDANCE:
            family = ingredient_stock().families[avoided[int(draws[i, 2] * len(avoided))]]
            found[i] = WITHOUT[int(draws[i, 3] * len(WITHOUT))].format(avoided=family, what=what)
        elif draws[i, 1] < NAMES_CONCERN:
            found[i] = f"{what} for {CONCERNS[shop.formulas.focus[shop.formula[product]]]}"
        else:
            found[i] = what
    return found
