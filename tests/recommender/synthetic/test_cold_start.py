"""Customers left out whole: what their profile alone gives, against popularity and an oracle of the hidden needs."""

from datetime import UTC, datetime

import numpy as np
import pytest

from benchmarks.live_shop.behaviour import Traffic
from recommender.data.cleaning.prepare import prepare
from recommender.data.raw_tables import RawTables
from recommender.evaluation import metrics
from recommender.evaluation.baselines.model_comparison import ModelComparison, places
from recommender.models.candidate_models.popularity import Popularity
from recommender.models.hybrid_fitting import HybridFitter
from recommender.models.model_data import profiles
from recommender.splits import split
from recommender.synthetic.settings import SyntheticSettings
from recommender.synthetic.shop import clean_tables
from settings.config import Config

SETTINGS = SyntheticSettings(customers=2000, products=400)
MIDDLE = datetime(2024, 10, 1, tzinfo=UTC)  # of the 18 months from which the held-out purchases come


@pytest.fixture(scope="module")
def ndcg():
    """NDCG@10 of each customer left out, by who recommends."""
    config = Config.parse({"model": {"ranker": {"enabled": False}}, "evaluation": {"split": "customers"}}, where="test")
    tables = prepare(RawTables("shop", clean_tables(SETTINGS)), config).tables
    comparison = ModelComparison(split(tables, config), config)
    generator = HybridFitter(comparison.data, config).fit_generator(comparison.known)
    customers = comparison.split.customer_ids
    told = profiles(comparison.split.train, customers)
    traffic = Traffic(SETTINGS, newcomers=0)
    columns = [traffic.product_ids.index(product_id) for product_id in comparison.data.catalogue.product_ids]
    counts = Popularity.fit(comparison.known).counts
    scores = {
        "popularity": np.tile(counts, (len(told), 1)),
        "groups": np.stack([generator.groups.scores(profile) for profile in told]),
        "hybrid": np.stack([generator.without_history(profile)[0] for profile in told]),
        "oracle": np.exp(traffic.purchase_odds(customers, MIDDLE))[:, columns],
    }

    return {name: measured(values, comparison) for name, values in scores.items()}


def measured(values, comparison):
    """Each customer's NDCG@10 by scores of all products; equal scores in the catalogue's order."""
    lists = [np.argsort(-row, kind="stable")[:10] for row in values]
    return metrics.ndcg(places(lists, comparison.owners, comparison.held_out), 10, comparison.owners)


def lead(one, other):
    return metrics.mean_interval(one - other, 1000, 0, -1)


def test_people_alike_tell_more_than_everybody(ndcg):
    assert lead(ndcg["groups"], ndcg["popularity"]).low > 0
    assert lead(ndcg["hybrid"], ndcg["popularity"]).low > 0


def test_the_hybrid_recovers_half_of_what_an_oracle_would_get(ndcg):
    assert ndcg["hybrid"].mean() > 0.5 * ndcg["oracle"].mean()
