from dataclasses import replace

import numpy as np
import pytest

from recommender.config.model import FamilySettings
from recommender.evaluation import metrics
from recommender.models.candidate_models.implicit_models import bm25
from recommender.models.candidate_models.item_to_item import ItemToItemModels
from recommender.models.candidate_models.neighbour_building import (
    blend_models,
    build_neighbours,
    summed_similarity,
)
from recommender.models.model_data import model_data
from recommender.tuning.blend_evaluation import BlendEvaluator, _places
from recommender.tuning.fitted_models import OWN
from recommender.tuning.space import single_model_weights
from settings.config import Config

OTHER = FamilySettings(followed_by=0.3, ease=0.0, content=0.2, title=0.0, decay=0.9, step_decay=0.5, neighbours=40)


@pytest.fixture(scope="module")
def data(tables):
    """Without variants, but where a test asks for them."""
    found = model_data(tables, 0)
    alone = np.arange(len(found.catalogue), dtype=np.int32)
    return replace(found, catalogue=replace(found.catalogue, family=alone))


@pytest.fixture(scope="module")
def evaluator(data):
    return BlendEvaluator(data, Config(), data.histories.without_last())


@pytest.mark.parametrize("families", [FamilySettings(), OTHER])
def test_a_blend_is_worth_what_the_generators_neighbours_find(data, evaluator, families):
    """The trials' short way, families fitted once, against the model's own."""
    (draw,) = evaluator.draws
    fitted = ItemToItemModels(data, families, 0).fit(draw.histories)
    neighbours = build_neighbours(fitted, families.model_dump(), families.neighbours, families.decay)
    known = draw.histories.select(evaluator.customers)
    scores = neighbours.scores(known.recent(families.history))
    scores[known.owners, known.products] = 0
    own = scores[np.arange(len(scores)), draw.hidden[evaluator.customers]][:, None]
    ranks = np.where(own[:, 0] > 0, (scores > own).sum(axis=1), metrics.MISSED)
    ndcg, hit_rate = evaluator.values(families, evaluator.customers)
    assert ndcg.mean() == pytest.approx(metrics.ndcg(ranks, 10).mean(), rel=0.01)
    assert hit_rate.mean() == pytest.approx(metrics.hit_rate(ranks, 10).mean(), rel=0.02)
    assert ndcg.mean() > 0.05


def test_a_family_is_fitted_once_for_each_value_of_its_own_parameters(data, monkeypatch):
    fresh = BlendEvaluator(data, Config(), data.histories.without_last())
    fits = []
    counted = lambda histories, most: fits.append(most) or bm25(histories, most)  # noqa: E731
    monkeypatch.setattr("recommender.models.candidate_models.item_to_item.bm25", counted)
    alone = FamilySettings().model_copy(update=single_model_weights("bm25"))
    for settings in (alone, alone.model_copy(update={"bm25": 0.3, "decay": 0.5}), alone):
        fresh.values(settings, fresh.sample)
    assert fits == [300]
    fresh.values(alone.model_copy(update={"neighbours": 50}), fresh.sample)
    assert fits == [300, 50]


def test_a_blend_of_nothing_finds_nothing(evaluator):
    ndcg, hit_rate = evaluator.values(FamilySettings().model_copy(update=dict.fromkeys(OWN, 0.0)), evaluator.customers)
    assert ndcg.sum() == hit_rate.sum() == 0


def test_trials_see_a_sample_of_the_seed(data):
    config = Config.parse({"tuning": {"customers": 20}}, where="test")
    evaluator = BlendEvaluator(data, config, data.histories)
    assert len(evaluator.sample) == 20
    assert set(evaluator.sample) < set(evaluator.customers)
    assert evaluator.sample.tolist() == BlendEvaluator(data, config, data.histories).sample.tolist()


def test_families_that_the_data_cannot_have_are_not_searched(tables_of):
    rows = [(f"c{i}", f"p{(i + j) % 7}") for i in range(12) for j in range(4)]
    tables = tables_of(
        products={"product_id": [f"p{i}" for i in range(7)], "name": [f"cream {i}" for i in range(7)]},
        ratings={
            "customer_id": [customer for customer, _ in rows],
            "product_id": [product for _, product in rows],
            "rating": [5] * len(rows),
        },
    )
    data = model_data(tables, 0)
    evaluator = BlendEvaluator(data, Config(), data.histories)
    assert not evaluator.dated
    by_time = {"followed_by", "preceded_by", "bought_close", "bought_same_day", "bought_next_visit"}
    assert set(OWN) - set(evaluator.names) == by_time
    assert len(evaluator.draws) == Config().tuning.draws


def test_trials_are_judged_by_families(data):
    """A variant counts as the product, takes one place, and is not found by who has another."""
    catalogue = replace(data.catalogue, family=(np.arange(len(data.catalogue)) // 3 * 3).astype(np.int32))
    grouped = replace(data, catalogue=catalogue)
    evaluator = BlendEvaluator(grouped, Config(), data.histories.without_last())
    (draw,), (fitted,) = evaluator.draws, evaluator._fitted
    settings, customers = FamilySettings(), evaluator.customers
    blend = blend_models(fitted.scaled(settings), settings.model_dump(), settings.neighbours)
    found = _places(draw, blend, settings, customers, 0, catalogue.families)
    exact = summed_similarity(draw.histories.select(customers).recent(settings.history), blend, settings.decay)
    for row, (place, customer) in enumerate(zip(found, customers, strict=True)):
        had = {product // 3 for product in draw.histories.select(np.array([customer])).products.tolist()}
        wanted = int(draw.hidden[customer]) // 3
        best = {group: exact[row, 3 * group : 3 * group + 3].max() for group in {*range(-(-exact.shape[1] // 3))} - had}
        if best.get(wanted, 0) <= 0:
            assert place == metrics.MISSED
        else:
            above = sum(score > best[wanted] for score in best.values())
            assert above <= place < above + sum(score == best[wanted] for score in best.values())
