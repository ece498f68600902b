"""Variants in evaluation: a hit is any of the family; what is no new product is told apart."""

import numpy as np
import pandas as pd
import pytest

from recommender.contract.query import Item, Profile, Recommendation
from recommender.evaluation import bundle_evaluation
from recommender.evaluation.baselines.single_models import best_products
from recommender.evaluation.bundle_evaluation import judged_rows
from recommender.evaluation.metrics import MISSED
from recommender.models.histories import Histories
from recommender.models.products.families import Families

FAMILIES = pd.Series([0, 0, 2], index=["cream 30", "cream 50", "gel"])


def answered(*products):
    return Recommendation("anna", tuple(Item(product, 1.0) for product in products), "personal")


@pytest.mark.parametrize(
    ("target", "shown", "rank"),
    [
        ("cream 30", ("gel", "cream 50"), 1),
        ("cream 30", ("cream 50", "gel", "cream 30"), 0),
        ("gel", ("cream 50",), MISSED),
        ("gel", ("cream 50", "gel"), 1),
    ],
)
def test_any_variant_is_a_hit(target, shown, rank):
    test = pd.DataFrame({"customer_id": ["anna"], "product_id": [target]})
    assert bundle_evaluation._ranks([answered(*shown)], test, FAMILIES).tolist() == [rank]


def test_the_figures_are_of_new_families():
    ranks = pd.DataFrame({"customer_id": [*"abc"], "rank": [0, MISSED, 3], "variant": [False, True, False]})
    assert judged_rows(ranks)["customer_id"].tolist() == ["a", "c"]
    assert judged_rows(ranks.drop(columns="variant"))["customer_id"].tolist() == ["a", "b", "c"]
    assert len(judged_rows(ranks.assign(variant=True))) == 3
    told = bundle_evaluation._variants(ranks, 10)
    assert told == {"share": pytest.approx(1 / 3), "hr_all": pytest.approx(2 / 3), "hr": 0.0}


def test_simple_models_keep_the_same_rule():
    scores = np.array([[5.0, 4.0, 3.0, 2.0, 1.0]], np.float32)
    history = Histories.of_one_customer([1], [0], product_count=5)

    def best(family):
        numbers = Families.from_numbers(np.array(family, np.int32))
        (found,) = best_products(lambda *_: scores.copy(), history, [Profile()], 3, 0, numbers)
        return found.tolist()

    assert best([0, 1, 2, 3, 4]) == [0, 2, 3]
    assert best([0, 0, 2, 2, 4]) == [2, 4]
    assert best([0, 1, 0, 1, 4]) == [0, 4]
