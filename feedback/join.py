"""Impressions joined to the events that answer them: what became of each answer, in numbers."""

from typing import Final

import pandas as pd

from feedback.customer_facts import Declared
from feedback.log_reader import CUSTOMER, FALLBACK, PRODUCTS, SECONDS
from recommender.contract import columns as c
from recommender.evaluation import kpis
from settings.monitoring import FeedbackSettings

DAY_SECONDS: Final = 86_400

#: Column of the join: who an answer was given to; one to nobody in particular is its own owner.
OWNER: Final = "owner"


def join(
    impressions: pd.DataFrame, events: pd.DataFrame, settings: FeedbackSettings, declared: Declared | None = None
) -> pd.DataFrame:
    """Impressions with the columns whose sums the measures divide (``recommender.evaluation.kpis``), and their owner.

    An event belongs to the answer it names, if it comes within the attribution window after it. So an event
    that comes late changes the figures of the day of its answer, and an answer without events is one.

    Args:
        impressions: One row a request; ``products`` holds the shown ids, best first.
        events: Event rows; ``time`` in seconds since 1970.
        settings: The window and k.
        declared: What is known of customers and products.
    """
    declared = declared or Declared()
    done = _done(impressions, events, settings, declared)
    request = impressions[c.REQUEST_ID]
    columns = {name: request.map(sums).fillna(0.0).astype("float64") for name, sums in done.items()}
    shown = {**_shown(impressions, declared), **_waited(impressions, settings)}
    return impressions.assign(**columns, **shown, **{OWNER: _owners(impressions)})


def _done(
    impressions: pd.DataFrame, events: pd.DataFrame, settings: FeedbackSettings, declared: Declared
) -> dict[str, pd.Series]:
    """What customers did about answers: by column, the value of each request that has one."""
    answers = _answers(impressions, events, settings)
    shown = answers[answers[c.RANK] >= 0]
    purchases, ratings = (shown[shown[c.TYPE] == kind] for kind in (c.PURCHASE, c.RATE_RECOMMENDATION))
    paid = purchases[c.PRODUCT_ID].map(dict(declared.prices)).astype("float64") * purchases[c.VALUE].fillna(1)
    return {
        kpis.CLICKED: _any(shown[shown[c.TYPE] == c.CLICK]),
        kpis.BOUGHT: _any(purchases),
        kpis.BOUGHT_ANY: _any(answers[answers[c.TYPE] == c.PURCHASE]),
        kpis.HIT: _any(purchases[purchases[c.RANK] < settings.k]),
        kpis.REVENUE: paid.groupby(purchases[c.REQUEST_ID]).sum(),
        kpis.RATING_SUM: ratings.groupby(c.REQUEST_ID)[c.VALUE].sum(),
        kpis.RATINGS: ratings.groupby(c.REQUEST_ID)[c.VALUE].count(),
    }


def _shown(impressions: pd.DataFrame, declared: Declared) -> dict[str, list[float]]:
    """What the answers themselves say, whatever was done about them."""
    pairs = list(zip(_customers(impressions), impressions[PRODUCTS], strict=True))
    needs = [declared.needs(customer, products) for customer, products in pairs]
    return {
        kpis.ANSWERS: [1.0] * len(impressions),
        kpis.IMPERSONAL: [float(bool(flag)) for flag in impressions[FALLBACK].fillna("")],
        kpis.NEEDS_MET: [float(met) for met, _ in needs],
        kpis.NEEDS: [float(wanted) for _, wanted in needs],
        kpis.VIOLATED: [float(declared.violates(customer, products)) for customer, products in pairs],
    }


def _waited(impressions: pd.DataFrame, settings: FeedbackSettings) -> dict[str, "pd.Series[float]"]:
    """Whether it is known how long a customer waited, and whether that was long."""
    seconds = impressions[SECONDS]
    slow = seconds > settings.slow_seconds
    return {kpis.TIMED: seconds.notna().astype("float64"), kpis.SLOW: slow.astype("float64")}


def _answers(impressions: pd.DataFrame, events: pd.DataFrame, settings: FeedbackSettings) -> pd.DataFrame:
    """Events within the window of the request they name, with the rank of their product in its list (-1: not in it)."""
    told = impressions[[c.REQUEST_ID, c.TIME, PRODUCTS]].rename(columns={c.TIME: "asked"})
    answers = events.dropna(subset=[c.REQUEST_ID]).merge(told, on=c.REQUEST_ID)
    # Nothing can answer what was not shown yet: an event that seems to come before it has a clock that is slow.
    answers = answers[answers[c.TIME] - answers["asked"] <= settings.attribution_days * DAY_SECONDS]
    pairs = zip(answers[PRODUCTS], answers[c.PRODUCT_ID], strict=True)
    ranks = [products.index(product) if product in products else -1 for products, product in pairs]
    return answers.assign(**{c.RANK: ranks, c.VALUE: answers[c.VALUE].astype("float64")})


def _any(answers: pd.DataFrame) -> pd.Series:
    requests = answers[c.REQUEST_ID].drop_duplicates()
    return pd.Series(1.0, index=requests)


def _customers(impressions: pd.DataFrame) -> pd.Series:
    return impressions[CUSTOMER].fillna("")


def _owners(impressions: pd.DataFrame) -> pd.Series:
    customers = _customers(impressions)
    return customers.where(customers != "", impressions[c.REQUEST_ID])
