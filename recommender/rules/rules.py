"""The rules' names, and the definitions that filter and check share."""

import math
from typing import Final

import numpy as np

from recommender.config.model import RuleSettings
from recommender.contract.query import Profile
from recommender.knowledge.knowledge import names_nothing
from recommender.models.products.catalogue import CATEGORY_SEPARATOR

OUT_OF_STOCK: Final = "out_of_stock"
AVOIDED_INGREDIENT: Final = "avoided_ingredient"
UNKNOWN_INGREDIENTS: Final = "unknown_ingredients"
DISMISSED: Final = "dismissed"
EXCLUDED: Final = "excluded"
OWNED: Final = "owned"
CATEGORY: Final = "category"
PRICE: Final = "price"
UNKNOWN_PRODUCT: Final = "unknown_product"

RULES: Final = (
    OUT_OF_STOCK,
    AVOIDED_INGREDIENT,
    UNKNOWN_INGREDIENTS,
    DISMISSED,
    EXCLUDED,
    CATEGORY,
    PRICE,
    OWNED,
)
"""Names of all rules over a catalogue, in the order in which they apply."""


def avoids(profile: Profile) -> tuple[str, ...]:
    """What the customer avoids, without texts such as "none"."""
    return tuple(text for text in profile.avoided_ingredients if not names_nothing(text))


def refuses_unknown(profile: Profile, settings: RuleSettings) -> bool:
    """Whether products are refused whose ingredients are not known or are in a script that cannot be read.

    The customer's own choice decides; else the setting, which applies only to customers who avoid something.
    """
    if profile.avoid_unknown_ingredients is not None:
        return profile.avoid_unknown_ingredients
    return settings.unknown_ingredients == "refuse" and bool(avoids(profile))


def price_limits(profile: Profile) -> tuple[float, float] | None:
    """Lowest and highest price, both allowed; None where the customer sets none.

    An unknown price (NaN) is within no limits. Limits are rounded as the catalogue's prices are, so that a product at
    just the limit is within it for filter and check alike.
    """
    if profile.min_price is None and profile.max_price is None:
        return None
    low = -math.inf if profile.min_price is None else _as_kept(profile.min_price)
    return low, math.inf if profile.max_price is None else _as_kept(profile.max_price)


def _as_kept(price: float) -> float:
    """A price in the precision of ``Catalogue.price``; infinite where that is too small for it."""
    with np.errstate(over="ignore"):
        return float(np.float32(price))


def is_inside(path: str, category: str) -> bool:
    """Whether a category path starts with another one, part by part and in any case."""
    wanted = _parts(category)
    return _parts(path)[: len(wanted)] == wanted


def _parts(path: str) -> list[str]:
    return [part.strip().casefold() for part in path.split(CATEGORY_SEPARATOR.strip())]
