"""KPIs of live traffic with intervals: over all answers, by segment, and how they change."""

from collections.abc import Iterable
from dataclasses import astuple, dataclass
from typing import Final

import pandas as pd

from feedback.customer_facts import CustomerFacts
from feedback.join import OWNER
from feedback.ratio_intervals import Ratio, relative_fall
from recommender.contract import columns as c
from recommender.contract.impressions import CUSTOMER, MODEL_VERSION, VARIANT
from recommender.evaluation import kpis
from recommender.evaluation.kpis import Kpi
from recommender.evaluation.metrics import Interval
from settings.monitoring import FeedbackSettings

#: Measures whose fall may start a retraining.
WATCHED: Final = (kpis.BY_NAME["click_rate"], kpis.BY_NAME["conversion"])

AGE: Final = "decade of birth"


@dataclass(frozen=True, slots=True)
class LiveMetrics:
    """Measures of some answers, by name; those without a case to count are omitted."""

    answers: int
    kpis: dict[str, Interval]


def kpi_ratio(joined: pd.DataFrame, kpi: Kpi) -> Ratio:
    """A measure over all of ``joined``.

    Raises:
        ValueError: The measure is not computed from the join.
    """
    if kpi.parts is None:
        raise ValueError(f"{kpi.name} is read from {kpi.source}, not from the join")
    upper, lower = kpi.parts
    return Ratio.from_answers(joined[upper], joined[lower], joined[OWNER])


def live_metrics(joined: pd.DataFrame, settings: FeedbackSettings) -> LiveMetrics:
    """Every measure over all of ``joined``."""
    ratios = {kpi: kpi_ratio(joined, kpi) for kpi in kpis.kpis_from_join()}
    intervals = {
        kpi.name: ratio.interval(settings.confidence, share=kpi.is_share)
        for kpi, ratio in ratios.items()
        if ratio.weight
    }
    return LiveMetrics(len(joined), intervals)


def kpi_text(kpi: Kpi, interval: Interval) -> str:
    """A measure with its interval, as text."""
    value, low, high = (f"{number:.1%}" if kpi.is_share else f"{number:.2f}" for number in astuple(interval))
    return f"{value} [{low}, {high}]"


def metrics_by_segment(
    joined: pd.DataFrame, facts: CustomerFacts, settings: FeedbackSettings
) -> dict[str, dict[str, LiveMetrics]]:
    """Measures by variant, model version and customers' attributes, for segments that are large enough."""
    measured: dict[str, dict[str, LiveMetrics]] = {}
    for name, values in _segments(joined, facts).items():
        groups = joined.groupby(values.to_numpy(), sort=True)
        large = {str(segment): rows for segment, rows in groups if len(rows) >= settings.minimum_part}
        if large:
            measured[name] = {segment: live_metrics(rows, settings) for segment, rows in large.items()}
    return measured


def relative_falls(joined: pd.DataFrame, champion: str, settings: FeedbackSettings) -> dict[str, Interval]:
    """How far each watched measure of the champion's latest answers lies below that of its earlier ones, by name.

    Empty until the champion has given twice the window's answers: the earlier ones must be as many.
    """
    answers = joined[joined[MODEL_VERSION] == champion].sort_values(c.TIME, kind="stable")
    if len(answers) < 2 * settings.window:
        return {}
    before, now = answers.iloc[: -settings.window], answers.iloc[-settings.window :]
    falls = {
        kpi.label: relative_fall(kpi_ratio(before, kpi), kpi_ratio(now, kpi), settings.confidence) for kpi in WATCHED
    }
    return {name: fall for name, fall in falls.items() if fall is not None}


def _segments(joined: pd.DataFrame, facts: CustomerFacts) -> dict[str, pd.Series]:
    """What answers are segmented by; a missing value belongs to no segment."""
    customers = joined[CUSTOMER].fillna("")
    attributes = facts.about.reindex(customers)
    about = {name: attributes[name] for name in (c.SKIN_TYPE, c.REGION) if name in attributes}
    if c.BIRTH_YEAR in attributes:
        about[AGE] = attributes[c.BIRTH_YEAR].map(decade, na_action="ignore")
    history = customers.map(lambda customer: history_band(facts.purchases.get(customer, 0)))
    return {VARIANT: joined[VARIANT], MODEL_VERSION: joined[MODEL_VERSION], **about, "history": history}


def history_band(purchases: int) -> str:
    """The band of a purchase history's length; bands double, as the first purchases teach most about a customer."""
    bands: Iterable[tuple[int, str]] = ((1, "none"), (3, "1 to 2"), (6, "3 to 5"), (11, "6 to 10"))
    return next((name for end, name in bands if purchases < end), "more than 10")


def decade(birth_year: float) -> str:
    """The decade of a birth year: a single year has too few people."""
    return f"{int(birth_year) // 10 * 10}s"
