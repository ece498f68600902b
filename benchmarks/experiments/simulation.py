"""Simulated experiments, each analysed every day, to measure how often their verdict is wrong."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from experiments.effect import Arm, guardrail_excess, treatment_effect
from experiments.power import log_share_variance, required_sample_size
from recommender.evaluation.kpis import Kpi
from settings.experiment import ExperimentSettings

RATE: Final = 0.1
DAYS: Final = 28
#: Chance that a customer comes on a day, and how customers differ in what they buy (beta-distributed rates).
DAILY: Final = 0.12
_ALIKE: Final = 4.0


@dataclass(frozen=True, slots=True)
class SimulationResult:
    """The results of many simulated experiments.

    Attributes:
        experiments: How many.
        customers: In each.
        gain: The true one.
        found: Share of the experiments in which a look found the challenger better.
        wrong: Share of those in which a look's interval left the true gain out.
        peeking: Share of those in which a look at a plain 95 % interval left the true gain out.
    """

    experiments: int
    customers: int
    gain: float
    found: float
    wrong: float
    peeking: float


def simulate_experiments(gain: float, settings: ExperimentSettings, experiments: int, seed: int) -> SimulationResult:
    """Simulate experiments of the planned size whose challenger truly gains ``gain``, with a look every day.

    Customers come on some days, differ in how much they buy, and their earlier purchases predict some of it.
    """
    customers = required_sample_size(_variance(), settings).customers
    rng = np.random.default_rng(seed)
    runs = [list(_looks(gain, customers, settings, rng)) for _ in range(experiments)]
    found, wrong, peeking = (np.mean([any(look[what] for look in looks) for looks in runs]) for what in range(3))
    return SimulationResult(experiments, customers, gain, float(found), float(wrong), float(peeking))


def _looks(
    gain: float, customers: int, settings: ExperimentSettings, rng: np.random.Generator
) -> Iterator[tuple[bool, bool, bool]]:
    """Each day of one experiment: found better, the interval is wrong, a fixed-sample interval would be wrong."""
    for champions, challengers in _days((RATE, RATE * (1 + gain)), customers, settings, rng):
        look = treatment_effect(champions, challengers, settings)
        if look is not None:
            yield (
                look.lift.low > 0,
                not look.lift.low <= gain <= look.lift.high,
                abs(challengers.value / champions.value - 1 - gain) > _plain(champions, challengers),
            )


def stopped_share(
    shares: tuple[float, float], kpi: Kpi, settings: ExperimentSettings, experiments: int, seed: int
) -> float:
    """The share of experiments in which some daily look finds the guardrail ``kpi`` broken.

    ``shares`` are the true ones of champion and challenger.
    """
    customers, rng = required_sample_size(_variance(), settings).customers, np.random.default_rng(seed)

    def breaks(arms: tuple[Arm, Arm]) -> bool:
        over = guardrail_excess(*arms, kpi, settings)
        return over is not None and over.low > 0

    return float(np.mean([any(map(breaks, _days(shares, customers, settings, rng))) for _ in range(experiments)]))


def _days(
    rates: tuple[float, float], customers: int, settings: ExperimentSettings, rng: np.random.Generator
) -> Iterator[tuple[Arm, Arm]]:
    """Champion's and challenger's customers so far, day by day; ``rates`` are the means of both arms."""
    challenger = rng.random(customers) < settings.share
    base = rates[0]
    taste = rng.beta(_ALIKE * base, _ALIKE * (1 - base), customers)
    covariate = np.log1p(rng.poisson(20 * taste)).astype(np.float64)
    rate = np.where(challenger, taste * rates[1] / base, taste).clip(max=1)
    above, below = np.zeros(customers), np.zeros(customers)
    for _ in range(DAYS):
        came = rng.random(customers) < DAILY
        below += came
        above += came & (rng.random(customers) < rate)
        seen = below > 0
        first, second = (
            Arm(above[side], below[side], covariate[side]) for side in (seen & ~challenger, seen & challenger)
        )
        yield first, second


def _plain(champion: Arm, challenger: Arm) -> float:
    """Half the width of the usual interval of the gain, for a single look."""
    variances = [float((arm.influence() ** 2).sum()) / len(arm.below) ** 2 for arm in (champion, challenger)]
    ratio = challenger.value / champion.value
    parts = [variance / arm.value**2 for variance, arm in zip(variances, (champion, challenger), strict=True)]
    return 1.96 * ratio * float(np.sqrt(sum(parts)))


def _variance() -> float:
    """One customer's share of the variance of the logarithm of the rate, at the end of the experiment."""
    answers = DAYS * DAILY
    # Answers of one customer are correlated, as in a beta-binomial.
    correlation = 1 / (_ALIKE + 1)
    return log_share_variance(RATE, answers) * (1 + correlation * answers)
