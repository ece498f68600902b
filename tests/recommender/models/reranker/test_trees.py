"""That our trees answer as LightGBM does, to the last bit of single precision."""

import lightgbm as lgb
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.models.reranker.tree_building import trees_of
from recommender.models.reranker.trees import Trees

SPECIAL = [np.nan, np.inf, -np.inf, 0.0, -0.0, 1e-35, -1e-35, 1e-36, -1e-36, 3.4e38, -3.4e38]


def learnt(leaves, trees=12, rows=600, seed=0, **parameters):
    """A model over features of all kinds: whole numbers, fine ones, some not known, one that tells nothing."""
    rng = np.random.default_rng(seed)
    block = rng.standard_normal((rows, 6)).astype(np.float32)
    block[:, 1] = rng.integers(-2, 3, rows)
    block[rng.random(rows) < 0.3, 2] = np.nan
    block[:, 5] = 1
    target = block[:, 0] * block[:, 1] + np.nan_to_num(block[:, 2], nan=1.5) ** 2 + rng.standard_normal(rows) / 9
    settings = {"num_leaves": leaves, "min_data_in_leaf": 2, "verbosity": -1, "seed": seed, "num_threads": 1}
    return lgb.train(settings | parameters, lgb.Dataset(block, target), trees), block


def equal(model, block):
    names, trees = trees_of(model)
    asked = block[:, [model.feature_name().index(name) for name in names]]
    expected = model.predict(block, num_threads=1).astype(np.float32)
    np.testing.assert_array_equal(trees.scores(np.ascontiguousarray(asked.T)), expected)
    return trees


@pytest.mark.parametrize("leaves", [2, 5, 31, 32, 33, 64, 256])
def test_scores_are_lightgbms(leaves):
    model, block = learnt(leaves, rows=1500)
    assert len(equal(model, block)) == model.num_trees()


@settings(max_examples=25)
@given(st.data())
def test_scores_are_lightgbms_at_thresholds_beside_them_and_where_nothing_is_known(data):
    model, _ = learnt(31)
    _, trees = trees_of(model)
    at, infinity = trees.thresholds, np.float32(np.inf)
    near = [*at, *np.nextafter(at, infinity), *np.nextafter(at, -infinity)]
    values = st.sampled_from([*(float(value) for value in near), *SPECIAL])
    rows = data.draw(st.lists(st.lists(values, min_size=6, max_size=6), min_size=1, max_size=40))
    equal(model, np.array(rows, np.float32))


def test_many_rows_score_as_each_alone():
    model, block = learnt(31, rows=1500)
    names, trees = trees_of(model)
    features = np.ascontiguousarray(block.T[: len(names)])
    alone = [trees.scores(np.ascontiguousarray(features[:, i : i + 1]))[0] for i in range(features.shape[1])]
    np.testing.assert_array_equal(trees.scores(features), alone)


@pytest.mark.parametrize("rows", [1, 7, 8, 9, 1300])
def test_values_are_added_tree_by_tree_however_many_rows_there_are(rows):
    values = np.tile([1e17, 1.0, -1e17], 16)  # of any other order some 1 is not lost
    nothing, trees = np.empty(0, np.int32), len(values)
    grown = Trees(
        features=nothing,
        thresholds=nothing.astype(np.float32),
        failing=np.zeros(1, np.int64),
        levels=np.zeros(1, np.int64),
        nodes=nothing,
        tests=nothing,
        ends=np.array([range(trees), [trees] * trees], np.int32),
        leaves=np.column_stack([values, np.zeros(trees)]),
    )
    assert grown.scores(np.empty((0, rows), np.float32)).tolist() == [sum(values.tolist())] * rows


def test_features_that_no_tree_asks_for_are_left_out():
    model, _ = learnt(5)
    names, trees = trees_of(model)
    assert "Column_5" not in names
    assert len(names) == len({*names})
    assert {*trees.features.tolist()} == {*range(len(names))}


def test_equal_tests_are_made_once():
    _, trees = trees_of(learnt(31, trees=40)[0])
    failing = np.arange(len(trees.features)) < trees.failing
    made = {*zip(trees.features.tolist(), trees.thresholds.tolist(), failing.tolist(), strict=True)}
    assert len(made) == len(trees.features) < len(trees.tests)


def test_no_row_is_none():
    names, trees = trees_of(learnt(31)[0])
    assert trees.scores(np.empty((len(names), 0), np.float32)).shape == (0,)


def test_trees_of_one_leaf_add_their_value():
    model, block = learnt(5, rows=30, trees=3, min_data_in_leaf=1000)
    names, trees = trees_of(model)
    assert names == ()
    np.testing.assert_array_equal(trees.scores(np.empty((0, 7), np.float32)), model.predict(block)[:7].astype("f4"))


def test_parts_make_the_same():
    model, block = learnt(31)
    names, trees = trees_of(model)
    features = np.ascontiguousarray(block.T[: len(names)])
    np.testing.assert_array_equal(Trees.from_parts(trees.arrays()).scores(features), trees.scores(features))


def test_what_cannot_be_tabled_is_refused():
    many, _ = learnt(300, rows=1500)
    with pytest.raises(ValueError, match="more than 256"):
        trees_of(many)
    zero, _ = learnt(5, zero_as_missing=True)
    with pytest.raises(ValueError, match="Zero"):
        trees_of(zero)
