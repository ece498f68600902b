"""Impressions joined to the events that respond to them: what customers did about each answer, in numbers."""

from typing import Final

import pandas as pd

from feedback.customer_facts import CustomerFacts
from infrastructure import SECONDS_A_DAY
from recommender.contract import columns as c
from recommender.contract.event_types import CLICK, PURCHASE, RATE_RECOMMENDATION
from recommender.contract.impressions import CUSTOMER, FALLBACK, PRODUCTS, SECONDS
from recommender.evaluation import kpis
from settings.monitoring import FeedbackSettings

#: Column of the join: the customer who got an answer; an answer to no known customer is its own owner.
OWNER: Final = "owner"


def join_events(
    impressions: pd.DataFrame, events: pd.DataFrame, settings: FeedbackSettings, facts: CustomerFacts | None = None
) -> pd.DataFrame:
    """Impressions with their owner and the columns from whose sums KPIs are computed (``recommender.evaluation.kpis``).

    An event is attributed to the answer that it names, if it comes within the attribution window after it. So a late
    event changes the figures of the day of its answer, and an answer without events counts too. Impressions have one
    row a request, ``products`` the shown ids, best first; times are seconds since 1970.
    """
    facts = facts or CustomerFacts()
    responses = _response_columns(impressions, events, settings, facts)
    request = impressions[c.REQUEST_ID]
    columns = {name: request.map(sums).fillna(0.0).astype("float64") for name, sums in responses.items()}
    shown = {**_answer_columns(impressions, facts), **_latency_columns(impressions, settings)}
    return impressions.assign(**columns, **shown, **{OWNER: _owners(impressions)})


def _response_columns(
    impressions: pd.DataFrame, events: pd.DataFrame, settings: FeedbackSettings, facts: CustomerFacts
) -> dict[str, pd.Series]:
    """What customers did about answers: by column, the value of each request that has one."""
    responses = _attributed(impressions, events, settings)
    shown = responses[responses[c.RANK] >= 0]
    purchases, ratings = (shown[shown[c.TYPE] == kind] for kind in (PURCHASE, RATE_RECOMMENDATION))
    paid = purchases[c.PRODUCT_ID].map(dict(facts.prices)).astype("float64") * purchases[c.VALUE].fillna(1)
    return {
        kpis.CLICKED: _any(shown[shown[c.TYPE] == CLICK]),
        kpis.BOUGHT: _any(purchases),
        kpis.BOUGHT_ANY: _any(responses[responses[c.TYPE] == PURCHASE]),
        kpis.HIT: _any(purchases[purchases[c.RANK] < settings.k]),
        kpis.REVENUE: paid.groupby(purchases[c.REQUEST_ID]).sum(),
        kpis.RATING_SUM: ratings.groupby(c.REQUEST_ID)[c.VALUE].sum(),
        kpis.RATINGS: ratings.groupby(c.REQUEST_ID)[c.VALUE].count(),
    }


def _answer_columns(impressions: pd.DataFrame, facts: CustomerFacts) -> dict[str, list[float]]:
    """What the answers themselves show, whatever customers did about them."""
    pairs = list(zip(_customers(impressions), impressions[PRODUCTS], strict=True))
    needs = [facts.needs(customer, products) for customer, products in pairs]
    return {
        kpis.ANSWERS: [1.0] * len(impressions),
        kpis.IMPERSONAL: [float(bool(flag)) for flag in impressions[FALLBACK].fillna("")],
        kpis.NEEDS_MET: [float(met) for met, _ in needs],
        kpis.NEEDS: [float(wanted) for _, wanted in needs],
        kpis.VIOLATED: [float(facts.violates(customer, products)) for customer, products in pairs],
    }


def _latency_columns(impressions: pd.DataFrame, settings: FeedbackSettings) -> dict[str, "pd.Series[float]"]:
    """Whether an answer's time is known, and whether it was slow."""
    seconds = impressions[SECONDS]
    slow = seconds > settings.slow_seconds
    return {kpis.TIMED: seconds.notna().astype("float64"), kpis.SLOW: slow.astype("float64")}


def _attributed(impressions: pd.DataFrame, events: pd.DataFrame, settings: FeedbackSettings) -> pd.DataFrame:
    """Events within the window of the request they name, with the rank of their product in its list (-1: not in it)."""
    answers = impressions[[c.REQUEST_ID, c.TIME, PRODUCTS]].rename(columns={c.TIME: "answered"})
    responses = events.dropna(subset=[c.REQUEST_ID]).merge(answers, on=c.REQUEST_ID)
    # Nobody responds to what was not shown yet: an event that seems to come before its answer has a slow clock.
    responses = responses[responses[c.TIME] - responses["answered"] <= settings.attribution_days * SECONDS_A_DAY]
    pairs = zip(responses[PRODUCTS], responses[c.PRODUCT_ID], strict=True)
    ranks = [products.index(product) if product in products else -1 for products, product in pairs]
    return responses.assign(**{c.RANK: ranks, c.VALUE: responses[c.VALUE].astype("float64")})


def _any(responses: pd.DataFrame) -> pd.Series:
    requests = responses[c.REQUEST_ID].drop_duplicates()
    return pd.Series(1.0, index=requests)


def _customers(impressions: pd.DataFrame) -> pd.Series:
    return impressions[CUSTOMER].fillna("")


def _owners(impressions: pd.DataFrame) -> pd.Series:
    customers = _customers(impressions)
    return customers.where(customers != "", impressions[c.REQUEST_ID])
