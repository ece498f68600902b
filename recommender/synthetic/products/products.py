"""The shop's products: formulas sold in sizes or shades, with price, launch and hidden quality; and their shelves."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from recommender.synthetic.products.brands import TASTES, Brands, draw_brands
from recommender.synthetic.products.formulas import Formulas, draw_formulas
from recommender.synthetic.products.ingredient_stock import ingredient_stock
from recommender.synthetic.products.routine import by_step, routine
from recommender.synthetic.settings import SyntheticSettings, epoch_day
from recommender.synthetic.simulation import Bools, Floats, Ints, random_stream

NEW_SHARE = 0.25  # of formulas, launched within the recorded period
MORE_VARIANTS = (0.4, 0.15)  # chance of a second, of a third size or shade
OLDEST = 1500  # days before the period in which the older products were launched
NEVER = np.iinfo(np.int32).max  # a day that does not come


@dataclass(frozen=True)
class SimulatedProducts:
    """Products as arrays; index i is product ``ids[i]``.

    Attributes:
        ids: Product ids.
        formulas: What they are made of.
        brands: Who makes them.
        formula: Index of the product's formula, int32[products].
        variant: Which of the formula's sizes or shades it is, int32[products].
        price: Euros before any drift, float64[products].
        launch: Days since 1970, int32[products].
        withdrawn: First day on which it cannot be bought any more, days since 1970; ``NEVER`` for most,
            int32[products].
        popularity: Relative chance of being noticed, float32[products].
        quality: Hidden liking by everybody, float32[products].
        taste: Place in taste, float32[products, TASTES].
    """

    ids: NDArray[np.object_]
    formulas: Formulas
    brands: Brands
    formula: Ints
    variant: Ints
    price: NDArray[np.float64]
    launch: Ints
    withdrawn: Ints
    popularity: Floats
    quality: Floats
    taste: Floats

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def step(self) -> Ints:
        """Step of the routine of each product, int32[products]."""
        return self.formulas.step[self.formula]

    @cached_property
    def brand(self) -> Ints:
        """Brand of each product, int32[products]."""
        return self.formulas.brand[self.formula]

    @cached_property
    def effects(self) -> Floats:
        """Effect on each concern, float32[products, concerns]."""
        return self.formulas.effects[self.formula]

    @cached_property
    def families(self) -> Bools:
        """Whether it holds a member of each avoidable family, bool[products, families]."""
        return self.formulas.families[self.formula]

    def holds(self, ingredient: str) -> Bools:
        """Whether each product has this ingredient, bool[products]."""
        index = ingredient_stock().names.index(ingredient)
        return (self.formulas.label == index).any(axis=1)[self.formula]


def draw_products(settings: SyntheticSettings) -> SimulatedProducts:
    """The shop's products."""
    seed, count = settings.seed, settings.products
    brands = draw_brands(settings)
    formulas = draw_formulas(settings, brands, count)
    variants = _variant_counts(seed, formulas.step)
    formula = np.repeat(np.arange(count, dtype=np.int32), variants)[:count]
    first = np.cumsum(variants) - variants
    variant = (np.arange(len(formula)) - first[formula]).astype(np.int32)
    rng = random_stream(seed, "product popularity")
    weight = np.exp(rng.normal(0, 1.0, count)) * brands.popularity[formulas.brand]
    noticed = (weight[formula] * 0.6**variant).astype(np.float32)
    taste = brands.taste[formulas.brand] + random_stream(seed, "product taste").normal(0, 0.8, (count, TASTES))
    return SimulatedProducts(
        ids=np.array([f"p{i:05d}" for i in range(count)], object),
        formulas=formulas,
        brands=brands,
        formula=formula,
        variant=variant,
        price=_prices(settings, brands, formulas)[formula] * _variant_factors(formulas.step[formula], variant),
        launch=_launches(settings, count)[formula],
        withdrawn=_withdrawals(settings, formulas.brand[formula], noticed),
        popularity=noticed,
        quality=random_stream(seed, "product quality").normal(0, 1, count).astype(np.float32)[formula],
        taste=taste.astype(np.float32)[formula],
    )


def _variant_counts(seed: int, step: Ints) -> Ints:
    """In how many sizes or shades each formula is sold."""
    most = np.array([len(s.variants) for s in routine()])[step]
    chance = random_stream(seed, "product variants").random(len(step))
    return np.minimum(most, 1 + sum(chance < share for share in MORE_VARIANTS)).astype(np.int32)


def _variant_factors(step: Ints, variant: Ints) -> NDArray[np.float64]:
    """Price of each product relative to its formula's commonest size."""
    steps = routine()
    return np.array([steps[s].variants[v][1] for s, v in zip(step.tolist(), variant.tolist(), strict=True)])


def _prices(settings: SyntheticSettings, brands: Brands, formulas: Formulas) -> NDArray[np.float64]:
    """Price of each formula's commonest size, in euros."""
    noise = random_stream(settings.seed, "product prices").normal(0, 0.15, len(formulas.step))
    return (
        by_step(lambda s: s.price).astype(np.float64)[formulas.step]
        * brands.price_factor[formulas.brand]
        * np.exp(noise)
    )


def _launches(settings: SyntheticSettings, count: int) -> Ints:
    """Launch day of each formula: some within the recorded period, most in the years before."""
    draws = random_stream(settings.seed, "product launches").random((count, 2))
    new = settings.first_day + draws[:, 1] * settings.days
    old = settings.first_day - draws[:, 1] * OLDEST
    return np.where(draws[:, 0] < NEW_SHARE, new, old).astype(np.int32)


def _withdrawals(settings: SyntheticSettings, brand: Ints, noticed: Floats) -> Ints:
    """From which day on each product cannot be bought: all of a brand's go together."""
    withdrawal = settings.withdrawal
    if withdrawal is None:
        return np.full(len(brand), NEVER, np.int32)
    leading = (-np.bincount(brand, noticed)).argsort(kind="stable")[: withdrawal.brands]
    return np.where(np.isin(brand, leading), epoch_day(withdrawal.at), NEVER).astype(np.int32)


class ProductShelves:
    """Products by step, noticed in proportion to their popularity."""

    def __init__(self, products: SimulatedProducts) -> None:
        step = products.step
        self._order = step.argsort(kind="stable").astype(np.int32)
        self._weights = np.cumsum(products.popularity[self._order], dtype=np.float64)
        ends = np.searchsorted(step[self._order], np.arange(len(routine())), side="right")
        self._tops = np.concatenate([[0.0], self._weights])[np.concatenate([[0], ends])]

    @property
    def odds(self) -> Floats:
        """0 for a step with any product, minus infinity for an empty one, float32[steps]."""
        return np.where(np.diff(self._tops) > 0, 0.0, -np.inf).astype(np.float32)

    def notice(self, step: Ints, chances: NDArray[np.float64]) -> Ints:
        """Products of each step, one for each of ``chances`` in [0, 1), int32[len(step), k]."""
        low, high = self._tops[step][:, None], self._tops[step + 1][:, None]
        found = np.searchsorted(self._weights, low + chances * (high - low), side="right")
        return self._order[np.minimum(found, len(self._order) - 1)]
