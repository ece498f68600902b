"""The measures of live traffic, with intervals: of all answers, of parts of them, and how they change."""

from collections.abc import Iterable
from dataclasses import astuple, dataclass
from typing import Final

import pandas as pd

from feedback.customer_facts import Declared
from feedback.join import OWNER
from feedback.log_reader import CUSTOMER, MODEL_VERSION, VARIANT
from feedback.rates import Interval, Ratio, relative_fall
from recommender.contract import columns as c
from recommender.evaluation import kpis
from recommender.evaluation.kpis import Kpi
from settings.monitoring import FeedbackSettings

#: Measures whose fall may fire the trigger.
WATCHED: Final = (kpis.BY_NAME["click_rate"], kpis.BY_NAME["conversion"])

AGE: Final = "decade of birth"


@dataclass(frozen=True, slots=True)
class Figures:
    """Measures of some answers.

    Attributes:
        answers: How many there are.
        kpis: By the measure's name; those without a case to count are left out.
    """

    answers: int
    kpis: dict[str, Interval]


def ratio(joined: pd.DataFrame, kpi: Kpi) -> Ratio:
    """A measure that is read from the join, over all of ``joined``.

    Raises:
        ValueError: The measure is not read from the join.
    """
    if kpi.parts is None:
        raise ValueError(f"{kpi.name} is read from {kpi.source}, not from the join")
    upper, lower = kpi.parts
    return Ratio.of(joined[upper], joined[lower], joined[OWNER])


def figures(joined: pd.DataFrame, settings: FeedbackSettings) -> Figures:
    """Every measure over all of ``joined``."""
    ratios = {kpi: ratio(joined, kpi) for kpi in kpis.kpis_from_join()}
    found = {
        kpi.name: each.interval(settings.confidence, share=kpi.is_share) for kpi, each in ratios.items() if each.weight
    }
    return Figures(len(joined), found)


def told(kpi: Kpi, interval: Interval) -> str:
    """A measure with its interval, for people."""
    value, low, high = (f"{each:.1%}" if kpi.is_share else f"{each:.2f}" for each in astuple(interval))
    return f"{value} [{low}, {high}]"


def by_part(joined: pd.DataFrame, declared: Declared, settings: FeedbackSettings) -> dict[str, dict[str, Figures]]:
    """Measures by variant, model version and what customers can be told apart by, the parts large enough to tell.

    Args:
        joined: All answers.
        declared: What customers said of themselves.
        settings: How large a part must be.
    """
    found: dict[str, dict[str, Figures]] = {}
    for name, values in _parts(joined, declared).items():
        groups = joined.groupby(values.to_numpy(), sort=True)
        large = {str(part): rows for part, rows in groups if len(rows) >= settings.minimum_part}
        if large:
            found[name] = {part: figures(rows, settings) for part, rows in large.items()}
    return found


def falls(joined: pd.DataFrame, champion: str, settings: FeedbackSettings) -> dict[str, Interval]:
    """How far each watched measure of the champion's latest answers lies under that of its earlier ones, by name.

    Empty until it has given twice the answers of the window: the earlier ones must be as many.
    """
    answers = joined[joined[MODEL_VERSION] == champion].sort_values(c.TIME, kind="stable")
    if len(answers) < 2 * settings.window:
        return {}
    before, now = answers.iloc[: -settings.window], answers.iloc[-settings.window :]
    found = {kpi.label: relative_fall(ratio(before, kpi), ratio(now, kpi), settings.confidence) for kpi in WATCHED}
    return {name: fall for name, fall in found.items() if fall is not None}


def _parts(joined: pd.DataFrame, declared: Declared) -> dict[str, pd.Series]:
    """What answers are parted by; a value that is missing belongs to no part."""
    customers = joined[CUSTOMER].fillna("")
    told = declared.about.reindex(customers)
    about = {name: told[name] for name in (c.SKIN_TYPE, c.REGION) if name in told}
    if c.BIRTH_YEAR in told:
        about[AGE] = told[c.BIRTH_YEAR].map(decade, na_action="ignore")
    history = customers.map(lambda customer: history_band(declared.purchases.get(customer, 0)))
    return {VARIANT: joined[VARIANT], MODEL_VERSION: joined[MODEL_VERSION], **about, "history": history}


def history_band(purchases: int) -> str:
    """Lengths of histories, doubling: what is known of a customer grows with the first purchases most."""
    bands: Iterable[tuple[int, str]] = ((1, "none"), (3, "1 to 2"), (6, "3 to 5"), (11, "6 to 10"))
    return next((name for end, name in bands if purchases < end), "more than 10")


def decade(birth_year: float) -> str:
    """The ten years that somebody was born in: a year by itself is too few people."""
    return f"{int(birth_year) // 10 * 10}s"
