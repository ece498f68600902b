"""Every feature of a customer with three purchases and two candidates, reckoned by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from recommender.models.candidate_models.neighbour_building import build_neighbours
from recommender.models.candidate_models.neighbours import Neighbours
from recommender.models.candidate_models.popularity import Popularity
from recommender.models.candidates import Candidates
from recommender.models.pair_table import PairTable
from recommender.models.products.attributes import Attribute
from recommender.models.products.visit_statistics import VisitStatistics
from recommender.models.reranker.features import Sources, ranking_features
from tests.support.small_histories import sequences, small_histories

# The median of the rows' largest values is 1, so that scaling changes nothing.
LIKENESS = np.zeros((5, 5), np.float32)
LIKENESS[0, 3], LIKENESS[1, 3], LIKENESS[2, 3] = 0.5, 1.0, 0.25
LIKENESS[0, 4] = 1.0
# What others bought: product 3 on days 5 (twice), 80 and 200, product 4 on day 95.
OTHERS = small_histories([3], [3], [3], [3], [4], [0], days=[[5], [5], [80], [200], [95], [100]], products=5)
BRANDS = np.array([0, 0, 1, 0, -1])
VISITS = [[1, 2, 3, 4, 5], [0.1, 0.2, 0.3, 0.4, 0.5], [0.9, 0.8, 0.7, 0.6, 0.5]]
VECTORS = np.array([[2, 0], [0, 3], [1, 1], [4, 0], [0, 0]], np.float32)
PRICE = np.array([9, np.nan, 19, 19, np.nan], np.float32)
# Two histories: one customer who bought 0 on day 90, then 1 and 2 on day 100; and one with nothing.
ASKED = small_histories([0, 1, 2], [], days=[[90, 100, 100], []], products=5)
CANDIDATES = Candidates.from_lists([np.array([3, 4]), np.array([3])])


BLEND = (0.2, 0.6, 0.9)


def described(histories=ASKED, candidates=CANDIDATES, blend=BLEND):
    sources = Sources(
        vectors=VECTORS,
        visits=VisitStatistics(*(np.array(values, np.float32) for values in VISITS)),
        neighbours=build_neighbours({"one": sparse.csr_matrix(LIKENESS)}, {"one": 1.0}, most=3, decay=0.5),
        popularity=Popularity.fit(OTHERS),
        attributes={"brand": Attribute.fit(BRANDS, small_histories([2, 3], [2, 0], products=5))},
        price=PRICE,
    )
    scores = np.array(blend, np.float32)[: len(candidates.products)]
    return ranking_features(sources, histories, candidates, {"blend": scores})


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("blend", [0.2, 0.6, 0.9]),
        ("blend_rank", [1, 0, 0]),
        ("blend_gap", [-0.4, 0, 0]),
        # Purchases weigh 0.25, 0.5 and 1 from the oldest to the last.
        ("one_sum", [0.25 * 0.5 + 0.5 * 1 + 1 * 0.25, 0.25, 0]),
        ("one_max", [1.0, 1.0, 0]),
        ("one_last", [0.25, 0, 0]),
        ("one_day", [1.25, 0, 0]),
        ("one_rank", [0, 1, 0]),
        ("linked", [3, 1, 0]),
        ("uses", np.log1p([4, 1, 4])),
        # Up to the customer's last day, 100; for who has none, the data's last, 200.
        ("uses_before", np.log1p([3, 1, 4])),
        ("uses_30", np.log1p([1, 1, 1])),
        ("uses_90", np.log1p([1, 1, 1])),
        ("uses_365", np.log1p([3, 1, 4])),
        ("trend", [2 / (1 / 3 + 1), 2 / (1 / 3 + 1), 2 / (1 / 3 + 1)]),
        ("trend_year", [2 / (3 / 4 + 1), 2 / (1 / 4 + 1), 2 / 2]),
        ("age_days", [95, 5, 195]),
        ("brand_count", [2, 0, 0]),
        ("brand_share", [2 / 3, 0, 0]),
        ("brand_last", [0, 0, np.nan]),
        ("brand_rate", [2 / 7, 0, 0]),
        ("price", [np.log1p(19), np.nan, np.log1p(19)]),
        ("price_gap", [np.log1p(19) - (np.log1p(9) + np.log1p(19)) / 2, np.nan, np.nan]),
        ("history", [3, 3, 0]),
        ("day_size", [2, 2, 0]),
        ("gap_days", [0, 0, np.nan]),
        ("taste", [np.log1p(1) / 3, np.log1p(1) / 3, np.nan]),
        # The history's vectors point along the first axis, along the second, and between them.
        ("near_max", [1, 0, np.nan]),
        ("near_last", [np.sqrt(0.5), 0, np.nan]),
        ("near_mean", [(1 + 0 + np.sqrt(0.5)) / 3, 0, np.nan]),
        ("visits", [2, 2, 0]),
        ("span_days", [10, 10, np.nan]),
        ("visit_size", [4, 5, 4]),
        ("visit_shared", [0.4, 0.5, 0.4]),
        ("visit_first", [0.6, 0.5, 0.6]),
        ("last_size", [3, 3, np.nan]),
        ("last_shared", [0.3, 0.3, np.nan]),
        ("taste_gap", [np.log1p(4) - np.log1p(1) / 3, np.log1p(1) - np.log1p(1) / 3, np.nan]),
    ],
)
def test_feature(name, expected):
    found = described()[name]
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, np.array(expected, np.float32), rtol=1e-5)


def test_no_feature_is_left_out_of_the_table_above():
    (marker,) = [mark for mark in test_feature.pytestmark if mark.name == "parametrize"]
    assert {*described().names} == {name for name, _ in marker.args[1]}


def test_a_use_later_than_the_customers_last_day_is_in_no_windowed_feature():
    early = small_histories([0], days=[[3]], products=5)
    found = described(early, Candidates.from_lists([np.array([3, 4])]))
    for name in ("uses_before", "uses_30", "uses_90", "uses_365"):
        assert found[name].tolist() == [0, 0]
    assert np.isnan(found["age_days"]).all()


def test_without_dates_the_last_day_is_the_last_purchase():
    undated = small_histories([0, 1, 2], products=5)
    found = described(undated, Candidates.from_lists([np.array([3, 4])]))
    assert found["one_day"].tolist() == found["one_last"].tolist()
    assert found["day_size"].tolist() == [1, 1]


def test_describing_customers_together_or_alone_is_the_same():
    together = described()
    first = described(ASKED.select(np.array([0])), Candidates.from_lists([np.array([3, 4])]))
    np.testing.assert_array_equal(together.block[:, :2], first.block)


def test_other_scores_of_the_same_candidates_are_described_as_from_the_beginning():
    one = ASKED.select(np.array([0])), Candidates.from_lists([np.array([3, 4])])
    swapped = described(*one).with_scores("blend", np.array([0.7, 0.6], np.float32))
    np.testing.assert_array_equal(swapped.block, described(*one, blend=(0.7, 0.6)).block)
    np.testing.assert_array_equal(swapped.select(np.array([1])).block, swapped.block[:, 1:])


def test_what_is_no_neighbour_does_not_hide_a_negative_likeness():
    """EASE's may be: a purchase that speaks against a product."""
    table = PairTable(np.array([0, 1, 1, 1, 1, 1]), np.array([3], np.int32), np.array([[-0.5]], np.float16), 5)
    against = Neighbours(("one",), table, np.array([0.1], np.float32), decay=0.5)
    sources = Sources(against, Popularity.fit(OTHERS), VisitStatistics.fit(OTHERS), {}, PRICE)
    candidates = Candidates.from_lists([np.array([3, 4]), np.array([], np.int64)])
    found = ranking_features(sources, ASKED, candidates, {"blend": np.zeros(2, np.float32)})
    assert found["one_max"].tolist() == [-0.5, 0]


PRODUCTS = 70
"""Enough for a history of fifty and as many candidates."""


def any_sources(rng, vectors):
    """Everything that may be known or not of products: likeness below 0, prices, values of attributes, vectors."""
    starts = np.arange(PRODUCTS + 1) * 9
    columns = np.concatenate([np.sort(rng.choice(PRODUCTS, 9, replace=False)) for _ in range(PRODUCTS)])
    likeness = rng.normal(0.4, 0.3, (len(columns), 3)).astype(np.float16)
    table = PairTable(starts, columns.astype(np.int32), likeness, PRODUCTS)
    past = small_histories(*rng.integers(PRODUCTS - 5, size=(40, 4)), days=np.sort(rng.integers(400, size=(40, 4))))
    past = small_histories([PRODUCTS - 6], *sequences(past), days=[[1], *np.split(past.days, 40)], products=PRODUCTS)
    codes = rng.integers(-1, (3, 20), size=(PRODUCTS, 2)).T
    return Sources(
        Neighbours(("one", "two", "ease"), table, likeness.sum(axis=1), decay=0.7),
        Popularity.fit(past),
        VisitStatistics.fit(past),
        {name: Attribute.fit(code, past) for name, code in zip(("brand", "section"), codes, strict=True)},
        np.where(rng.random(PRODUCTS) < 0.3, np.nan, rng.random(PRODUCTS) * 50).astype(np.float32),
        rng.normal(size=(PRODUCTS, 5)).astype(np.float32) * (rng.random((PRODUCTS, 1)) < 0.9) if vectors else None,
    )


@st.composite
def asked_of(draw, rng):
    """Customers with histories and candidates of any length, dated or not, more than are described at once."""
    lengths = st.sampled_from([0, 1, 2, 8, 9, 17, 50])
    shapes = draw(st.lists(st.tuples(lengths, lengths, st.booleans()), min_size=1, max_size=20))
    used = [rng.choice(PRODUCTS, size, replace=False) for size, _, _ in shapes]
    days = [np.sort(rng.integers(1, 40, size)) * 11 * dated for size, _, dated in shapes]
    candidates = Candidates.from_lists([rng.choice(PRODUCTS, count, replace=False) for _, count, _ in shapes])
    return small_histories(*used, days=days, products=PRODUCTS), candidates


@settings(max_examples=40)
@given(st.data(), st.integers(0, 99), st.booleans())
def test_who_is_asked_about_together_changes_no_bit(data, seed, vectors):
    rng = np.random.default_rng(seed)
    sources = any_sources(rng, vectors)
    histories, candidates = data.draw(asked_of(rng))
    blend = rng.integers(-2, 3, len(candidates.products)).astype(np.float32)
    together = ranking_features(sources, histories, candidates, {"blend": blend})
    for customer, own in enumerate(np.split(np.arange(len(blend)), candidates.starts[1:-1])):
        alone = Candidates.from_lists([candidates.products[own]])
        found = ranking_features(sources, histories.select(np.array([customer])), alone, {"blend": blend[own]})
        assert found.names == together.names
        assert found.block.tobytes() == together.block[:, own].tobytes()


def test_of_nobody_nothing_is_known():
    nobody = described(ASKED.select(np.array([], np.int64)), Candidates.from_lists([]))
    assert nobody.block.shape == (len(described().names), 0)
