import numpy as np
import pytest
from scipy import sparse

from recommender.models.candidate_models.neighbour_building import build_neighbours, summed_similarity
from recommender.models.candidate_models.neighbours import Neighbours
from tests.support.small_histories import small_histories

ONE = np.array([[0, 2, 1, 0], [2, 0, 0, 0], [0, 0, 0, 2], [0, 0, 0, 0]], np.float32)
OTHER = np.array([[0, 0, 4, 0], [0, 0, 0, 4], [0, 4, 0, 4], [0, 0, 0, 0]], np.float32)
FAMILIES = {"one": sparse.csr_matrix(ONE), "other": sparse.csr_matrix(OTHER)}
WEIGHTS = {"one": 1.0, "other": 0.5, "unused": 9.0}
BLEND = ONE / 2 + 0.5 * OTHER / 4  # each family over its median best neighbour


def build(most=3):
    return build_neighbours(FAMILIES, WEIGHTS, most=most, decay=0.5)


def test_scores_add_up_neighbours_of_the_history_the_latest_counting_most():
    scores = build().scores(small_histories([0, 1, 2], [3], [], products=4))
    np.testing.assert_allclose(scores[0], 0.25 * BLEND[0] + 0.5 * BLEND[1] + BLEND[2], rtol=1e-6)
    assert not scores[1:].any()


def test_table_holds_every_family_of_the_kept_cells():
    neighbours = build()
    rows, columns = np.nonzero(BLEND)
    found, values = neighbours.table.find(rows, columns)
    assert found.tolist() == list(range(len(rows)))
    np.testing.assert_allclose(values, np.stack([ONE / 2, OTHER / 4], axis=2)[rows, columns], rtol=1e-3)


def test_pruning_keeps_the_best_by_the_blend():
    kept = build(most=1)
    assert np.diff(kept.table.starts).tolist() == [1, 1, 1, 0]
    assert kept.table.columns.tolist() == [1, 0, 3]


def test_what_is_kept_in_files_scores_the_same():
    neighbours, histories = build(), small_histories([0, 2], [1], products=4)
    again = Neighbours.from_parts(neighbours.arrays(), neighbours.families, neighbours.decay)
    np.testing.assert_array_equal(again.scores(histories), neighbours.scores(histories))
    np.testing.assert_array_equal(again.table.values, neighbours.table.values)


@pytest.mark.parametrize("products", [4, 7])
def test_width_is_the_catalogues(products):
    wide = sparse.csr_matrix((products, products), dtype=np.float32)
    neighbours = build_neighbours({"one": wide}, {"one": 1.0}, most=2, decay=0.5)
    assert neighbours.scores(small_histories([0], products=products)).shape == (1, products)


def test_a_customers_scores_do_not_depend_on_who_else_is_asked_about():
    neighbours, histories = build(), small_histories([0, 1, 2], [3, 0], [], products=4)
    alone = [
        neighbours.scores(history)[0] for history in (histories.select(np.array([i])) for i in range(len(histories)))
    ]
    np.testing.assert_array_equal(neighbours.scores(histories), alone)


def test_scores_are_the_blend_added_up():
    neighbours, histories = build(), small_histories([0, 1, 2], [3, 0], [], products=4)
    np.testing.assert_allclose(
        neighbours.scores(histories), summed_similarity(histories, sparse.csr_matrix(BLEND), 0.5), 1e-6
    )
