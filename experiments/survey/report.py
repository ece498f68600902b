"""The report of a survey: which model is preferred, and how both are rated, overall and by skin type."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from feedback.customer_facts import CustomerFacts
from feedback.ratio_intervals import Ratio
from recommender.contract import columns as c
from recommender.contract.query import CHALLENGER, CHAMPION, customer_hash
from recommender.evaluation.metrics import Interval, student_interval
from recommender.reports import wording
from recommender.reports.page import Page, Section, Table, Text
from settings.experiment import SurveySettings

_METHOD: Final = (
    "Raters did not know which list is which model's; the sides were drawn at random for each customer. Intervals are "
    "over customers, not ratings: several raters' ratings of one customer are averaged, so the intervals say how other "
    "customers' lists would be rated by these raters. Ratings without a preference are not in the share. The "
    "difference is paired: both lists of a customer are rated by the same raters (Student's t of the differences by "
    "customer)."
)


@dataclass(frozen=True)
class RatingSummary:
    """Summary of some ratings.

    Attributes:
        customers: Number of customers with a rating.
        ratings: Number of ratings.
        without: Ratings without a preference.
        preference: Share of the preferences that are for the challenger; None without any.
        champion: Mean rating of the champion's lists.
        challenger: Mean rating of the challenger's lists.
        difference: Challenger's less champion's, by customer; None with fewer than two customers.
    """

    customers: int
    ratings: int
    without: int
    preference: Interval | None
    champion: float
    challenger: float
    difference: Interval | None


def unblind(ratings: pd.DataFrame, key: pd.DataFrame) -> pd.DataFrame:
    """Ratings by model: case, rater, skin_type, each model's rating, and the preferred one (missing: none).

    Ratings of a customer who was erased since are left out: the key no longer says which models they are of.
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


def summarise_ratings(rows: pd.DataFrame, settings: SurveySettings) -> RatingSummary:
    """The summary of some rows of :func:`unblind`."""
    decided = rows[rows["preferred"].notna()]
    for_challenger = (decided["preferred"] == CHALLENGER).astype(float)
    share = Ratio.from_answers(for_challenger, np.ones(len(decided)), decided["case"])
    by_case = rows.groupby("case")[[CHAMPION, CHALLENGER]].mean()
    return RatingSummary(
        customers=len(by_case),
        ratings=len(rows),
        without=len(rows) - len(decided),
        preference=share.interval(settings.confidence, share=True) if len(decided) else None,
        champion=float(by_case[CHAMPION].mean()),
        challenger=float(by_case[CHALLENGER].mean()),
        difference=_paired(by_case[CHALLENGER] - by_case[CHAMPION], settings.confidence),
    )


def survey_verdict(summary: RatingSummary, settings: SurveySettings) -> str:
    """In one sentence, what the ratings show with certainty."""
    if summary.customers < settings.minimum_customers:
        return (
            f"Too few: {wording.count_of(summary.customers, 'customer')} with ratings, of at least "
            f"{settings.minimum_customers} that a verdict needs."
        )
    if summary.preference is None or summary.preference.low <= 0.5 <= summary.preference.high:
        return "Neither model is preferred for certain."
    return f"The {CHALLENGER if summary.preference.low > 0.5 else CHAMPION} is preferred for certain."


def count_violations(key: pd.DataFrame, facts: CustomerFacts, salt: str) -> dict[str, int]:
    """By model, customers whose list contains what they declared to avoid."""
    names = [customer_hash(str(customer), salt) for customer in key[c.CUSTOMER_ID]]
    return {
        model: sum(facts.violates(name, products) for name, products in zip(names, key[model], strict=True))
        for model in (CHAMPION, CHALLENGER)
    }


def survey_report_page(
    rows: pd.DataFrame, key: pd.DataFrame, violations: dict[str, int], settings: SurveySettings
) -> Page:
    """The report, of rows from :func:`unblind` and counts from :func:`count_violations`."""
    summary = summarise_ratings(rows, settings)
    versions = key.iloc[0][["survey", "champion_version", "challenger_version"]]
    lead = (
        f"{survey_verdict(summary, settings)} {wording.count_of(summary.ratings, 'rating')} by "
        f"{wording.count_of(rows['rater'].nunique(), 'rater')} of the lists of "
        f"{wording.count_of(summary.customers, 'customer')}; {summary.without} without a preference. Champion "
        f"{versions['champion_version']}, challenger {versions['challenger_version']}."
    )
    headline = (
        ("prefer the challenger", _share(summary.preference)),
        ("challenger's rating less champion's", _points(summary.difference)),
        ("lists with what is avoided", f"{violations[CHAMPION]} and {violations[CHALLENGER]}"),
    )
    heads = ("skin type", "customers", "prefer the challenger", "champion", "challenger", "difference")
    says = (
        f"With {settings.confidence:.0%} intervals. Customers whose list contains what they avoid: champion "
        f"{violations[CHAMPION]}, challenger {violations[CHALLENGER]}."
    )
    table = Table("Ratings from 1 to 5", heads, tuple(_lines(rows, settings)), "lrrrrr", says)
    sections = (Section("What was found", (table,)), Section("How to read this", (Text((_METHOD,)),)))
    return Page(f"User test {versions['survey']}", lead, headline, sections)


def _lines(rows: pd.DataFrame, settings: SurveySettings) -> Iterator[tuple[str, ...]]:
    yield _line("all", summarise_ratings(rows, settings), settings.minimum_customers)
    for skin, part in rows.groupby(c.SKIN_TYPE):
        yield _line(str(skin), summarise_ratings(part, settings), settings.minimum_customers)


def _line(name: str, summary: RatingSummary, least: int) -> tuple[str, ...]:
    """One line of the table; of a segment that is too small only the size, as readers would overrate its figures."""
    if summary.customers < least:
        return (name, str(summary.customers), "too few", "", "", "")
    means = (f"{summary.champion:.2f}", f"{summary.challenger:.2f}")
    return (name, str(summary.customers), _share(summary.preference), *means, _points(summary.difference))


def _paired(differences: "pd.Series[float]", confidence: float) -> Interval | None:
    if len(differences) < 2:
        return None
    return student_interval(np.asarray(differences, np.float64), confidence)


def _share(interval: Interval | None) -> str:
    return f"{interval.value:.0%} [{interval.low:.0%}, {interval.high:.0%}]" if interval else "nobody has said"


def _points(interval: Interval | None) -> str:
    return f"{interval.value:+.2f} [{interval.low:+.2f}, {interval.high:+.2f}]" if interval else "too few"
