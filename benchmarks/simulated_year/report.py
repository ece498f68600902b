"""What the simulated years came to, as tables."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from benchmarks.simulated_year.plan import HAPPENINGS
from benchmarks.simulated_year.policies import LABELS, Name, Retrained
from benchmarks.simulated_year.year import Year
from feedback.rates import Interval
from infrastructure.documents import table

_RESAMPLES: Final = 2000
#: Reasons that say that something has happened; the others count rows or days.
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


def share(year: Year, standard: Year, seed: int) -> Interval:
    """How much of ``standard``'s quality a year has, with a 95 % interval.

    Weeks are drawn in pairs (Efron and Tibshirani, 1993).
    """
    ours, theirs = quality(year), quality(standard)
    drawn = np.random.default_rng(seed).integers(len(ours), size=(_RESAMPLES, len(ours)))
    low, high = np.quantile(ours[drawn].sum(axis=1) / theirs[drawn].sum(axis=1), [0.025, 0.975]).tolist()
    return Interval(float(ours.sum() / theirs.sum()), low, high)


def quality(year: Year) -> NDArray[np.float64]:
    """The quality of each week, float64[weeks]."""
    return np.array([week.quality for week in year.weeks])


def retrainings(year: Year) -> list[tuple[int, Retrained]]:
    """The number of the week after which each retraining started, and the retraining."""
    return [(number, week.retrained) for number, week in enumerate(year.weeks) if week.retrained]


def false_alarms(year: Year) -> int:
    """Retrainings for a reason that says that something has happened, when nothing had."""
    return sum(
        not _ALARMS.isdisjoint(done.reasons) and not any(each.is_answered(week) for each in HAPPENINGS)
        for week, done in retrainings(year)
    )


def summary(years: Mapping[Name, Year], seed: int) -> str:
    """All ways to decide, as a Markdown table."""
    return table(_TITLES, (_row(year, years["weekly"], seed) for year in years.values()))


def firings(year: Year) -> str:
    """Every retraining of a year with its reasons, as a Markdown table."""
    rows = [(str(week), _weeks_of(week), ", ".join(done.reasons), _ended(done)) for week, done in retrainings(year)]
    return table(("After week", "What had happened", "Reasons", "Outcome"), rows, "rlll")


def _ended(done: Retrained) -> str:
    return f"{done.outcome}: {', '.join(done.obstacles)}" if done.obstacles else done.outcome


def _row(year: Year, weekly: Year, seed: int) -> Iterator[str]:
    outcomes = Counter(done.outcome for _, done in retrainings(year))
    yield LABELS[year.policy]
    yield f"{quality(year).mean():.3f}"
    yield "" if year is weekly else _told(share(year, weekly, seed))
    yield str(outcomes.total())
    yield ", ".join(str(outcomes[outcome]) for outcome in ("promoted", "refused", "failed"))
    yield str(false_alarms(year))
    yield str(year.bad_rows)


def _told(found: Interval) -> str:
    return f"{found.value:.1%} ({found.low:.1%} to {found.high:.1%})"


def _weeks_of(week: int) -> str:
    return ", ".join(each.name for each in HAPPENINGS if each.is_answered(week)) or "nothing"
