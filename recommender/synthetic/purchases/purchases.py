"""What customers buy: for each slot of a visit a step of the routine, a few candidates, and the best of them.

Customers are simulated all at once, one slot after the other, so that earlier purchases influence later ones: the
routine's order, the line of a brand, what has not run out and what has.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from recommender.synthetic.customers.choice_model import ChoiceModel
from recommender.synthetic.customers.memory import REMEMBERED, PurchaseMemory
from recommender.synthetic.products.products import ProductShelves
from recommender.synthetic.products.routine import routine
from recommender.synthetic.purchases.visits import Slots
from recommender.synthetic.simulation import Bools, Floats, Ints, random_stream

BLOCK = 20_000  # customers simulated together: bounds memory, and keeps each block apart from the others
CANDIDATES = 24  # products a customer looks at before choosing
LOOK_ONLY = 0.25  # share of slots that end without a purchase
SAME_BRAND = 0.8  # log odds of staying with the last brand ...
SAME_LINE = 1.2  # ... and with its line for the same concern
OWNED = -3.0  # log odds of another size or shade of what was bought lately
STILL_THERE = -1.6  # log odds of a step whose last product has not run out
ROUTINE_DAYS = 60  # how long a purchase acts on the next step
REBUY = 0.3  # chance of buying again what has run out, if it comes to mind


@dataclass(frozen=True)
class SlotOutcomes:
    """The outcome of each slot, in the order of the slots.

    Attributes:
        slots: The slots.
        product: The product chosen, -1 where nothing suited, int32[slots].
        bought: Whether it was bought, or only looked at, bool[slots].
        runners_up: The second and third best candidates, -1 where there is none, int32[slots, 2].
        disliked: The launched candidate that suited least, -1 where there is none, int32[slots].
        liking: How well the chosen product suits, before noise, float32[slots].
    """

    slots: Slots
    product: Ints
    bought: Bools
    runners_up: Ints
    disliked: Ints
    liking: Floats

    @classmethod
    def nothing(cls, slots: Slots) -> Self:
        """Slots without an outcome yet."""
        return cls(
            slots=slots,
            product=np.full(len(slots), -1, np.int32),
            bought=np.zeros(len(slots), bool),
            runners_up=np.full((len(slots), 2), -1, np.int32),
            disliked=np.full(len(slots), -1, np.int32),
            liking=np.zeros(len(slots), np.float32),
        )


def simulate_purchases(choice: ChoiceModel, slots: Slots) -> SlotOutcomes:
    """What every customer chooses in every slot."""
    considered = SlotOutcomes.nothing(slots)
    for number, first in enumerate(range(0, len(choice.customers), BLOCK)):
        start, end = np.searchsorted(slots.customer, [first, first + BLOCK]).tolist()
        block = _Block(choice, considered, first, number)
        for entries in _rounds(slots.customer[start:end]):
            block.play(start + entries)
    return considered


def _rounds(customers: Ints) -> list[NDArray[np.int64]]:
    """The entries of each round: first every customer's first slot, then every second one, and so on."""
    if not len(customers):
        return []
    _, first, inverse = np.unique(customers, return_index=True, return_inverse=True)
    number = np.arange(len(customers)) - first[inverse]
    return np.split(number.argsort(kind="stable"), np.cumsum(np.bincount(number))[:-1])


def _highest(values: NDArray[np.float64], count: int) -> NDArray[np.int64]:
    """Where the highest ``count`` values of each row are, highest first."""
    found = np.argpartition(-values, count - 1, axis=1)[:, :count]
    order = np.take_along_axis(-values, found, axis=1).argsort(axis=1, kind="stable")
    return np.take_along_axis(found, order, axis=1)


@dataclass(frozen=True)
class _Shoppers:
    """The customers of one round: index, place in the block's memory, day."""

    who: Ints
    here: Ints
    days: Ints

    def __len__(self) -> int:
        return len(self.who)


class _Block:
    """Up to ``BLOCK`` customers, from ``first`` on."""

    def __init__(self, choice: ChoiceModel, considered: SlotOutcomes, first: int, number: int) -> None:
        self._choice = choice
        self._considered = considered
        self._first = first
        self._rng = random_stream(choice.settings.seed, "purchases", number)
        self._memory = PurchaseMemory.empty(BLOCK, len(routine()))
        self._shelf = ProductShelves(choice.products)
        self._step_lasts = np.array([step.lasts for step in routine()], np.int32)
        self._lasts = self._step_lasts[choice.products.step]

    def play(self, entries: NDArray[np.int64]) -> None:
        """Fill these slots, at most one of each customer."""
        considered = self._considered
        who = considered.slots.customer[entries]
        shoppers = _Shoppers(who, who - np.int32(self._first), considered.slots.day[entries])
        self._choose(entries, shoppers)
        again = self._bought_again(shoppers)
        rebuys = again >= 0
        considered.product[entries[rebuys]] = self._memory.products[shoppers.here, again][rebuys]
        chosen = considered.product[entries]
        bought = (chosen >= 0) & ((self._rng.random(len(who)) >= LOOK_ONLY) | rebuys)
        considered.bought[entries] = bought
        considered.liking[entries] = self._choice.liking(who, shoppers.days, np.maximum(chosen, 0)[:, None])[:, 0]
        steps = self._choice.products.step[chosen[bought]]
        self._memory.note(shoppers.here[bought], shoppers.days[bought], chosen[bought], steps, again[bought])

    def _choose(self, entries: NDArray[np.int64], shoppers: _Shoppers) -> None:
        """Let each customer pick from what is noticed on the shelf of the wanted step."""
        chances = self._rng.random((len(shoppers), CANDIDATES))
        candidates = self._shelf.notice(self._wanted_step(shoppers), chances)
        liking = self._choice.liking(shoppers.who, shoppers.days, candidates)
        pull = liking + self._habit(shoppers, candidates) + self._rng.gumbel(size=liking.shape)
        best = _highest(pull, 3)
        top = np.take_along_axis(candidates, best, axis=1)
        top[~np.isfinite(np.take_along_axis(liking, best, axis=1))] = -1
        self._considered.product[entries] = top[:, 0]
        self._considered.runners_up[entries] = top[:, 1:]
        self._considered.disliked[entries] = self._least(shoppers, candidates, liking)

    def _wanted_step(self, shoppers: _Shoppers) -> Ints:
        """The step of the routine each customer wants next."""
        memory, here = self._memory, shoppers.here
        odds = self._choice.step_odds(shoppers.who, shoppers.days) + self._shelf.odds
        odds += STILL_THERE * (shoppers.days[:, None] - memory.step_days[here] < self._step_lasts)
        recent = (memory.last[here] >= 0) & (shoppers.days - memory.last_day[here] <= ROUTINE_DAYS)
        odds += recent[:, None] * self._choice.follows[self._choice.products.step[memory.last[here]]]
        return (odds + self._rng.gumbel(size=odds.shape)).argmax(axis=1).astype(np.int32)

    def _habit(self, shoppers: _Shoppers, candidates: Ints) -> Floats:
        """What earlier purchases add to the utility of each candidate, float32[shoppers, candidates]."""
        shop, memory = self._choice.products, self._memory
        last = memory.last[shoppers.here]
        focus = shop.formulas.focus[shop.formula]
        brand = (shop.brand[candidates] == shop.brand[last][:, None]) & (last >= 0)[:, None]
        line = brand & (focus[candidates] == focus[last][:, None])
        mine = memory.products[shoppers.here]
        formulas = np.where(mine >= 0, shop.formula[mine], -1)
        owned = np.any(shop.formula[candidates][:, :, None] == formulas[:, None, :], axis=2)
        return (SAME_BRAND * brand + SAME_LINE * line + OWNED * owned).astype(np.float32)

    def _bought_again(self, shoppers: _Shoppers) -> Ints:
        """Where in the memory a product is that has run out and is bought again, -1 for none."""
        place = self._rng.integers(REMEMBERED, size=len(shoppers), dtype=np.int32)
        wants = self._rng.random(len(shoppers)) < REBUY
        due = self._memory.run_out(shoppers.here, shoppers.days, place, self._lasts)
        due &= self._choice.products.withdrawn[self._memory.products[shoppers.here, place]] > shoppers.days
        return np.where(wants & due, place, -1).astype(np.int32)

    def _least(self, shoppers: _Shoppers, candidates: Ints, liking: Floats) -> Ints:
        """The launched candidate that suits each customer least, -1 where none was launched."""
        launched = self._choice.products.launch[candidates] <= shoppers.days[:, None]
        worst = np.where(launched, liking, np.inf).argmin(axis=1)[:, None]
        found = np.take_along_axis(np.where(launched, candidates, -1), worst, axis=1)
        return found[:, 0].astype(np.int32)
