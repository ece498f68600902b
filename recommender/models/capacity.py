"""What fitting needs of memory, asked before it begins: a clear refusal instead of the kernel's."""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np

from infrastructure.memory import refuse_above, told
from recommender.config.model import ModelSettings
from recommender.models.candidate_models.item_to_item import BY_TIME
from recommender.models.candidate_models.transitions import MOST_STEPS
from recommender.models.histories import Histories

_FLOAT: Final = 4
_TABLE_CELL: Final = 40
"""Bytes of a cell of a family that keeps ``neighbours`` a product, while all are joined; measured at 121,010."""
_PAIR_CELL: Final = 30
"""Bytes of a cell of a family that counts pairs: it is kept twice, and summed; measured at 36 million pairs."""
_PAIRS: Final = {
    "followed_by": 1,
    "preceded_by": 1,
    "bought_together": 2,
    "bought_close": 2,
    "bought_same_day": 2,
    "bought_next_visit": 1,
}
"""Cells of each such family for a pair of purchases: two where it goes either way."""
_EASE_CELL: Final = 24  # bytes, with the copies that inverting takes
_FEATURES: Final = 110  # of a ranking row, about
_BATCH: Final = 256  # customers described at once
_COPIES: Final = 4  # of the network's weights while it is fitted: weights, gradient, two moments
_SHARE: Final = 12  # bytes of a group's share of a product: gathered, put together, and kept of another level
_RAISED: Final = {"model.groups.minimum"}  # parameters of which more means less memory
_LIBRARIES: Final = 200 << 20
"""What any fit takes, however small: LightGBM, scikit-learn and what they begin with."""


@dataclass(frozen=True)
class Size:
    """What fitting's memory grows with.

    Attributes:
        products: In the catalogue.
        customers: Who have a history.
        pairs: Of one customer's purchases, of which families make something.
        groups: Of customers, each with a share of every product.
        dated: Whether purchases have dates, of which some families make something.
    """

    products: int
    customers: int
    pairs: int = 0
    groups: int = 0
    dated: bool = True

    @classmethod
    def of(cls, histories: Histories, groups: int) -> Self:
        """That of a data set."""
        steps = np.minimum(np.maximum(histories.lengths - 1, 0), MOST_STEPS)
        pairs = int((steps * histories.lengths - steps * (steps + 1) // 2).sum())
        return cls(histories.product_count, len(histories), pairs, groups, histories.has_days)


def needed(size: Size, settings: ModelSettings) -> dict[str, int]:
    """Bytes at the peak of fitting, by the parameter that they grow with.

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


def foretold(size: Size, settings: ModelSettings) -> int:
    """Bytes at the peak of fitting, in all."""
    return sum(needed(size, settings).values()) + _LIBRARIES


def check(size: Size, settings: ModelSettings) -> None:
    """Refuse what would not fit into memory.

    Raises:
        CapacityError: More is needed than there is; it names the parameter that needs most.
    """
    parts = needed(size, settings)
    field = max(parts, key=lambda name: parts[name])
    change = "raise" if field in _RAISED else "lower"
    refuse_above(
        foretold(size, settings),
        f"Fitting {size.products:,} products and {size.customers:,} customers",
        field=field,
        value=f"{told(parts[field])} of it",
        cure=f"{change} {field}, or take a machine with more memory",
    )
