from recommender.models.histories import Histories
from recommender.tuning.blend_evaluation import hidden_purchase_draws

UNDATED = Histories.from_sequences([[0, 1, 2, 3, 4], [3], [1], [4, 5]], [[0] * 5, [0], [0], [0] * 2], 6)
DATED = Histories.from_sequences([[0, 1, 2], [3]], [[1, 2, 3], [5]], 6)


def products(histories, customer):
    return histories.products[histories.starts[customer] : histories.starts[customer + 1]].tolist()


def test_the_last_dated_purchase_is_hidden_and_nothing_else():
    (draw,) = hidden_purchase_draws(DATED, 5, seed=0)
    assert draw.hidden.tolist() == [2, -1]
    assert products(draw.histories, 0) == [0, 1]
    assert products(draw.histories, 1) == [3]


def test_a_draw_hides_one_purchase_of_who_has_one_to_spare():
    for draw in hidden_purchase_draws(UNDATED, 4, seed=0):
        assert (draw.hidden >= 0).tolist() == [True, False, False, True]
        assert sorted([*products(draw.histories, 0), draw.hidden[0]]) == [0, 1, 2, 3, 4]


def test_draws_differ_and_come_of_the_seed_alone():
    hidden = [draw.hidden[0] for draw in hidden_purchase_draws(UNDATED, 20, seed=0)]
    assert set(hidden) == {0, 1, 2, 3, 4}
    assert hidden == [draw.hidden[0] for draw in hidden_purchase_draws(UNDATED, 20, seed=0)]
    assert hidden != [draw.hidden[0] for draw in hidden_purchase_draws(UNDATED, 20, seed=1)]
