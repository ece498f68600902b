"""Products made of the same point the same way, however their labels spell it."""

import numpy as np
import pandas as pd
import pytest

from recommender.features.definitions import EMBEDDING_WIDTH
from recommender.features.ingredients import ingredient_vectors

LABELS = {
    "cream": ["Water", "Glycerin", "Shea Butter", "Tocopherol"],
    "same cream": ["AQUA", "glycerin ", "Butyrospermum Parkii Butter", "Vitamin E"],
    "richer cream": ["Water", "Glycerin", "Shea Butter", "Squalane"],
    "peel": ["Alcohol Denat.", "Salicylic Acid", "Glycolic Acid"],
    "other peel": ["Alcohol Denat.", "Salicylic Acid", "Lactic Acid"],
    "unknown": None,
}


def vectors_of(labels):
    return ingredient_vectors(pd.DataFrame({"product_id": [*labels], "ingredients": [*labels.values()]}))


def test_like_labels_point_the_same_way_and_unlike_ones_do_not():
    found = {name: np.array(vector) for name, vector in vectors_of(LABELS).items()}
    assert found["cream"] @ found["richer cream"] > 0.5 > abs(found["cream"] @ found["peel"])
    assert found["peel"] @ found["other peel"] > 0.5


def test_spelling_makes_no_difference():
    found = vectors_of(LABELS)
    assert found["same cream"] == found["cream"]


def test_each_has_length_one_in_the_width_it_says_and_none_where_there_is_no_label():
    found = vectors_of(LABELS)
    assert found.pop("unknown") == []
    assert {len(vector) for vector in found} == {EMBEDDING_WIDTH}
    assert [np.linalg.norm(vector) for vector in found] == pytest.approx([1.0] * len(found), abs=1e-3)


@pytest.mark.parametrize("labels", [{"one": ["Water"]}, {"one": ["Water"], "two": ["Water"]}])
def test_labels_that_differ_in_nothing_are_the_same_direction(labels):
    found = vectors_of(labels)
    assert all(np.linalg.norm(vector) == pytest.approx(1.0) for vector in found)
    assert len({tuple(vector) for vector in found}) == 1


@pytest.mark.parametrize("products", [{"product_id": ["a"]}, {"product_id": ["a"], "ingredients": [None]}])
def test_without_labels_there_are_no_vectors(products):
    assert ingredient_vectors(pd.DataFrame(products)).tolist() == [[]]
