"""In which window best-sellers are counted: what finds hidden purchases, never what finds the test."""

import numpy as np
import pytest

from recommender.config.evaluation import EvaluationSettings
from recommender.evaluation.baselines.hidden_level import hide_purchases
from recommender.evaluation.baselines.popularity_window import (
    ALL_TIME,
    WINDOWS,
    PopularityWindow,
    _AskedFamilies,
    choose_window,
)
from recommender.evaluation.metrics import ndcg
from recommender.models.histories import Histories
from recommender.models.products.families import Families

SETTINGS = EvaluationSettings(k=5)
PRODUCTS = 30
ALONE = Families.from_numbers(np.arange(PRODUCTS, dtype=np.int32))


def shop(order_of, customers=600, days=720, seed=0):
    """Customers with three purchases in a month; the first products of ``order_of(day)`` are bought most."""
    rng = np.random.default_rng(seed)
    sequences, times = [], []
    for _ in range(customers):
        start = int(rng.integers(0, days - 30))
        weights = 1 / (1 + np.argsort(order_of(start)))
        chosen = rng.choice(PRODUCTS, 3, replace=False, p=weights / weights.sum())
        sequences.append(chosen.tolist())
        times.append((np.sort(start + rng.integers(0, 30, 3)) + 10_000).tolist())
    return Histories.from_sequences(sequences, times, product_count=PRODUCTS)


UP, DOWN = np.arange(PRODUCTS), np.arange(PRODUCTS)[::-1]


def test_where_tastes_stay_all_time_is_chosen_and_where_they_turn_a_recent_window():
    assert choose_window(shop(lambda _: UP), ALONE, SETTINGS, seed=0).days in {None, 365}
    # Before, customers bought one product each and are not tested; who came since buys what was hardly bought then.
    before, since = shop(lambda _: UP, seed=1), shop(lambda _: DOWN, customers=500, days=60, seed=2)
    before = before.recent(1)
    since = Histories(since.starts, since.products, since.days + 700, PRODUCTS)
    assert choose_window(Histories.concatenated([before, since]), ALONE, SETTINGS, seed=0).days in {30, 90}


def test_without_dates_or_with_nothing_to_hide_it_is_all_time():
    three = of_families(0, 1, 2)
    undated = Histories.from_sequences([[0, 1], [1, 2]], [[0, 0], [0, 0]], product_count=3)
    single = Histories.from_sequences([[0], [1]], [[5], [6]], product_count=3)
    assert choose_window(undated, three, SETTINGS, seed=0) == choose_window(single, three, SETTINGS, seed=0) == ALL_TIME


def test_scores_count_the_purchases_in_the_window_with_all_as_tie_breaker():
    histories = Histories.from_sequences([[0, 1], [0, 2]], [[100, 200], [100, 200]], product_count=4)
    recent = PopularityWindow(days=30).scores(histories)
    assert recent[1] == recent[2] > recent[0] > recent[3] == 0
    assert PopularityWindow(half_life=100).scores(histories) == pytest.approx([1.0, 1.0, 1.0, 0.0], abs=1e-6)
    assert ALL_TIME.scores(histories).tolist() == [2, 1, 1, 0]
    assert len({window.label for window in WINDOWS}) == len(WINDOWS)


def of_families(*numbers):
    return Families.from_numbers(np.array(numbers, np.int32))


def test_another_variant_of_what_the_customer_has_is_not_to_be_found():
    """Products 0 and 1 are of one family: who had one and then the other tells nothing of windows."""
    histories = Histories.from_sequences([[0, 2], [3, 0, 1]], [[5, 6], [5, 6, 7]], product_count=4)
    level = hide_purchases(histories, SETTINGS, seed=0)
    assert level.products.tolist() == [2, 1]
    assert level.of_new_families(of_families(0, 0, 2, 3)).products.tolist() == [2]
    assert level.of_new_families(of_families(0, 1, 2, 3)).products.tolist() == [2, 1]
    assert level.of_new_families(of_families(0, 0, 0, 3)).products.tolist() == [2, 1]  # nothing else is left


def test_variants_take_one_place_of_the_best_sellers():
    """By plain Python: the place of the hidden family among the families that the customer does not have."""
    rng = np.random.default_rng(0)
    family = rng.integers(0, 12, PRODUCTS).astype(np.int32)
    families = Families.from_numbers(family)
    histories = shop(lambda _: UP, customers=60)
    level = hide_purchases(histories, SETTINGS, seed=0).of_new_families(families)
    scores = rng.random(PRODUCTS).astype(np.float32)
    places = []
    for owner, product in zip(level.owners, level.products, strict=True):
        had = {family[one] for one in level.known.select(np.array([owner])).products}
        order = [*dict.fromkeys(family[one] for one in np.argsort(-scores) if family[one] not in had)]
        places.append(order.index(family[product]))
    asked = _AskedFamilies.from_level(level, families)
    owners = np.unique(level.owners, return_inverse=True)[1]
    assert asked.ndcg(scores, families, 5, 0) == pytest.approx(ndcg(np.array(places), 5, owners).mean())


def hidden_of(kind, histories, **settings):
    level = hide_purchases(histories, EvaluationSettings(split=kind, **settings), seed=0)
    return [*zip(level.owners.tolist(), level.products.tolist(), strict=True)], level.known


HISTORIES = Histories.from_sequences(
    [[0, 1, 2], [3], [4, 5], [6, 7]], [[1, 2, 9], [10], [9, 10], [1, 2]], product_count=8
)


def test_the_last_of_each_customer_with_several_is_hidden():
    hidden, known = hidden_of("last", HISTORIES)
    assert hidden == [(0, 2), (2, 5), (3, 7)]
    assert known.products.tolist() == [0, 1, 3, 4, 6]


@pytest.mark.parametrize("kind", ["time", "rolling"])
def test_by_time_the_first_new_one_is_hidden_and_nothing_later_is_known(kind):
    hidden, known = hidden_of(kind, HISTORIES, test_share=0.4)
    assert hidden == [(0, 2)]
    assert known.days.max() < 9


def test_of_whole_customers_everything_is_hidden():
    hidden, known = hidden_of("customers", HISTORIES, test_share=0.5)
    owners = {owner for owner, _ in hidden}
    assert owners
    assert all(known.lengths[owner] == 0 for owner in owners)
    assert len(hidden) + len(known.products) == len(HISTORIES.products)


def test_of_random_products_one_of_each_customer_stays():
    hidden, known = hidden_of("random", HISTORIES)
    assert {owner for owner, _ in hidden} == {0, 2, 3}
    assert (known.lengths > 0).all()
