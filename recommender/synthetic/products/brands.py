"""The shop's brands: name, house style, price tier, taste and popularity."""

from dataclasses import dataclass
from itertools import product

import numpy as np

from recommender.synthetic.settings import SyntheticSettings
from recommender.synthetic.simulation import (
    CONCERNS,
    Floats,
    Ints,
    draw_indices,
    random_stream,
    read_parameters,
    shares,
)

TASTES = 6  # hidden dimensions of taste that are not skin needs: texture, scent, look, ...
PRODUCTS_A_BRAND = 25


@dataclass(frozen=True)
class Brands:
    """Brands as arrays.

    Attributes:
        names: Distinct names.
        style: Index into ``assortment.yaml``'s styles, int32[brands].
        price_factor: Price relative to the middle tier, float32[brands].
        taste: Place in taste, float32[brands, TASTES].
        popularity: Relative weight, float32[brands].
        focus: Log odds that a product is for each concern, float32[brands, concerns].
    """

    names: list[str]
    style: Ints
    price_factor: Floats
    taste: Floats
    popularity: Floats
    focus: Floats

    def __len__(self) -> int:
        return len(self.names)


def draw_brands(settings: SyntheticSettings) -> Brands:
    """As many brands as the shop's size asks for and the name parts allow."""
    names = _names(settings.seed)
    count = min(len(names), max(8, settings.products // PRODUCTS_A_BRAND))
    rng = random_stream(settings.seed, "brands")
    tiers = read_parameters("assortment")["tiers"].values()
    factors = np.array([tier["factor"] for tier in tiers], np.float32)
    return Brands(
        names=names[:count],
        style=draw_indices(rng, shares(read_parameters("assortment")["styles"].values()), count),
        price_factor=factors[draw_indices(rng, shares(tiers), count)],
        taste=rng.normal(size=(count, TASTES)).astype(np.float32),
        popularity=np.exp(rng.normal(0, 0.5, count)).astype(np.float32),
        focus=rng.normal(0, 1.0, (count, len(CONCERNS))).astype(np.float32),
    )


def _names(seed: int) -> list[str]:
    """Every name that the parts allow, each once, in the seed's order."""
    names = sorted({"".join(parts) for parts in product(*read_parameters("assortment")["names"]["brand"])})
    return [names[i] for i in random_stream(seed, "brand names").permutation(len(names))]
