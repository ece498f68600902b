"""How a customer chooses a step of the routine and a product.

A random-utility model: utility plus Gumbel noise, the highest wins, so that choices follow a softmax.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from recommender.synthetic.customers.customers import DEPARTMENTS, SimulatedCustomers, drifted_by
from recommender.synthetic.customers.needs import needs_of, summer
from recommender.synthetic.products.products import SimulatedProducts
from recommender.synthetic.products.routine import by_step, routine
from recommender.synthetic.settings import SyntheticSettings
from recommender.synthetic.simulation import Floats, Ints, read_parameters

# Weights of the utility, chosen so that needs and taste matter most and noise still decides often.
NEEDS = 0.45
TASTE = 0.45
QUALITY = 0.3
PRICE = 0.9
STEP_NEEDS = 0.8


@dataclass(frozen=True)
class ChoiceModel:
    """Utility of the shop's products for its customers."""

    settings: SyntheticSettings
    products: SimulatedProducts
    customers: SimulatedCustomers

    @cached_property
    def _price_level(self) -> Floats:
        """Log of each product's price relative to the middle tier of its step."""
        usual = by_step(lambda s: s.price)[self.products.step]
        return np.log(self.products.price / usual).astype(np.float32)

    @cached_property
    def _trend(self) -> Floats:
        """What drift of strength 1 adds to each product for the ingredients it holds."""
        trending = read_parameters("needs")["drift"]["ingredients"]
        bonuses = [bonus * self.products.holds(name) for name, bonus in trending.items()]
        return np.max(bonuses, axis=0).astype(np.float32)

    @cached_property
    def _step_needs(self) -> Floats:
        return np.stack([s.serves for s in routine()])

    @cached_property
    def follows(self) -> Floats:
        """Log odds that a step is bought after another beyond chance, float32[steps, steps]."""
        return np.array([[s.follows.get(after.name, 0.0) for after in routine()] for s in routine()], np.float32)

    def liking(self, who: Ints, days: Ints, products: Ints) -> Floats:
        """How well ``products`` suit customers ``who`` on ``days``.

        Args:
            who: Customer indices, int32[n].
            days: Days since 1970, int32[n].
            products: Product indices, int32[n, k].

        Returns:
            float32[n, k]; minus infinity where the customer would never buy it: it holds what the customer avoids, is
            not launched yet, or is withdrawn.
        """
        shop, people = self.products, self.customers
        needs = needs_of(self.settings, people, who, days)
        suits = NEEDS * np.einsum("nc,nkc->nk", needs, shop.effects[products])
        suits += TASTE * np.einsum("nt,nkt->nk", people.taste[who], shop.taste[products])
        suits += QUALITY * shop.quality[products]
        suits -= PRICE * np.square(self._price_level[products] - people.budget[who, None])
        suits += drifted_by(self.settings, days)[:, None] * self._trend[products]
        refused = (shop.families[products] & people.avoids[who, None]).any(axis=2)
        refused |= (shop.launch[products] > days[:, None]) | (shop.withdrawn[products] <= days[:, None])
        suits[refused] = -np.inf
        return suits

    def step_odds(self, who: Ints, days: Ints) -> Floats:
        """Log odds of each step being bought, before the sequence is looked at, float32[n, steps]."""
        department = [DEPARTMENTS.index(s.path[0]) for s in routine()]
        drift = read_parameters("needs")["drift"]["steps"]
        needs = needs_of(self.settings, self.customers, who, days)
        odds = STEP_NEEDS * np.einsum("nc,sc->ns", needs, self._step_needs)
        odds += np.log(by_step(lambda s: s.share))
        odds += self.customers.interest[who][:, department]
        odds += summer(days)[:, None] * by_step(lambda s: s.season)
        odds += drifted_by(self.settings, days)[:, None] * by_step(lambda s: drift.get(s.name, 0.0))
        return odds

    def purchase_odds(self, who: Ints, days: Ints) -> NDArray[np.float64]:
        """Log probability that a customer's next product is each one, the sequence not looked at.

        Returns:
            float64[n, products]; minus infinity where the customer would never buy it.
        """
        everything = np.broadcast_to(np.arange(len(self.products), dtype=np.int32), (len(who), len(self.products)))
        noticed = self.liking(who, days, everything).astype(np.float64) + np.log(self.products.popularity)
        steps = self.step_odds(who, days)
        total = np.full(noticed.shape, -np.inf)
        nothing = -700  # log of next to nothing: keeps a step without any possible product from being 0 / 0
        for step in range(steps.shape[1]):
            columns = np.flatnonzero(self.products.step == step)
            within = noticed[:, columns] - np.logaddexp.reduce(noticed[:, columns], axis=1, initial=nothing)[:, None]
            total[:, columns] = steps[:, [step]] + within
        return total - np.logaddexp.reduce(total, axis=1)[:, None]
