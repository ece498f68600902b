"""The shop's customers: their traits, hidden tastes and activity."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommender.synthetic.products.brands import TASTES
from recommender.synthetic.settings import SyntheticSettings, epoch_day
from recommender.synthetic.simulation import (
    CONCERNS,
    Bools,
    Floats,
    Ints,
    draw_indices,
    random_stream,
    read_parameters,
    shares,
)

SIGNED_UP_BEFORE = 0.6  # share of customers who are there when the recorded period begins
NEWCOMER_DAYS = 30  # after the period, in which newcomers sign up
LONGEST = 1100  # days before the period in which they signed up
DEPARTMENTS = ("Skincare", "Body", "Hair", "Make-up")


@dataclass(frozen=True)
class SimulatedCustomers:
    """Customers as arrays; index i is customer ``ids[i]``.

    Attributes:
        ids: Customer ids.
        birth_year: int32[customers].
        region: Index into ``needs.yaml``'s regions, int32[customers].
        skin_type: Index into ``needs.yaml``'s skin types, int32[customers].
        signup: Days since 1970, int32[customers].
        own_needs: Their needs beyond those of their group, float32[customers, concerns].
        yearly_change: How their own needs change in a year, float32[customers, concerns].
        taste: Place in taste, float32[customers, TASTES].
        budget: Log of the price level they like, relative to the middle tier, float32[customers].
        interest: Log odds of buying from each department, float32[customers, departments].
        activity: Visits relative to the average customer's, float32[customers].
        avoids: Ingredient families that they never buy, bool[customers, families].
    """

    ids: NDArray[np.object_]
    birth_year: Ints
    region: Ints
    skin_type: Ints
    signup: Ints
    own_needs: Floats
    yearly_change: Floats
    taste: Floats
    budget: Floats
    interest: Floats
    activity: Floats
    avoids: Bools

    def __len__(self) -> int:
        return len(self.ids)


def draw_customers(settings: SyntheticSettings, newcomers: int = 0) -> SimulatedCustomers:
    """The shop's customers, and after them some who sign up only after the recorded period."""
    seed, count = settings.seed, settings.customers + newcomers
    signup = _signups(settings, newcomers)
    skin_types = read_parameters("needs")["skin_types"]
    skin_type = draw_indices(random_stream(seed, "skin types"), shares(skin_types.values()), count)
    sensitive = skin_type == list(skin_types).index("sensitive")
    rng = random_stream(seed, "activity")
    return SimulatedCustomers(
        ids=np.array([f"c{i:06d}" for i in range(count)], object),
        birth_year=_birth_years(settings, signup),
        region=_regions(settings, signup),
        skin_type=skin_type,
        signup=signup,
        own_needs=_normal(seed, "own needs", 0.4, (count, len(CONCERNS))),
        yearly_change=_normal(seed, "changing needs", 0.25, (count, len(CONCERNS))),
        taste=_normal(seed, "tastes", 1.0, (count, TASTES)),
        budget=_normal(seed, "budgets", 0.5, (count,)),
        interest=_normal(seed, "interests", 0.9, (count, len(DEPARTMENTS))),
        activity=np.exp(rng.normal(-0.32, 0.8, count)).astype(np.float32),
        avoids=_avoids(seed, sensitive),
    )


def drifted_by(settings: SyntheticSettings, days: Ints) -> Floats:
    """How strongly drift acts on each day: 0 before its date, its strength from then on."""
    if settings.drift is None:
        return np.zeros(len(days), np.float32)
    return np.where(days >= epoch_day(settings.drift.at), settings.drift.strength, 0).astype(np.float32)


def _normal(seed: int, name: str, deviation: float, shape: tuple[int, ...]) -> Floats:
    return random_stream(seed, name).normal(0, deviation, shape).astype(np.float32)


def _signups(settings: SyntheticSettings, newcomers: int) -> Ints:
    """Sign-up days; newcomers come in the weeks after the recorded period."""
    draws = random_stream(settings.seed, "signups").random((settings.customers, 2))
    before = settings.first_day - draws[:, 1] * LONGEST
    within = settings.first_day + draws[:, 1] * settings.days
    days = np.where(draws[:, 0] < SIGNED_UP_BEFORE, before, within).astype(np.int32)
    after = settings.last_day + 1 + NEWCOMER_DAYS * random_stream(settings.seed, "newcomers").random(newcomers)
    return np.concatenate([days, after.astype(np.int32)])


def _birth_years(settings: SyntheticSettings, signup: Ints) -> Ints:
    """16 to 80 years old at the end of the period, most around 35; younger where drift says so."""
    ages = 16 + 64 * random_stream(settings.seed, "ages").beta(2.0, 4.6, len(signup))
    ages -= drifted_by(settings, signup) * read_parameters("needs")["drift"]["younger"]
    return (settings.end.year - np.clip(ages, 16, None)).astype(np.int32)


def _regions(settings: SyntheticSettings, signup: Ints) -> Ints:
    """Where they live; customers who sign up during a drift come from another mix of regions."""
    regions = read_parameters("needs")["regions"]
    shift = np.array([read_parameters("needs")["drift"]["regions"].get(name, 0.0) for name in regions])
    odds = np.log(shares(regions.values())) + drifted_by(settings, signup)[:, None] * shift
    noise = random_stream(settings.seed, "regions").gumbel(size=(len(signup), len(regions)))
    return (odds + noise).argmax(axis=1).astype(np.int32)


def _avoids(seed: int, sensitive: Bools) -> Bools:
    """What customers avoid; sensitive skin avoids more."""
    avoidances = list(read_parameters("needs")["avoidances"].values())
    usual = np.array([a["share"] for a in avoidances])
    chance = np.where(sensitive[:, None], [a["sensitive"] for a in avoidances], usual)
    return random_stream(seed, "avoidances").random(chance.shape) < chance
