"""Which simple model is the strongest, by purchases hidden below the held-out ones."""

from collections.abc import Collection, Iterator
from typing import Final

import numpy as np

from recommender.evaluation.baselines.hidden_level import HiddenLevel, hide_purchases
from recommender.evaluation.baselines.model_comparison import ModelComparison, variant_places
from recommender.evaluation.baselines.single_models import best_products, fit_models_for
from recommender.evaluation.metrics import ndcg
from recommender.models.histories import at_most
from recommender.models.hybrid_fitting import HybridFitter

_CUSTOMERS: Final = 4000
"""Customers who are asked for; as many as a trial of the tuning is judged on."""


def validate_models(comparison: ModelComparison, names: Collection[str]) -> dict[str, float]:
    """Mean NDCG of the named models on the validation level; empty where nothing can be hidden there."""
    config = comparison.config
    level = hide_purchases(comparison.known, config.evaluation, config.seed)
    if level is None:
        return {}
    level = level.of_new_families(comparison.data.catalogue.families)
    level = level.of(at_most(np.unique(level.owners), _CUSTOMERS, config.seed))
    return dict(_validated(comparison, level, names))


def _validated(comparison: ModelComparison, level: HiddenLevel, names: Collection[str]) -> Iterator[tuple[str, float]]:
    customers, owners = np.unique(level.owners, return_inverse=True)
    asked = level.known.select(customers)
    known_profiles = [comparison.data.profiles[customer] for customer in customers.tolist()]
    k, seed = comparison.config.evaluation.k, comparison.config.seed
    families = comparison.data.catalogue.families
    for model in fit_models_for(asked, HybridFitter(comparison.data, comparison.config), level.known, names):
        lists = [*best_products(model.score, asked, known_profiles, k, seed, families)]
        ranks = variant_places(lists, owners.astype(np.int64), level.products, families)
        yield model.name, float(ndcg(ranks, k, owners.astype(np.int64)).mean())
