"""How much memory fitting needs, checked before it begins: a clear error instead of an out-of-memory kill."""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np

from infrastructure.machine import gibibytes, require_memory
from recommender.config.model import ModelSettings
from recommender.models.candidate_models.item_to_item import BY_TIME
from recommender.models.candidate_models.transitions import MOST_STEPS
from recommender.models.histories import Histories

_FLOAT: Final = 4
_TABLE_CELL: Final = 40
"""Bytes per cell of a model that keeps ``neighbours`` a product, while all are joined; measured at 121,010."""
_PAIR_CELL: Final = 30
"""Bytes per cell of a model that counts pairs: it is kept twice, and summed; measured at 36 million pairs."""
_PAIRS: Final = {
    "followed_by": 1,
    "preceded_by": 1,
    "bought_together": 2,
    "bought_close": 2,
    "bought_same_day": 2,
    "bought_next_visit": 1,
}
"""Cells of each such model for a pair of purchases: two where the order does not matter."""
_EASE_CELL: Final = 24  # bytes, with the copies that inverting takes
_FEATURES: Final = 110  # of a ranking row, about
_BATCH: Final = 256  # customers described at once
_COPIES: Final = 4  # of the network's weights while it is fitted: weights, gradient, two moments
_SHARE: Final = 12  # bytes of a group's share of a product: gathered, put together, and kept of another level
_RAISED: Final = {"model.groups.minimum"}  # parameters of which more means less memory
_LIBRARIES: Final = 200 << 20
"""What any fit takes, however small: LightGBM, scikit-learn and what they begin with."""


@dataclass(frozen=True)
class FittingSize:
    """What the memory of a fit depends on.

    Attributes:
        products: In the catalogue.
        customers: With a history.
        pairs: Pairs of purchases of the same customer, which some models count.
        groups: Of customers, each with a share of every product.
        dated: Whether purchases have dates, which some models need.
    """

    products: int
    customers: int
    pairs: int = 0
    groups: int = 0
    dated: bool = True

    @classmethod
    def from_histories(cls, histories: Histories, groups: int, baskets: Histories | None = None) -> Self:
        """The size of a data set; guests' baskets only add pairs."""
        pairs = _pairs(histories) + (0 if baskets is None else _pairs(baskets))
        return cls(histories.product_count, len(histories), pairs, groups, histories.has_days)


def _pairs(histories: Histories) -> int:
    steps = np.minimum(np.maximum(histories.lengths - 1, 0), MOST_STEPS)
    return int((steps * histories.lengths - steps * (steps + 1) // 2).sum())


def estimated_bytes_by_setting(size: FittingSize, settings: ModelSettings) -> dict[str, int]:
    """Estimated bytes at the peak of fitting, by the parameter that they grow with.

    An upper bound for shops whose products all have as many neighbours as are kept, and whose customers all buy
    other pairs of products.
    """
    products = size.products
    families, ranker, network = settings.families, settings.ranker, settings.network
    weights: dict[str, float] = families.model_dump()
    has_ease = weights["ease"] > 0 and products <= families.ease_most_products
    kept = sum(weights[name] > 0 for name in ("bm25", "als", "content", "title")) + has_ease
    by_pair = {
        f"model.families.{name}": min(cells * size.pairs, products**2) * _PAIR_CELL
        for name, cells in _PAIRS.items()
        if weights[name] > 0 and (size.dated or name not in BY_TIME)
    }
    asked = min(size.customers, ranker.most_customers) * (ranker.levels + 1) if ranker.enabled else 0
    vectors = network.width * _COPIES + network.text_width if network.enabled and ranker.enabled else 0
    return {
        "model.families.neighbours": products * min(families.neighbours, products) * kept * _TABLE_CELL,
        **by_pair,
        "model.families.ease_most_products": products**2 * _EASE_CELL if has_ease else 0,
        "model.ranker.most_customers": asked * settings.candidates * _FEATURES * _FLOAT,
        "model.network.width": products * vectors * _FLOAT,
        "model.groups.minimum": size.groups * products * _SHARE,
        "model.candidates": _BATCH * products * _FLOAT * 5,
    }


def estimated_bytes(size: FittingSize, settings: ModelSettings) -> int:
    """Estimated bytes at the peak of fitting, in all."""
    return sum(estimated_bytes_by_setting(size, settings).values()) + _LIBRARIES


def check_memory(size: FittingSize, settings: ModelSettings) -> None:
    """Refuse a fit that would not fit into memory.

    Raises:
        CapacityError: More is needed than there is; it names the parameter that needs most.
    """
    parts = estimated_bytes_by_setting(size, settings)
    field = max(parts, key=lambda name: parts[name])
    change = "raise" if field in _RAISED else "lower"
    require_memory(
        estimated_bytes(size, settings),
        f"Fitting {size.products:,} products and {size.customers:,} customers",
        field=field,
        value=f"{gibibytes(parts[field])} of it",
        cure=f"{change} {field}, or take a machine with more memory",
    )
