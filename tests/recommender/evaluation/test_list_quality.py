from dataclasses import replace

import numpy as np
import pytest

from recommender.evaluation.list_quality import CatalogueStatistics, list_quality

COUNTS = np.array([8, 4, 2, 0])
SHELF = CatalogueStatistics(COUNTS, 8, np.array([0, 0, 1, -1]), np.ones(4, bool))


def found(lists, owned=None):
    arrays = [np.array(one, np.int64) for one in lists]
    return list_quality(arrays, [np.array(one, np.int64) for one in owned or [[]] * len(lists)], SHELF)


def test_novelty_is_how_few_use_what_is_recommended():
    assert found([[0]])["novelty"] == 0
    assert found([[0, 1], [2]])["novelty"] == pytest.approx((0.5 + 2) / 2)
    assert found([[3]])["novelty"] == 3  # used by nobody: as if by one of eight


def test_diversity_is_how_often_categories_of_a_pair_differ():
    assert found([[0, 1]])["diversity"] == 0
    assert found([[0, 2]])["diversity"] == 1
    assert found([[0, 1, 2]])["diversity"] == pytest.approx(2 / 3)
    assert found([[0, 1], [0, 2]])["diversity"] == 0.5
    assert "diversity" not in found([[0, 3], [1]])


def test_popularity_lift_compares_with_what_the_same_customers_have():
    assert found([[0], [1]], [[1], [2]])["popularity_lift"] == pytest.approx(6 / 3 - 1)
    assert found([[1]], [[1]])["popularity_lift"] == 0
    assert "popularity_lift" not in found([[0], []], [[], [1]])


def test_coverage_and_gini_count_every_product():
    assert found([[0, 1], [1]])["coverage"] == 0.5
    assert found([[0], [0]])["gini"] == pytest.approx(0.75)


def test_coverage_is_of_what_may_be_shown():
    statistics = replace(SHELF, sellable=np.array([True, True, False, False]))
    assert list_quality([np.array([0, 3])], [np.array([], np.int64)], statistics)["coverage"] == 0.5


def test_empty_lists_have_no_figures_but_coverage():
    assert found([[]]) == {"coverage": 0, "gini": 0}


def test_a_shelf_numbers_categories_and_leaves_unknown_ones_apart(tables_of):
    from recommender.models.products.catalogue_building import build_catalogue

    products = {"product_id": [*"abc"], "name": [*"xyz"], "category": ["Skin > Face", None, "Skin > Face"]}
    bought = {"customer_id": ["u"], "product_id": ["a"]}
    statistics = CatalogueStatistics.from_catalogue(
        build_catalogue(tables_of(products=products, transactions=bought)), np.array([1, 0, 0]), 1
    )
    assert statistics.categories[0] == statistics.categories[2] != -1
    assert statistics.categories[1] == -1
