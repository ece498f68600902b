"""Customers' hidden skin needs on a day: from skin type, climate, age, season, personal needs and drift."""

from functools import lru_cache

import numpy as np

from recommender.synthetic.customers.customers import SimulatedCustomers, drifted_by
from recommender.synthetic.settings import SyntheticSettings
from recommender.synthetic.simulation import Floats, Ints, by_concern, concern_rows, read_parameters

DAYS_A_YEAR = 365.25
MIDSUMMER = 172  # day of the year


def needs_of(settings: SyntheticSettings, customers: SimulatedCustomers, who: Ints, days: Ints) -> Floats:
    """What customers ``who`` need on ``days``, float32[len(who), concerns], none below 0."""
    truth = read_parameters("needs")
    years = (days - settings.first_day).astype(np.float32) / np.float32(DAYS_A_YEAR)
    total = (
        by_concern(truth["base"])
        + _group_needs("skin_types")[customers.skin_type[who]]
        + _group_needs("regions")[customers.region[who]]
        + _by_age(ages(customers, who, days))
        + summer(days)[:, None] * by_concern(truth["summer"])
        + customers.own_needs[who]
        + years[:, None] * customers.yearly_change[who]
        + drifted_by(settings, days)[:, None] * by_concern(truth["drift"]["needs"])
    )
    return np.maximum(total, 0).astype(np.float32)


def ages(customers: SimulatedCustomers, who: Ints, days: Ints) -> Floats:
    """Age in years of customers ``who`` on ``days``."""
    return (1970 + days / DAYS_A_YEAR - customers.birth_year[who]).astype(np.float32)


def summer(days: Ints) -> Floats:
    """1 at midsummer, -1 at midwinter."""
    return np.cos(2 * np.pi * (days % DAYS_A_YEAR - MIDSUMMER) / DAYS_A_YEAR).astype(np.float32)


@lru_cache
def _group_needs(grouping: str) -> Floats:
    """What each group of ``needs.yaml`` needs, float32[groups, concerns]."""
    return concern_rows(group["needs"] for group in read_parameters("needs")[grouping].values())


def _by_age(years: Floats) -> Floats:
    """What age alone makes people need, float32[len(years), concerns]."""
    effects = read_parameters("needs")["age"]
    decades = np.clip((years - 20) / 10, -0.5, 5).astype(np.float32)
    effect = by_concern(effects["at_20"]) + decades[:, None] * by_concern(effects["a_decade"])
    return effect.astype(np.float32)
