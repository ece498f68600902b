"""Effects and their intervals: by hand, against the paper's formula, and by simulation with a look every day."""

from math import log, sqrt

import numpy as np
import pytest

from benchmarks.experiments.simulation import simulate_experiments, stopped_share
from experiments.effect import Arm, always_valid_z, guardrail_excess, planned_information, treatment_effect
from experiments.power import log_ratio_variance, log_share_variance, required_sample_size
from feedback.ratio_intervals import Ratio
from recommender.evaluation.kpis import BY_NAME
from settings.experiment import ExperimentSettings

SETTINGS = ExperimentSettings(effect=0.2)


def arm(rate, customers=2000, seed=0, foretold=None):
    above = (np.random.default_rng(seed).random(customers) < rate).astype(float)
    return Arm(above, np.ones(customers), np.zeros(customers) if foretold is None else foretold)


def test_the_reach_is_that_of_the_paper():
    """Waudby-Smith et al. (2024), equation 6: s sqrt(2 (t r² + 1) / (t² r²) log(sqrt(t r² + 1) / alpha)) at time t."""
    t, rho, alpha, deviation = 400, 0.3, 0.05, 1.7
    paper = deviation * sqrt(2 * (t * rho**2 + 1) / (t**2 * rho**2) * log(sqrt(t * rho**2 + 1) / alpha))
    planned = (-2 * log(alpha) + log(-2 * log(alpha) + 1)) / rho**2
    assert always_valid_z(t, planned, alpha) * deviation / sqrt(t) == pytest.approx(paper)


def test_the_interval_is_narrowest_about_where_it_was_planned():
    planned = 900.0
    relative = {times: always_valid_z(planned * times, planned, 0.05) for times in (0.05, 1, 20)}
    assert relative[1] < relative[0.05]
    assert relative[1] < relative[20]
    assert relative[1] > 1.96


def test_lift_and_difference_by_hand():
    champion = Arm(np.repeat([1.0, 0.0], [200, 1800]), np.ones(2000), np.zeros(2000))
    challenger = Arm(np.repeat([1.0, 0.0], [300, 1700]), np.ones(2000), np.zeros(2000))
    found = treatment_effect(champion, challenger, SETTINGS)
    assert found.lift.value == pytest.approx(0.5)
    assert found.difference.value == pytest.approx(0.05)
    error = sqrt(0.1 * 0.9 / 2000 + 0.15 * 0.85 / 2000)
    expected = always_valid_z(error**-2, planned_information(SETTINGS) / 0.1**2, 0.05) * error
    assert found.difference.high - found.difference.value == pytest.approx(expected, rel=1e-3)
    assert found.lift.low > 0


def test_too_few_cases_tell_nothing():
    assert treatment_effect(arm(0.0), arm(0.2), SETTINGS) is None


def test_customers_who_are_all_alike_tell_nothing():
    assert treatment_effect(arm(1.0), arm(1.0), SETTINGS) is None
    assert treatment_effect(arm(1.0), arm(0.9), SETTINGS) is not None


def test_the_excess_by_hand():
    """Shares .02 and .05 of 2,000, each with one case and one customer without added; .01 is allowed more."""
    champion, challenger = (
        Arm(np.repeat([1.0, 0.0], [cases, 2000 - cases]), np.ones(2000), np.zeros(2000)) for cases in (40, 100)
    )
    found = guardrail_excess(champion, challenger, BY_NAME["latency"], SETTINGS)
    first, second = 41 / 2002, 101 / 2002
    assert found.value == pytest.approx(second - first - 0.01)
    error = sqrt(first * (1 - first) / 2001 + second * (1 - second) / 2001)
    gap = 0.01 + SETTINGS.effect * (first + second) / 2
    planned = planned_information(SETTINGS) * (log(1 + SETTINGS.effect) / gap) ** 2
    assert found.high - found.value == pytest.approx(always_valid_z(error**-2, planned, 0.05) * error, rel=1e-3)
    fallback = guardrail_excess(champion, challenger, BY_NAME["fallback"], SETTINGS)
    assert fallback.value == pytest.approx(second - 1.1 * first)


def test_what_was_known_before_narrows_the_interval_and_takes_out_a_lucky_draw():
    rng = np.random.default_rng(0)
    known = [rng.normal(2.3, 1, 4000), rng.normal(2.0, 1, 4000)]  # the champion has drawn the better customers
    sums = [x + rng.normal(0, 0.2, 4000) for x in known]
    told, blind = (
        treatment_effect(*(Arm(y, np.ones(4000), x * used) for x, y in zip(known, sums, strict=True)), SETTINGS)
        for used in (1, 0)
    )
    assert abs(told.lift.value) < 0.02 < abs(blind.lift.value)
    width = {each: each.lift.high - each.lift.low for each in (told, blind)}
    assert width[told] < 0.4 * width[blind]


def test_answers_of_one_customer_are_not_counted_as_many():
    once = treatment_effect(arm(0.2), arm(0.25, seed=1), SETTINGS)
    ten = treatment_effect(
        *(Arm(10 * a.above, 10 * a.below, a.covariate) for a in (arm(0.2), arm(0.25, seed=1))), SETTINGS
    )
    assert ten.lift.low == pytest.approx(once.lift.low)


def test_a_rarer_goal_and_a_smaller_gain_need_more_customers():
    base = required_sample_size(log_share_variance(0.1, 1), SETTINGS)
    assert required_sample_size(log_share_variance(0.05, 1), SETTINGS).customers > base.customers > base.with_one_look
    assert (
        required_sample_size(log_share_variance(0.1, 1), ExperimentSettings(effect=0.1)).customers > 3 * base.customers
    )


def test_one_look_needs_what_the_textbook_says():
    """Two shares of .1 and .12 at 80 % power and 95 %: about 3,800 customers a variant."""
    assert required_sample_size(log_share_variance(0.11, 1), SETTINGS).with_one_look / 2 == pytest.approx(
        3841, rel=0.05
    )


def test_the_spread_is_the_same_from_counts_and_from_a_rate():
    assert log_ratio_variance(Ratio.from_counts(100, 1000), 1000) == pytest.approx(log_share_variance(0.1, 1))


@pytest.mark.slow
def test_daily_looks_find_what_is_not_there_no_more_often_than_stated():
    none = simulate_experiments(0.0, SETTINGS, experiments=80, seed=0)
    assert none.wrong <= 0.05
    assert none.peeking > 0.1  # what the intervals guard against


@pytest.mark.slow
def test_a_guardrail_stops_what_is_worse_and_seldom_what_is_not():
    latency = BY_NAME["latency"]
    assert stopped_share((0.005, 0.005), latency, SETTINGS, experiments=60, seed=0) <= 0.05
    assert stopped_share((0.005, 0.015), latency, SETTINGS, experiments=60, seed=1) <= 0.05
    assert stopped_share((0.05, 0.055), BY_NAME["fallback"], SETTINGS, experiments=60, seed=2) <= 0.05
    assert stopped_share((0.005, 0.05), latency, SETTINGS, experiments=20, seed=3) >= 0.9


@pytest.mark.slow
def test_a_true_gain_is_found_at_least_as_often_as_planned():
    assert simulate_experiments(SETTINGS.effect, SETTINGS, experiments=60, seed=1).found >= SETTINGS.power
