import numpy as np
import pytest

from recommender.models.candidate_models import content
from recommender.models.candidate_models.content import cosine_neighbours, text_matrix

NAMES = ["rose face cream", "rose hand cream", "clay mask", "steel tweezers"]


def test_rows_have_length_one():
    texts = text_matrix({"name": NAMES, "brand": ["a", "", "bb cc", "bb"]})
    np.testing.assert_allclose(np.sqrt(texts.multiply(texts).sum(axis=1)), 1, rtol=1e-5)


def test_likeness_is_the_cosine_without_the_product_itself():
    texts = text_matrix({"name": NAMES})
    cosine = (texts @ texts.T).toarray()
    np.fill_diagonal(cosine, 0)
    found = cosine_neighbours(texts, 3).toarray()
    np.testing.assert_allclose(found, cosine, rtol=1e-5)
    assert found[0].argmax() == 1
    assert not found[3].any()


def test_the_name_counts_more_than_the_other_fields():
    # 1 shares its name with 0, 2 its brand.
    found = cosine_neighbours(text_matrix({"name": ["serum", "serum", "toner"], "brand": ["acme", "bolt", "acme"]}), 2)
    assert found[0, 1] > found[0, 2] > 0


def test_a_field_without_any_text_changes_nothing():
    alone = text_matrix({"name": NAMES})
    beside = text_matrix({"name": NAMES, "brand": ["", " ", "", ""]})
    np.testing.assert_allclose(alone.toarray(), beside.toarray())


@pytest.mark.parametrize("texts", [["", "", ""], ["a", "b", "c"]])
def test_products_without_usable_texts_are_like_nothing(texts):
    assert cosine_neighbours(text_matrix({"name": texts}), 2).nnz == 0


def test_a_large_catalogue_drops_what_says_little():
    names = [f"lotion {'rare' if i < 2 else 'kind'}{i // 2}" for i in range(1200)]
    found = cosine_neighbours(text_matrix({"name": names}), 5)
    # All share "lotion"; only pairs share the other word.
    assert found[0].indices.tolist() == [1]
    assert found[7].indices.tolist() == [6]


@pytest.mark.parametrize("cells", [1, 9, 1000])
def test_how_many_products_are_compared_at_once_changes_nothing(cells, monkeypatch):
    texts = text_matrix({"name": NAMES, "brand": ["acme", "bolt", "acme", "bolt"]})
    whole = cosine_neighbours(texts, 2).toarray()
    monkeypatch.setattr(content, "_CELLS_AT_ONCE", cells)
    np.testing.assert_array_equal(cosine_neighbours(texts, 2).toarray(), whole)
    assert whole.any()


def test_descriptions_bring_together_what_names_do_not():
    names = ["alpha", "beta", "gamma", "delta"]
    told = ["calms redness after sun", "mattifies oily skin", "for redness: calms, soothes", ""]
    found = cosine_neighbours(text_matrix({"name": names, "description": told}), 3)
    assert found[0].indices.tolist() == [2]
    assert found[3].nnz == 0


def test_of_descriptions_only_words_are_terms():
    assert text_matrix({"description": ["one two three", "four five six"]}).shape[1] == 6
