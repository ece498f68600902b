"""The results of the simulated years, as tables."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from benchmarks.simulated_year.plan import SCHEDULE
from benchmarks.simulated_year.policies import LABELS, PolicyName, RetrainingRecord
from benchmarks.simulated_year.year import Year
from infrastructure.documents import table
from recommender.evaluation.metrics import Interval

_RESAMPLES: Final = 2000
#: Reasons that claim a change; the others only count rows or days.
_ALARMS: Final = frozenset({"drift", "request_drift", "prediction_drift", "performance"})
_TITLES: Final = (
    "Retrained",
    "Expected purchases a visit",
    "Of those of weekly retraining",
    "Retrainings",
    "Promoted, refused, failed",
    "False alarms",
    "Bad rows in any champion",
)


def relative_quality(year: Year, standard: Year, seed: int) -> Interval:
    """How much of ``standard``'s quality a year has, with a 95 % interval.

    Weeks are drawn in pairs (Efron and Tibshirani, 1993).
    """
    ours, theirs = weekly_quality(year), weekly_quality(standard)
    drawn = np.random.default_rng(seed).integers(len(ours), size=(_RESAMPLES, len(ours)))
    low, high = np.quantile(ours[drawn].sum(axis=1) / theirs[drawn].sum(axis=1), [0.025, 0.975]).tolist()
    return Interval(float(ours.sum() / theirs.sum()), low, high)


def weekly_quality(year: Year) -> NDArray[np.float64]:
    """The quality of each week, float64[weeks]."""
    return np.array([week.quality for week in year.weeks])


def retrainings(year: Year) -> list[tuple[int, RetrainingRecord]]:
    """The number of the week after which each retraining started, and the retraining."""
    return [(number, week.retrained) for number, week in enumerate(year.weeks) if week.retrained]


def false_alarms(year: Year) -> int:
    """Retrainings for a reason that claims a change, when there was none."""
    return sum(
        not _ALARMS.isdisjoint(record.reasons) and not any(event.is_answered(week) for event in SCHEDULE)
        for week, record in retrainings(year)
    )


def policy_table(years: Mapping[PolicyName, Year], seed: int) -> str:
    """All policies, as a Markdown table."""
    return table(_TITLES, (_row(year, years["weekly"], seed) for year in years.values()))


def retraining_table(year: Year) -> str:
    """Every retraining of a year with its reasons, as a Markdown table."""
    rows = [
        (str(week), _events_answered(week), ", ".join(record.reasons), _outcome(record))
        for week, record in retrainings(year)
    ]
    return table(("After week", "What had happened", "Reasons", "Outcome"), rows, "rlll")


def _outcome(record: RetrainingRecord) -> str:
    return f"{record.outcome}: {', '.join(record.obstacles)}" if record.obstacles else record.outcome


def _row(year: Year, weekly: Year, seed: int) -> Iterator[str]:
    outcomes = Counter(record.outcome for _, record in retrainings(year))
    yield LABELS[year.policy]
    yield f"{weekly_quality(year).mean():.3f}"
    yield "" if year is weekly else _interval_text(relative_quality(year, weekly, seed))
    yield str(outcomes.total())
    yield ", ".join(str(outcomes[outcome]) for outcome in ("promoted", "refused", "failed"))
    yield str(false_alarms(year))
    yield str(year.bad_rows)


def _interval_text(interval: Interval) -> str:
    return f"{interval.value:.1%} ({interval.low:.1%} to {interval.high:.1%})"


def _events_answered(week: int) -> str:
    return ", ".join(event.name for event in SCHEDULE if event.is_answered(week)) or "nothing"
