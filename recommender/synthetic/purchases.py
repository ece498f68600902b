"""What customers buy: for each slot of a visit a step of the routine, a few candidates, and the one that suits best.

Customers are simulated all at once, one slot after the other, so that what was bought before acts on what is
bought next: the routine's order, the line of a brand, what is still in the bathroom and what has run out.
"""

import itertools
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from recommender.synthetic.choice import Choice
from recommender.synthetic.streams import stream
from recommender.synthetic.truth import Bools, Floats, Ints, read
from recommender.synthetic.visits import Slots

BLOCK = 20_000  # customers simulated together: bounds memory, and keeps each block apart from the others
CANDIDATES = 24  # products a customer looks at before choosing
REMEMBERED = 8  # latest purchases that act on the next one
LOOK_ONLY = 0.25  # share of slots that end without a purchase
SAME_BRAND = 0.5  # log odds of staying with the last brand ...
SAME_LINE = 0.9  # ... and with its line for the same concern
OWNED = -3.0  # log odds of another size or shade of what was bought lately
STILL_THERE = -1.6  # log odds of a step whose last product has not run out
ROUTINE_DAYS = 60  # how long a purchase acts on the next step
REBUY = 0.3  # chance of buying again what has run out and suited
FORGOTTEN = 3.0  # times a product lasts, after which it is not bought again


@dataclass(frozen=True)
class Considered:
    """What became of each slot, in the order of the slots.

    Attributes:
        slots: The slots.
        product: The product chosen, -1 where nothing suited, int32[slots].
        bought: Whether it was bought, or only looked at, bool[slots].
        runners_up: The second and third best candidates, -1 where there is none, int32[slots, 2].
        disliked: The launched candidate that suited least, int32[slots].
        liking: How well the chosen product suits, before noise, float32[slots].
    """

    slots: Slots
    product: Ints
    bought: Bools
    runners_up: Ints
    disliked: Ints
    liking: Floats


@dataclass
class _Memory:
    """What acts on the next choice of each customer of a block."""

    products: Ints  # [customers, REMEMBERED], -1 where empty
    days: Ints  # [customers, REMEMBERED]
    cursor: Ints  # where the next purchase is remembered
    last: Ints  # the last product, -1 before the first
    last_day: Ints
    step_days: Ints  # [customers, steps], when each step was last bought

    @classmethod
    def empty(cls, customers: int, steps: int) -> "_Memory":
        long_ago = -10_000
        return cls(
            products=np.full((customers, REMEMBERED), -1, np.int32),
            days=np.full((customers, REMEMBERED), long_ago, np.int32),
            cursor=np.zeros(customers, np.int32),
            last=np.full(customers, -1, np.int32),
            last_day=np.full(customers, long_ago, np.int32),
            step_days=np.full((customers, steps), long_ago, np.int32),
        )

    def remember(self, who: Ints, days: Ints, products: Ints, steps: Ints, again: Ints) -> None:
        """Note purchases; one bought again (``again`` is its place, else -1) renews its old entry."""
        place = np.where(again >= 0, again, self.cursor[who])
        self.products[who, place] = products
        self.days[who, place] = days
        self.cursor[who] = (self.cursor[who] + (again < 0)) % REMEMBERED
        self.last[who], self.last_day[who] = products, days
        self.step_days[who, steps] = days


def simulate(choice: Choice, slots: Slots) -> Considered:
    """What every customer chooses in every slot."""
    size = len(choice.customers)
    bounds = np.searchsorted(slots.customer, np.arange(0, size + BLOCK, BLOCK))
    blocks = [
        _Block(choice, slots, int(start), int(end), number).run()
        for number, (start, end) in enumerate(itertools.pairwise(bounds))
    ]
    joined = {f.name: np.concatenate([getattr(b, f.name) for b in blocks]) for f in fields(_Outcome)}
    return Considered(slots=slots, **joined)


@dataclass(frozen=True)
class _Outcome:
    """The arrays of :class:`Considered` for some slots."""

    product: Ints
    bought: Bools
    runners_up: Ints
    disliked: Ints
    liking: Floats

    @classmethod
    def empty(cls, slots: int) -> "_Outcome":
        return cls(
            product=np.full(slots, -1, np.int32),
            bought=np.zeros(slots, bool),
            runners_up=np.full((slots, 2), -1, np.int32),
            disliked=np.full(slots, -1, np.int32),
            liking=np.zeros(slots, np.float32),
        )


class _Block:
    """The slots ``start:end``, which belong to up to ``BLOCK`` customers."""

    def __init__(self, choice: Choice, slots: Slots, start: int, end: int, number: int) -> None:
        steps = read("assortment")["steps"].values()
        self.choice = choice
        self.slots = slots
        self.start = start
        self.first_customer = number * BLOCK
        self.lasts = np.array([s["days"] for s in steps], np.int32)
        self.rng = stream(choice.settings.seed, "purchases", number)
        self.memory = _Memory.empty(BLOCK, len(self.lasts))
        self.pool = _Pool(choice)
        self.rounds = _rounds(slots.customer[start:end])
        self.outcome = _Outcome.empty(end - start)

    def run(self) -> _Outcome:
        """Play the first slot of every customer, then the second, and so on."""
        for entries in self.rounds:
            self._play(entries)
        return self.outcome

    def _play(self, entries: NDArray[np.int64]) -> None:
        who = self.slots.customer[self.start + entries]
        days = self.slots.day[self.start + entries]
        here = who - self.first_customer
        step = self._step(who, here, days)
        candidates = self.pool.sample(step, self.rng.random((len(who), CANDIDATES)))
        liking = self.choice.liking(who, days, candidates)
        order = (-(liking + self._habit(here, candidates) + self.rng.gumbel(size=liking.shape))).argsort(axis=1)
        ranked = np.take_along_axis(candidates, order, axis=1)
        suits = np.take_along_axis(liking, order, axis=1)
        again = self._runs_out(here, days)
        chosen = np.where(np.isfinite(suits[:, 0]), ranked[:, 0], -1)
        chosen = np.where(again >= 0, self.memory.products[here, again], chosen)
        bought = (chosen >= 0) & ((self.rng.random(len(who)) >= LOOK_ONLY) | (again >= 0))
        out = self.outcome
        out.product[entries], out.bought[entries] = chosen, bought
        out.runners_up[entries] = np.where(np.isfinite(suits[:, 1:3]), ranked[:, 1:3], -1)
        out.disliked[entries] = self._least(candidates, liking, days)
        out.liking[entries] = self.choice.liking(who, days, np.maximum(chosen, 0)[:, None])[:, 0]
        kept = chosen[bought]
        self.memory.remember(here[bought], days[bought], kept, self.choice.products.step[kept], again[bought])

    def _step(self, who: Ints, here: Ints, days: Ints) -> Ints:
        """The step of the routine each customer wants next."""
        memory = self.memory
        odds = self.choice.step_odds(who, days) + self.pool.open
        odds += STILL_THERE * (days[:, None] - memory.step_days[here] < self.lasts)
        recent = (memory.last[here] >= 0) & (days - memory.last_day[here] <= ROUTINE_DAYS)
        odds += recent[:, None] * self.choice.follows[self.choice.products.step[memory.last[here]]]
        return (odds + self.rng.gumbel(size=odds.shape)).argmax(axis=1).astype(np.int32)

    def _habit(self, here: Ints, candidates: Ints) -> Floats:
        """What earlier purchases add to each candidate."""
        shop, memory = self.choice.products, self.memory
        last = memory.last[here]
        focus = shop.formulas.focus[shop.formula]
        brand = (shop.brand[candidates] == shop.brand[last][:, None]) & (last >= 0)[:, None]
        line = brand & (focus[candidates] == focus[last][:, None])
        mine = memory.products[here]
        formulas = np.where(mine >= 0, shop.formula[mine], -1)
        owned = (shop.formula[candidates][:, :, None] == formulas[:, None, :]).any(axis=2)
        return (SAME_BRAND * brand + SAME_LINE * line + OWNED * owned).astype(np.float32)

    def _runs_out(self, here: Ints, days: Ints) -> Ints:
        """Where in the memory a product is that has run out and is bought again, -1 for none."""
        memory = self.memory
        place = self.rng.integers(REMEMBERED, size=len(here))
        wants = self.rng.random(len(here)) < REBUY
        product, age = memory.products[here, place], days - memory.days[here, place]
        lasts = self.lasts[self.choice.products.step[product]]
        due = (product >= 0) & (age >= lasts) & (age <= FORGOTTEN * lasts)
        return np.where(due & wants, place, -1).astype(np.int32)

    def _least(self, candidates: Ints, liking: Floats, days: Ints) -> Ints:
        """The candidate that suits each customer least, -1 where none was launched."""
        launched = self.choice.products.launch[candidates] <= days[:, None]
        worst = np.where(launched, liking, np.inf).argmin(axis=1)[:, None]
        found = np.take_along_axis(candidates, worst, axis=1)[:, 0]
        return np.where(np.take_along_axis(launched, worst, axis=1)[:, 0], found, -1).astype(np.int32)


class _Pool:
    """Candidates by step, noticed in proportion to their popularity."""

    def __init__(self, choice: Choice) -> None:
        steps = len(choice.follows)
        step = choice.products.step
        self.order = step.argsort(kind="stable").astype(np.int32)
        self.weights = np.cumsum(choice.products.popularity[self.order].astype(np.float64))
        ends = np.searchsorted(step[self.order], np.arange(steps), side="right")
        self.tops = np.concatenate([[0.0], self.weights])[np.concatenate([[0], ends])]
        self.open = np.where(np.diff(self.tops) > 0, 0.0, -np.inf).astype(np.float32)

    def sample(self, step: Ints, chances: NDArray[np.float64]) -> Ints:
        """Products of each step, one for each of ``chances`` in [0, 1), int32[len(step), k]."""
        low, high = self.tops[step][:, None], self.tops[step + 1][:, None]
        found = np.searchsorted(self.weights, low + chances * (high - low), side="right")
        return self.order[np.minimum(found, len(self.order) - 1)]


def _rounds(customers: Ints) -> list[NDArray[np.int64]]:
    """The entries of each round: first every customer's first slot, then every second one, and so on."""
    _, first, inverse = np.unique(customers, return_index=True, return_inverse=True)
    number = np.arange(len(customers)) - first[inverse]
    order = number.argsort(kind="stable")
    return np.split(order, np.cumsum(np.bincount(number))[:-1]) if len(customers) else []
