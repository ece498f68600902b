"""What the re-ranker learns from: purchases hidden one at a time, or several at once where there are no dates."""

import numpy as np
import pytest

from recommender.models.hybrid_fitting import HybridFitter
from recommender.models.model_data import model_data
from recommender.models.reranker.fitting import fit_ranker_with_trees
from settings.config import Config


def settings(**ranker):
    return Config.parse({"model": {"ranker": {"levels": 3, **ranker}}}, where="test")


@pytest.fixture(scope="module")
def dated(tables):
    return model_data(tables, 0)


@pytest.fixture(scope="module")
def undated(tables_of):
    rng = np.random.default_rng(0)
    pairs = sorted({(f"c{i}", f"p{(i * 3 + j) % 30}") for i in range(60) for j in rng.permutation(9)[:7].tolist()})
    columns = {"customer_id": [a for a, _ in pairs], "product_id": [b for _, b in pairs], "rating": [5] * len(pairs)}
    products = {"product_id": [f"p{i}" for i in range(30)], "name": [f"cream {i}" for i in range(30)]}
    return model_data(tables_of(products=products, ratings=columns), 0)


def hits(rows):
    owners = np.repeat(np.arange(len(rows.groups)), rows.groups)
    return np.bincount(owners[rows.hit], minlength=len(rows.groups))


def test_without_a_share_one_purchase_is_hidden_at_each_level(undated):
    rows = HybridFitter(undated, settings()).learning_rows(undated.histories)
    assert len(rows) == 3
    assert all((hits(level) == 1).all() for level in rows)


def test_with_a_share_several_are_hidden_at_once(undated):
    rows = HybridFitter(undated, settings(hidden_share=0.4)).learning_rows(undated.histories)
    assert len(rows) == 3
    # Seven of a customer's products are known, so a share of .4 hides three.
    assert all(hits(level).max() == 3 for level in rows)
    assert sum(len(level.groups) for level in rows) > 100


def test_dated_purchases_are_never_hidden_at_random(dated):
    rows = HybridFitter(dated, settings(hidden_share=0.4)).learning_rows(dated.histories)
    for level, same in zip(rows, HybridFitter(dated, settings()).learning_rows(dated.histories), strict=True):
        np.testing.assert_array_equal(level.hit, same.hit)


def test_hidden_purchases_are_not_what_the_level_was_fitted_on(undated):
    fitter = HybridFitter(undated, settings())
    histories = undated.histories
    hidden = histories.random_entries(0.4, np.random.default_rng(1))
    level = fitter.fit_level(histories, hidden)
    assert len(level.histories.products) == (~hidden).sum()
    assert level.hidden.products.tolist() == histories.products[hidden].tolist()
    for customer in range(len(histories)):
        kept, gone = (one.select(np.array([customer])).products for one in (level.histories, level.hidden))
        assert not set(kept) & set(gone)


def test_without_dates_every_purchase_weighs_the_same(dated, undated):
    settled = settings()
    assert (
        HybridFitter(dated, settled).fit_generator(dated.histories).neighbours.decay == settled.model.families.decay < 1
    )
    assert HybridFitter(undated, settled).fit_generator(undated.histories).neighbours.decay == 1


def test_the_hybrid_learns_from_these_rows(undated):
    config = settings(hidden_share=0.4, minimum_groups=20, minimum_leaf=5, trees=5)
    first, again = (HybridFitter(undated, config).fit_hybrids(undated.histories, deeper=2) for _ in range(2))
    assert len(first) == 2
    for hybrid, same in zip(first, again, strict=True):
        assert (hybrid.ranker is None) == (same.ranker is None)
        if hybrid.ranker is not None and same.ranker is not None:
            assert hybrid.ranker.text == same.ranker.text


def test_in_the_end_the_re_ranker_learns_from_the_customers_who_said_how_many_trees_help_too(dated):
    fitter = HybridFitter(dated, settings())
    (hybrid,) = fitter.fit_hybrids(dated.histories)
    ranks = fitter.settings.ranker
    parts = [rows.split_off(ranks.unseen, 0) for rows in fitter.learning_rows(dated.histories)]
    seen, unseen = [part for part, _ in parts], [part for _, part in parts]
    trees = len(hybrid.ranker.trees)
    assert hybrid.ranker.text == fit_ranker_with_trees([*seen, *unseen], trees, ranks, 0).text
    assert hybrid.ranker.text != fit_ranker_with_trees(seen, trees, ranks, 0).text
