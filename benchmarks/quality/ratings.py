"""How far predicted ratings are from those given: groups of customers against means over all of them."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from recommender.contract import columns as c
from recommender.contract.query import Profile
from recommender.data.interactions import interactions
from recommender.evaluation.baselines.trial import Trial
from recommender.evaluation.metrics import Interval, bootstrap_means
from recommender.models.candidate_models.group_ratings import GroupRatings
from recommender.models.candidate_models.groups import Groups
from recommender.models.model_data import profiles

_GROUPS: Final = "groups"

Errors = NDArray[np.float64]


def rating_errors(trial: Trial) -> dict[str, Any]:
    """RMSE and MAE on held-out ratings of the groups' expected rating, the product's mean and the mean of all.

    Returns:
        held_out (how many ratings), models (by name: rmse, mae, and by how much the groups' absolute error is
        smaller: gain, each with its interval); nothing where no rating or no profile is known.
    """
    known, held_out = _rated(interactions(trial.parted.train)), _held_out(trial)
    told = dict(zip(trial.data.customer_ids, trial.data.profiles, strict=True))
    if known.empty or held_out.empty or all(profile == Profile() for profile in told.values()):
        return {}
    settings = trial.config.model.groups
    groups = Groups.fit(trial.data.profiles, trial.known, settings)
    who = [told[customer] for customer in known[c.CUSTOMER_ID]]
    products, given = known[c.PRODUCT_ID].tolist(), known[c.RATING].tolist()
    fitted = GroupRatings.fit(products, who, given, groups, settings.rating_shrinkage)
    asked = profiles(trial.parted.train, held_out[c.CUSTOMER_ID].tolist())
    predicted = _predictions(fitted, held_out[c.PRODUCT_ID].tolist(), asked)
    errors = {name: values - held_out[c.RATING].to_numpy(float) for name, values in predicted.items()}
    return {"held_out": len(held_out), "models": {name: _row(trial, name, errors) for name in errors}}


def _predictions(fitted: GroupRatings, products: Sequence[str], asked: Sequence[Profile]) -> dict[str, Errors]:
    pairs = [*zip(products, asked, strict=True)]
    return {
        "mean of all": np.full(len(pairs), fitted.overall),
        "mean of the product": np.array([fitted.expected(product, Profile()) for product, _ in pairs]),
        _GROUPS: np.array([fitted.expected(product, profile) for product, profile in pairs]),
    }


def _row(trial: Trial, name: str, errors: Mapping[str, Errors]) -> dict[str, Any]:
    own, groups = errors[name], errors[_GROUPS]
    squared = _interval(trial, own**2)
    return {
        "rmse": asdict(Interval(*(float(np.sqrt(value)) for value in asdict(squared).values()))),
        "mae": asdict(_interval(trial, np.abs(own))),
        "gain": asdict(_interval(trial, np.abs(own) - np.abs(groups))) if name != _GROUPS else {},
    }


def _interval(trial: Trial, values: Errors) -> Interval:
    """Mean over ratings with its 95 % percentile-bootstrap interval."""
    means = bootstrap_means(values, trial.config.evaluation.resamples, trial.config.seed)
    low, high = np.quantile(means, [0.025, 0.975])
    return Interval(float(values.mean()), float(low), float(high))


def _held_out(trial: Trial) -> pd.DataFrame:
    """Ratings of held-out products by the customers they are held out of."""
    keys = [c.CUSTOMER_ID, c.PRODUCT_ID]
    given = _rated(interactions(trial.parted.tables))
    return given[pd.MultiIndex.from_frame(given[keys]).isin(pd.MultiIndex.from_frame(trial.parted.test[keys]))]


def _rated(uses: pd.DataFrame) -> pd.DataFrame:
    """The last rating of each product by each customer."""
    return uses.dropna(subset=[c.RATING]).drop_duplicates([c.CUSTOMER_ID, c.PRODUCT_ID], keep="last")
