"""Maximal marginal relevance on candidates written by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.models.bundle import Bundle
from recommender.models.diversity import diversified
from recommender.models.hybrid_bundle import read_hybrid

TWINS = np.array([[1, 1, 0], [1, 1, 0], [0, 0, 1]], np.float32)
"""Two products that are the same, and another."""


def order(scores, likeness, diversity):
    return diversified(np.array(scores, np.float32), likeness, diversity)[0].tolist()


def test_without_diversity_the_score_decides():
    assert order([3, 2, 1], TWINS, 0.0) == [0, 1, 2]


def test_a_twin_gives_way_to_something_else_once_likeness_counts_enough():
    # The twin is worth (1 - d) * 0.5 - d beside its first, the other one 0: they change places at a third.
    assert order([3, 2, 1], TWINS, 0.32) == [0, 1, 2]
    assert order([3, 2, 1], TWINS, 0.34) == [0, 2, 1]


def test_values_are_what_each_was_worth_when_it_was_taken():
    _, values = diversified(np.array([3, 2, 1], np.float32), TWINS, 0.5)
    np.testing.assert_allclose(values, [0.5, 0.0, 0.25 - 0.5])


def test_the_scale_of_scores_means_nothing():
    assert order([-3, -5, -7], TWINS, 0.4) == order([300, 200, 100], TWINS, 0.4)


@pytest.mark.parametrize("scores", [[], [7.0]])
def test_few_candidates(scores):
    found, values = diversified(np.array(scores, np.float32), np.ones((len(scores),) * 2, np.float32), 0.5)
    assert len(found) == len(values) == len(scores)
    assert np.isfinite(values).all()


@given(st.data(), st.integers(1, 12), st.floats(0, 1))
def test_any_candidates_come_once_each_at_values_that_never_rise(data, size, diversity):
    unit = st.floats(0, 1, width=32)
    scores = data.draw(st.lists(unit, min_size=size, max_size=size).map(lambda one: sorted(one, reverse=True)))
    cells = np.array(data.draw(st.lists(unit, min_size=size**2, max_size=size**2)), np.float32).reshape(size, size)
    found, values = diversified(np.array(scores, np.float32), np.maximum(cells, cells.T), diversity)
    assert sorted(found.tolist()) == [*range(size)]
    assert (np.diff(values) <= 0).all()
    assert found[0] == 0


def test_likeness_counts_texts_and_category(model):
    hybrid, catalogue = read_hybrid(Bundle.open(model))
    generator = hybrid.generator
    products = np.arange(40)
    likeness = generator.similarity.within(products)
    np.testing.assert_array_equal(likeness, likeness.T)
    assert (np.diag(likeness) == 1).all()
    assert likeness.min() >= 0
    assert likeness.max() <= 1
    same = np.array([[one == other != "" for other in catalogue.categories[:40]] for one in catalogue.categories[:40]])
    apart = ~np.eye(40, dtype=bool)
    assert (likeness[same & apart] >= 0.5).all()
    assert (likeness[~same & apart] <= 0.5).all()
    assert likeness[same & apart].max() > 0.5  # by their texts
    assert likeness[~same & apart].max() > 0
