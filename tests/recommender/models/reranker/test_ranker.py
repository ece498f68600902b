import numpy as np
import pytest

from recommender.config.model import RankerSettings
from recommender.models.reranker.features import Features
from recommender.models.reranker.fitting import (
    RankingRows,
    fit_ranker,
    fit_ranker_with_trees,
    ranker_from_first_trees,
    train_booster,
)
from recommender.models.reranker.trees import Ranker

SETTINGS = RankerSettings(trees=30, leaves=7, minimum_leaf=5, learning_rate=0.3)

NOTHING = Features((), np.empty((0, 0), np.float32))


def rows(customers, seed, candidates=8):
    """Customers whose hidden purchase is the candidate with the largest "telling" feature."""
    rng = np.random.default_rng(seed)
    telling = rng.random((customers, candidates)).astype(np.float32)
    hit = telling == telling.max(axis=1, keepdims=True)
    noise = rng.random(telling.size).astype(np.float32)
    noise[::7] = np.nan
    return RankingRows.from_features(
        Features(("noise", "telling"), np.stack([noise, telling.ravel()])), hit.ravel(), np.full(customers, candidates)
    )


@pytest.fixture(scope="module")
def ranker():
    return fit_ranker([rows(150, 0)], [rows(40, 1)], SETTINGS, seed=3)


def test_learns_what_tells_of_the_hidden_purchase(ranker):
    new = rows(60, 2)
    assert new.ndcg(ranker.scores(new.features)) > 0.85
    assert new.ndcg(np.nan_to_num(new.features["noise"])) < 0.65


def test_what_a_bundle_keeps_scores_the_same(ranker):
    new = rows(20, 4)
    again = Ranker.from_parts(ranker.trees.arrays(), [*ranker.names])
    np.testing.assert_array_equal(again.scores(new.features), ranker.scores(new.features))


def test_features_are_found_by_name_not_by_order(ranker):
    new = rows(20, 4)
    other_order = Features(("telling", "noise"), new.features.block[::-1])
    np.testing.assert_array_equal(ranker.scores(other_order), ranker.scores(new.features))


def test_the_same_rows_and_seed_give_the_same_trees(ranker):
    again = fit_ranker([rows(150, 0)], [rows(40, 1)], SETTINGS, seed=3)
    assert again.text == ranker.text


def test_learning_stops_when_unseen_customers_gain_no_more():
    settings = SETTINGS.model_copy(update={"trees": 200, "patience": 3})
    assert fit_ranker([rows(150, 0)], [rows(40, 1)], settings, seed=3).trees.leaves.shape[0] < 150


def test_the_first_trees_of_more_are_those_that_fewer_would_have_been():
    parts = [rows(150, 0), rows(40, 1)]
    fewer = fit_ranker_with_trees(parts, 12, SETTINGS, seed=3)
    first = ranker_from_first_trees(train_booster(parts, 30, SETTINGS, seed=3), 12)
    assert (first.names, first.text) == (fewer.names, fewer.text)
    for name, values in fewer.trees.arrays().items():
        np.testing.assert_array_equal(first.trees.arrays()[name], values)


def test_as_many_trees_as_asked_for_are_learnt_from_all_parts():
    parts = [rows(150, 0), rows(40, 1)]
    found = fit_ranker_with_trees(parts, 12, SETTINGS, seed=3)
    assert len(found.trees) == 12
    assert found.text == fit_ranker_with_trees([RankingRows.concatenated(parts)], 12, SETTINGS, seed=3).text
    assert found.text != fit_ranker_with_trees(parts[:1], 12, SETTINGS, seed=3).text
    new = rows(60, 2)
    assert new.ndcg(found.scores(new.features)) > 0.85


def test_ndcg_by_hand():
    three = RankingRows.from_features(NOTHING, np.array([0, 1, 0, 0, 1, 1], bool), np.array([3, 2, 1]))
    scores = np.array([5, 4, 3, 9, 1, 0], np.float32)
    assert three.ndcg(scores) == pytest.approx((2 / np.log2(3) + 1) / 3)


def test_a_hidden_purchase_beyond_the_tenth_place_counts_nothing():
    twelve = RankingRows.from_features(NOTHING, np.arange(12) == 10, np.array([12]))
    assert twelve.ndcg(-np.arange(12, dtype=np.float32)) == 0


def test_parted_customers_stay_whole_and_nobody_is_lost():
    whole = rows(100, 5)
    customers = Features(("customer",), np.repeat(np.arange(100), 8)[None])
    whole = RankingRows.from_features(customers, whole.hit, whole.groups)
    seen, unseen = whole.split_off(0.2, seed=1)
    customers = [np.unique(part.features["customer"]).tolist() for part in (seen, unseen)]
    assert sorted(customers[0] + customers[1]) == list(range(100))
    assert 5 < len(unseen.groups) < 40
    for part in (seen, unseen):
        assert len(part.hit) == 8 * len(part.groups)
        assert part.hit.sum() == len(part.groups)


def test_joined_rows_stand_under_one_another():
    one, other = rows(2, 6), rows(3, 7)
    joined = RankingRows.concatenated([one, other])
    assert joined.groups.tolist() == [8] * 5
    np.testing.assert_array_equal(joined.features["telling"][16:], other.features["telling"])


def test_ndcg_by_customer_keeps_customers_apart():
    three = RankingRows.from_features(NOTHING, np.array([0, 1, 0, 0, 1, 1], bool), np.array([3, 2, 1]))
    scores = np.array([5, 4, 3, 9, 1, 0], np.float32)
    assert three.ndcg_by_customer(scores) == pytest.approx([1 / np.log2(3), 1 / np.log2(3), 1])


def test_a_sample_is_of_whole_customers_and_of_the_seed():
    whole = rows(50, 6)
    customers = Features(("customer",), np.repeat(np.arange(50), 8)[None])
    whole = RankingRows.from_features(customers, whole.hit, whole.groups)
    few = whole.sample(10, seed=1)
    assert (few.groups == 8).all()
    assert (few.hit.sum(), len(few.groups), len(np.unique(few.features["customer"]))) == (10, 10, 10)
    np.testing.assert_array_equal(few.features["customer"], whole.sample(10, seed=1).features["customer"])
    assert len(whole.sample(99, seed=1).groups) == 50


def test_the_truncation_level_is_the_settings():
    other = fit_ranker([rows(150, 0)], [rows(40, 1)], SETTINGS.model_copy(update={"truncation": 3}), seed=3)
    assert "[lambdarank_truncation_level: 3]" in other.text


def test_rows_in_parts_or_joined_give_the_same_trees(ranker):
    parts = rows(150, 0).split_off(0.4, seed=0)
    apart, joined = (
        fit_ranker(some, [rows(40, 1)], SETTINGS, seed=3) for some in (parts, [RankingRows.concatenated(parts)])
    )
    assert apart.text == joined.text
    assert apart.text != ranker.text
