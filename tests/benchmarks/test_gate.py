"""The gate's error rates: what is simulated is what is claimed."""

import numpy as np

from benchmarks.gate.benchmark import gate_figures
from benchmarks.gate.simulation import Pool, level_after, share_passed
from recommender.config.evaluation import GateSettings


def pool():
    rng = np.random.default_rng(0)
    first = np.where(rng.random(2000) < 0.15, rng.choice([1.0, 0.5], 2000), 0.0)
    second = np.where(rng.random(2000) < 0.75, first, rng.permutation(first))
    return Pool(first, second)


def test_who_is_as_good_passes_more_often_than_who_is_worse():
    shares = [share_passed(pool(), 300, loss, GateSettings(), 60) for loss in (0.0, 0.3, 0.6)]
    assert shares == sorted(shares, reverse=True)
    assert shares[0] > 0.6
    assert shares[-1] < 0.1


def test_successors_lose_less_where_they_are_measured_from_the_last_better_one():
    alone, anchored = (
        level_after(pool(), 300, 0.05, GateSettings(), 5, anchored=anchored) for anchored in (False, True)
    )
    assert anchored > alone


def test_the_page_has_a_row_for_each_size():
    page = gate_figures(pool(), GateSettings(), 3)
    assert all(f"| {size} |" in page for size in ("100", "300", "1,000", "3,000"))
    assert "As good" in page
