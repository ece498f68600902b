"""The paired comparison of the gate: what a test of so many customers can tell, and what small shops are allowed."""

import numpy as np
import pytest

from recommender.config.evaluation import GateSettings
from recommender.evaluation.not_worse import NotWorse

GATE = GateSettings()
RESAMPLES = 400


def answers(customers, rng, correlation=GATE.likeness, loss=0.0, level=0.1):
    """NDCG of two models of the same level; ``loss`` is the share of the finds that the first misses."""
    both = rng.random(customers) < correlation
    old = np.where(rng.random(customers) < level, rng.choice([1.0, 0.63, 0.5, 0.43], customers), 0.0)
    other = np.where(rng.random(customers) < level, rng.choice([1.0, 0.63, 0.5, 0.43], customers), 0.0)
    new = np.where(both, old, other)
    return new * (rng.random(customers) >= loss), old


def compared(new, old, settings=GATE):
    return NotWorse(new - old, old, settings, RESAMPLES, seed=0)


def passing(customers, loss, settings=GATE, rounds=300):
    rng = np.random.default_rng(customers)
    return np.mean([compared(*answers(customers, rng, loss=loss), settings).passed for _ in range(rounds)])


@pytest.mark.parametrize("customers", [300, 1000, 5000])
def test_a_model_as_good_passes_most_of_the_time_and_a_clearly_worse_one_hardly_ever(customers):
    assert passing(customers, loss=0.0) > 0.7
    assert passing(customers, loss=0.45) < 0.05


@pytest.mark.parametrize("level", [0.1, 0.3])
@pytest.mark.parametrize("customers", [30, 100])
def test_few_finds_do_not_let_a_clearly_worse_model_through(customers, level):
    """Of three finds a model that loses half keeps all one time in eight: nothing of the loss shows."""
    rng = np.random.default_rng(0)
    found = [compared(*answers(customers, rng, loss=0.5, level=level)) for _ in range(400)]
    assert np.mean([one.passed for one in found if one.level]) < 0.03


def test_what_few_finds_cannot_show_is_told_and_a_wider_margin_or_an_erasure_allows_it():
    old = np.zeros(30)
    old[:3] = 1.0
    kept = compared(old, old)
    assert not kept.passed
    assert kept.power == 0
    assert kept.margin_needed == pytest.approx(1 - 0.05 ** (1 / 3))
    assert kept.customers_needed == 84  # 8.4 finds show a loss of 30 %
    assert compared(old, old, GateSettings(margin=0.64)).passed
    assert NotWorse(old - old, old, GATE, RESAMPLES, seed=0, erased=True).passed
    assert compared(np.ones(30), old).passed


def test_without_the_wider_margin_a_small_shop_refuses_most_models_that_are_as_good():
    assert passing(300, loss=0.0, settings=GateSettings(most_margin=0)) < 0.2


def test_the_margin_falls_with_the_customers_to_the_set_one_and_is_bounded():
    rng = np.random.default_rng(0)
    margins = [compared(*answers(customers, rng)).margin for customers in (20, 300, 3_000, 30_000, 3_000_000)]
    assert margins == sorted(margins, reverse=True)
    assert margins[0] == GATE.most_margin
    assert margins[-1] == GATE.margin


def test_a_challenger_cannot_widen_its_own_margin():
    rng = np.random.default_rng(0)
    new, old = answers(500, rng)
    wild = rng.permutation(old)
    assert compared(wild, old).margin == compared(new, old).margin


def test_whoever_is_better_for_every_customer_passes_where_the_worse_one_does():
    rng = np.random.default_rng(0)
    for _ in range(200):
        worse, old = answers(200, rng, loss=0.1)
        better = np.maximum(worse, rng.random(200) * (rng.random(200) < 0.05))
        assert compared(better, old).passed or not compared(worse, old).passed


def test_the_stated_power_is_what_happens():
    found = compared(*answers(1000, np.random.default_rng(1)))
    assert found.power == pytest.approx(passing(1000, loss=0.0), abs=0.1)
    assert passing(1000, loss=found.margin) < 0.1


def test_it_says_with_how_many_customers_an_equal_model_would_pass():
    strict = GateSettings(most_margin=0, margin=0.1)
    found = compared(*answers(300, np.random.default_rng(1)), strict)
    needed = found.customers_needed
    assert needed > 300
    assert passing(needed, loss=0.0, settings=strict) == pytest.approx(strict.power, abs=0.12)


def test_it_says_which_margin_would_let_it_pass():
    new, old = answers(2000, np.random.default_rng(2), loss=0.5)
    needed = compared(new, old).margin_needed
    assert not compared(new, old, GateSettings(margin=needed - 0.01, most_margin=0)).passed
    assert compared(new, old, GateSettings(margin=needed + 0.01, most_margin=0)).passed


def test_nobody_in_common_is_no_evidence_of_a_loss():
    nobody = NotWorse(np.empty(0), np.empty(0), GATE, RESAMPLES, seed=0)
    assert nobody.passed
    assert (nobody.power, nobody.customers_needed, nobody.margin_needed) == (1.0, 0, 0.0)


def after(challengers, *, anchored, customers=300, step=0.03, seed=0):
    """True level, as a share of the first, after so many challengers that each lose ``step`` of the present level."""
    rng = np.random.default_rng(seed)
    level = start = 1.0
    for _ in range(challengers):
        new = level * (1 - step)
        uniform = rng.random(customers)  # the same customers, who find with all models alike
        finds = {share: (uniform < 0.4 * share).astype(float) for share in (new, level, start)}
        beside = [level, start] if anchored else [level]
        found = [compared(finds[new], finds[other]) for other in beside]
        if all(one.passed for one in found):
            start = new if found[-1].certainly_better else start
            level = new
    return level


def test_small_losses_do_not_add_up():
    assert np.mean([after(20, anchored=False, seed=seed) for seed in range(10)]) < 0.6
    assert min(after(20, anchored=True, seed=seed) for seed in range(10)) > 1 - GATE.most_margin
