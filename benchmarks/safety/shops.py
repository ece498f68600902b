"""Small shops drawn by a seed: what is printed on each product, and what is truly in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from benchmarks.safety.disguises import printed
from benchmarks.safety.truth import Truth
from recommender.contract import columns as c
from recommender.contract.tables import Tables
from recommender.data.parsing.ingredient_lists import split_label
from recommender.engine.engine import Engine
from recommender.knowledge.knowledge import Knowledge
from recommender.models.avoidances import Avoidances
from recommender.models.hybrid_fitting import HybridFitter
from recommender.models.model_data import model_data
from recommender.rules import Rules
from settings.config import Config

PRODUCTS: Final = 20
_CUSTOMERS: Final = 8
_USES: Final = 40
_LONGEST_LABEL: Final = 12
_UNLABELLED: Final = 0.1
_FIRST_DAY: Final = pd.Timestamp("2025-01-01", tz="UTC")
_DAYS: Final = 300
_CONFIG: Final = Config.parse(
    {"model": {"ranker": {"enabled": False}, "groups": {"minimum": 1}}, "rules": {"rebuy": {"minimum": 1}}},
    where="safety benchmark",
)


@dataclass(frozen=True)
class Shop:
    """A shop's engine, and the truth of its products.

    Attributes:
        holds: The ingredients that are truly in each product.
        labels: What is printed on each, None where there is no label.
        bought: Product ids that each customer has, with the seconds since 1970, oldest first.
    """

    engine: Engine
    holds: Mapping[str, frozenset[str]]
    labels: Mapping[str, str | None]
    bought: Mapping[str, tuple[tuple[str, int], ...]]


def draw_shop(draw: np.random.Generator, declared: Mapping[str, Sequence[str]]) -> Shop:
    """A shop whose bundle knows what these customers had ``declared`` to avoid."""
    ids = [f"p{number}" for number in range(PRODUCTS)]
    holds = {id_: _ingredients(draw) for id_ in ids}
    labels = {id_: _label(holds[id_], draw) for id_ in ids}
    uses = _uses(ids, draw)
    data = model_data(Tables(products=_products(labels, draw), transactions=uses), seed=0)
    (hybrid,) = HybridFitter(data, _CONFIG).fit_hybrids(data.histories)
    rules = Rules(data.catalogue, Knowledge.load(), _CONFIG.rules, data.rebuys)
    engine = Engine(hybrid, data.catalogue, rules, "drawn", Avoidances.from_declared(declared))
    return Shop(engine, {id_: frozenset(names) for id_, names in holds.items()}, labels, _bought(uses))


def _bought(uses: pd.DataFrame) -> dict[str, tuple[tuple[str, int], ...]]:
    seconds = uses[c.TIME].astype("int64") // 1_000_000
    found: dict[str, list[tuple[str, int]]] = {}
    for customer, product, second in zip(uses[c.CUSTOMER_ID], uses[c.PRODUCT_ID], seconds, strict=True):
        found.setdefault(customer, []).append((product, second))
    return {customer: tuple(bought) for customer, bought in found.items()}


def _ingredients(draw: np.random.Generator) -> list[str]:
    """What is in one product: mostly what nobody avoids, and now and then what somebody does."""
    names = sorted(Truth.load().spellings)
    return [names[at] for at in draw.choice(len(names), draw.integers(1, _LONGEST_LABEL), replace=False)]


def _label(ingredients: Sequence[str], draw: np.random.Generator) -> str | None:
    if draw.random() < _UNLABELLED:
        return None
    spellings = Truth.load().spellings
    return printed([spellings[name][draw.integers(len(spellings[name]))] for name in ingredients], draw)


def _products(labels: Mapping[str, str | None], draw: np.random.Generator) -> pd.DataFrame:
    return pd.DataFrame(
        {
            c.PRODUCT_ID: [*labels],
            c.NAME: [f"Care {number} {draw.choice(['cream', 'serum', 'soap'])}" for number in range(len(labels))],
            c.BRAND: draw.choice(["Maison", "Holm", "Ito"], len(labels)),
            c.INGREDIENTS: [None if label is None else split_label(label) or None for label in labels.values()],
            c.PRICE: draw.integers(3, 60, len(labels)).astype(float),
        }
    )


def _uses(ids: Sequence[str], draw: np.random.Generator) -> pd.DataFrame:
    """Purchases, some of them again and again, so that some products are due."""
    days = np.sort(draw.integers(0, _DAYS, _USES))
    return pd.DataFrame(
        {
            c.CUSTOMER_ID: [f"c{who}" for who in draw.integers(0, _CUSTOMERS, _USES)],
            c.PRODUCT_ID: draw.choice([*ids, *ids[: PRODUCTS // 2], *ids[: PRODUCTS // 2]], _USES),
            c.TIME: pd.to_datetime(_FIRST_DAY + pd.to_timedelta(days, unit="D")).as_unit("us"),
            c.POSITION: 0,
            c.QUANTITY: 1,
        }
    )
