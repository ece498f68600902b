"""What raters said of two models: which is preferred, how both are rated, and for whom."""

from collections.abc import Iterator
from dataclasses import astuple, dataclass
from typing import Final

import numpy as np
import pandas as pd

from feedback.customer_facts import Declared
from feedback.rates import Interval, Ratio
from recommender.contract import columns as c
from recommender.contract.query import customer_hash
from recommender.engine.variant_assignment import CHALLENGER, CHAMPION
from recommender.evaluation.metrics import student_interval
from recommender.reports import wording
from recommender.reports.page import Page, Section, Table, Text
from settings.experiment import SurveySettings

_METHOD: Final = (
    "Raters did not know which list is whose; the sides were drawn for each customer. Intervals count customers, not "
    "ratings: several raters' words on one customer are averaged, so the intervals say how other customers' lists "
    "would be judged by these raters. Who has no preference is not in the share. The difference is paired: both lists "
    "of a customer are judged by the same raters (Student's t of the differences by customer)."
)


@dataclass(frozen=True)
class Judged:
    """What some customers' lists were found to be.

    Attributes:
        customers: With a rating.
        ratings: How many there are.
        without: Ratings without a preference.
        preference: Share of the preferences that are for the challenger; None without any.
        champion: Mean rating.
        challenger: Mean rating.
        difference: Challenger's less champion's, by customer; None with less than two customers.
    """

    customers: int
    ratings: int
    without: int
    preference: Interval | None
    champion: float
    challenger: float
    difference: Interval | None


def unblinded(ratings: pd.DataFrame, key: pd.DataFrame) -> pd.DataFrame:
    """Ratings by model: case, rater, skin_type, each model's rating, and the preferred one (missing: none).

    Ratings of a customer who was forgotten since are left out: no key tells whose lists they are of.
    """
    rows = ratings.merge(key[["case", "a", c.SKIN_TYPE]], on="case")
    first = (rows["a"] == CHAMPION).to_numpy()
    preferred = rows["preference"].map({"A": "a", "B": "b"})
    prefers_first = (preferred == "a").to_numpy()
    models = np.where(prefers_first == first, CHAMPION, CHALLENGER)
    return pd.DataFrame(
        {
            "case": rows["case"],
            "rater": rows["rater"],
            c.SKIN_TYPE: rows[c.SKIN_TYPE],
            CHAMPION: np.where(first, rows["rating_a"], rows["rating_b"]).astype(float),
            CHALLENGER: np.where(first, rows["rating_b"], rows["rating_a"]).astype(float),
            "preferred": pd.Series(models, rows.index, dtype=object).where(preferred.notna()),
        }
    )


def judged(rows: pd.DataFrame, settings: SurveySettings) -> Judged:
    """The figures of some rows of :func:`unblinded`."""
    told = rows[rows["preferred"].notna()]
    for_challenger = (told["preferred"] == CHALLENGER).astype(float)
    share = Ratio.of(for_challenger, np.ones(len(told)), told["case"])
    by_case = rows.groupby("case")[[CHAMPION, CHALLENGER]].mean()
    return Judged(
        customers=len(by_case),
        ratings=len(rows),
        without=len(rows) - len(told),
        preference=share.interval(settings.confidence, share=True) if len(told) else None,
        champion=float(by_case[CHAMPION].mean()),
        challenger=float(by_case[CHALLENGER].mean()),
        difference=_paired(by_case[CHALLENGER] - by_case[CHAMPION], settings.confidence),
    )


def verdict(found: Judged, settings: SurveySettings) -> str:
    """In one sentence, what the ratings say for certain."""
    if found.customers < settings.minimum_customers:
        return (
            f"Too few: {wording.count_of(found.customers, 'customer')} with ratings, of at least "
            f"{settings.minimum_customers} that a verdict needs."
        )
    if found.preference is None or found.preference.low <= 0.5 <= found.preference.high:
        return "Neither model is preferred for certain."
    return f"The {CHALLENGER if found.preference.low > 0.5 else CHAMPION} is preferred for certain."


def violations(key: pd.DataFrame, declared: Declared, salt: str) -> dict[str, int]:
    """By model, customers whose list holds what they declared to avoid."""
    names = [customer_hash(str(customer), salt) for customer in key[c.CUSTOMER_ID]]
    return {
        model: sum(declared.violates(name, products) for name, products in zip(names, key[model], strict=True))
        for model in (CHAMPION, CHALLENGER)
    }


def page(rows: pd.DataFrame, key: pd.DataFrame, broken: dict[str, int], settings: SurveySettings) -> Page:
    """The report.

    Args:
        rows: As of :func:`unblinded`.
        key: Of the survey.
        broken: As of :func:`violations`.
        settings: When ratings are enough.
    """
    found = judged(rows, settings)
    versions = key.iloc[0][["survey", "champion_version", "challenger_version"]]
    lead = (
        f"{verdict(found, settings)} {wording.count_of(found.ratings, 'rating')} by "
        f"{wording.count_of(rows['rater'].nunique(), 'rater')} of the lists of "
        f"{wording.count_of(found.customers, 'customer')}; {found.without} without a preference. Champion "
        f"{versions['champion_version']}, challenger {versions['challenger_version']}."
    )
    headline = (
        ("prefer the challenger", _share(found.preference)),
        ("challenger's rating less champion's", _points(found.difference)),
        ("lists with what is avoided", f"{broken[CHAMPION]} and {broken[CHALLENGER]}"),
    )
    heads = ("skin type", "customers", "prefer the challenger", "champion", "challenger", "difference")
    says = (
        f"With {settings.confidence:.0%} intervals. Customers whose list holds what they avoid: champion "
        f"{broken[CHAMPION]}, challenger {broken[CHALLENGER]}."
    )
    table = Table("Ratings from 1 to 5", heads, tuple(_lines(rows, settings)), "lrrrrr", says)
    sections = (Section("What was found", (table,)), Section("How to read this", (Text((_METHOD,)),)))
    return Page(f"User test {versions['survey']}", lead, headline, sections)


def _lines(rows: pd.DataFrame, settings: SurveySettings) -> Iterator[tuple[str, ...]]:
    yield _line("all", judged(rows, settings), settings.minimum_customers)
    for skin, part in rows.groupby(c.SKIN_TYPE):
        yield _line(str(skin), judged(part, settings), settings.minimum_customers)


def _line(name: str, found: Judged, least: int) -> tuple[str, ...]:
    """Of a part that is too small its size alone is told: figures of a few people are read as if they were of many."""
    if found.customers < least:
        return (name, str(found.customers), "too few", "", "", "")
    means = (f"{found.champion:.2f}", f"{found.challenger:.2f}")
    return (name, str(found.customers), _share(found.preference), *means, _points(found.difference))


def _paired(differences: "pd.Series[float]", confidence: float) -> Interval | None:
    if len(differences) < 2:
        return None
    return Interval(*astuple(student_interval(np.asarray(differences, np.float64), confidence)))


def _share(found: Interval | None) -> str:
    return f"{found.value:.0%} [{found.low:.0%}, {found.high:.0%}]" if found else "nobody has said"


def _points(found: Interval | None) -> str:
    return f"{found.value:+.2f} [{found.low:+.2f}, {found.high:+.2f}]" if found else "too few"
