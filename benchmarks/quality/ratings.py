"""How far predicted ratings are from those given: groups of customers against means over all of them."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks.quality.comparison import BenchmarkComparison
from recommender.contract import columns as c
from recommender.contract.query import Profile
from recommender.data.interactions import interactions
from recommender.evaluation.metrics import Interval, bootstrap_interval
from recommender.models.candidate_models.customer_groups import CustomerGroups
from recommender.models.candidate_models.group_ratings import GroupRatings
from recommender.models.model_data import profiles

_GROUPS: Final = "groups"

Errors = NDArray[np.float64]


def rating_errors(comparison: BenchmarkComparison) -> dict[str, Any]:
    """RMSE and MAE on held-out ratings of the groups' expected rating, the product's mean and the mean of all.

    Returns:
        held_out (how many ratings), models (by name: rmse, mae, and by how much the groups' absolute error is
        smaller: gain, each with its interval); nothing where no rating or no profile is known.
    """
    known, held_out = _rated(interactions(comparison.split.train)), _held_out(comparison)
    known_profiles = dict(zip(comparison.data.customer_ids, comparison.data.profiles, strict=True))
    if known.empty or held_out.empty or all(profile == Profile() for profile in known_profiles.values()):
        return {}
    settings = comparison.config.model.groups
    groups = CustomerGroups.fit(comparison.data.profiles, comparison.known, settings)
    who = [known_profiles[customer] for customer in known[c.CUSTOMER_ID]]
    products, given = known[c.PRODUCT_ID].tolist(), known[c.RATING].tolist()
    fitted = GroupRatings.fit(products, who, given, groups, settings.rating_shrinkage)
    tested_profiles = profiles(comparison.split.train, held_out[c.CUSTOMER_ID].tolist())
    predicted = _predictions(fitted, held_out[c.PRODUCT_ID].tolist(), tested_profiles)
    errors = {name: values - held_out[c.RATING].to_numpy(float) for name, values in predicted.items()}
    return {"held_out": len(held_out), "models": {name: _row(comparison, name, errors) for name in errors}}


def _predictions(
    fitted: GroupRatings, products: Sequence[str], tested_profiles: Sequence[Profile]
) -> dict[str, Errors]:
    pairs = [*zip(products, tested_profiles, strict=True)]
    return {
        "mean of all": np.full(len(pairs), fitted.overall),
        "mean of the product": np.array([fitted.expected(product, Profile()) for product, _ in pairs]),
        _GROUPS: np.array([fitted.expected(product, profile) for product, profile in pairs]),
    }


def _row(comparison: BenchmarkComparison, name: str, errors: Mapping[str, Errors]) -> dict[str, Any]:
    own, groups = errors[name], errors[_GROUPS]
    squared = _interval(comparison, own**2)
    return {
        "rmse": asdict(Interval(*(float(np.sqrt(value)) for value in asdict(squared).values()))),
        "mae": asdict(_interval(comparison, np.abs(own))),
        "gain": asdict(_interval(comparison, np.abs(own) - np.abs(groups))) if name != _GROUPS else {},
    }


def _interval(comparison: BenchmarkComparison, values: Errors) -> Interval:
    return bootstrap_interval(values, comparison.config.evaluation.resamples, comparison.config.seed)


def _held_out(comparison: BenchmarkComparison) -> pd.DataFrame:
    """Ratings of held-out products by the customers they are held out of."""
    keys = [c.CUSTOMER_ID, c.PRODUCT_ID]
    given = _rated(interactions(comparison.split.tables))
    return given[pd.MultiIndex.from_frame(given[keys]).isin(pd.MultiIndex.from_frame(comparison.split.test[keys]))]


def _rated(uses: pd.DataFrame) -> pd.DataFrame:
    """The last rating of each product by each customer."""
    return uses.dropna(subset=[c.RATING]).drop_duplicates([c.CUSTOMER_ID, c.PRODUCT_ID], keep="last")
