"""Impressions joined to the events that answer them, and what that says of the recommendations."""

from dataclasses import dataclass
from typing import Final

import pandas as pd

from monitoring.logs import FALLBACK, MODEL_VERSION, PRODUCTS
from monitoring.rates import Interval, Share, relative_fall
from recommender import columns as c
from recommender.config.monitoring import FeedbackSettings

DAY_SECONDS: Final = 86_400

# Columns that the join adds to impressions, one row a request.
CLICKED: Final = "clicked"
BOUGHT: Final = "bought"
BOUGHT_ANY: Final = "bought_any"
HIT: Final = "hit"
RATED: Final = "rated"

#: Rates whose fall may fire the trigger, by the name a person reads.
_WATCHED: Final = {"click rate": CLICKED, "conversion": BOUGHT}


@dataclass(frozen=True, slots=True)
class Performance:
    """What customers did with the answers they got.

    Attributes:
        requests: Answers that were shown.
        click_rate: Share of the answers of which a shown product was clicked.
        conversion: Share of the answers of which a shown product was bought.
        hit_rate: Of the answers after which anything was bought in reply, the share with it among the first k.
        satisfaction: Mean of the ratings given to shown products, 1 to 5; None without any.
        fallback: Share of the answers that were not personal because something was missing.
    """

    requests: int
    click_rate: Interval
    conversion: Interval
    hit_rate: Interval
    satisfaction: float | None
    fallback: Interval


def join(impressions: pd.DataFrame, events: pd.DataFrame, settings: FeedbackSettings) -> pd.DataFrame:
    """Impressions with what customers did about them: boolean columns clicked, bought, bought_any, hit; mean rating.

    An event belongs to the answer it names, if it comes within the attribution window after it.

    Args:
        impressions: One row a request; ``products`` holds the shown ids, best first.
        events: Event rows; ``time`` in seconds since 1970.
        settings: The window and k.
    """
    answers = _answers(impressions, events, settings)
    shown = answers[answers["rank"] >= 0]
    purchases = answers[answers[c.TYPE] == c.PURCHASE]
    facts = {
        CLICKED: _requests(shown[shown[c.TYPE] == c.CLICK]),
        BOUGHT: _requests(shown[shown[c.TYPE] == c.PURCHASE]),
        BOUGHT_ANY: _requests(purchases),
        HIT: _requests(purchases[purchases["rank"].between(0, settings.k - 1)]),
    }
    ratings = shown[shown[c.TYPE] == c.RATE_RECOMMENDATION].groupby(c.REQUEST_ID)[c.VALUE].mean()
    request = impressions[c.REQUEST_ID]
    return impressions.assign(
        **{name: request.isin(requests) for name, requests in facts.items()},
        **{RATED: request.map(ratings)},
    )


def performance(joined: pd.DataFrame, settings: FeedbackSettings) -> Performance:
    """The figures over all of ``joined``."""

    def share(hits: pd.Series) -> Interval:
        return _share(hits).interval(settings.confidence)

    ratings = joined[RATED].dropna()
    return Performance(
        requests=len(joined),
        click_rate=share(joined[CLICKED]),
        conversion=share(joined[BOUGHT]),
        hit_rate=share(joined.loc[joined[BOUGHT_ANY], HIT]),
        satisfaction=float(ratings.mean()) if len(ratings) else None,
        fallback=share(joined[FALLBACK].fillna("") != ""),
    )


def falls(joined: pd.DataFrame, champion: str, settings: FeedbackSettings) -> dict[str, Interval]:
    """How far each rate of the champion's latest answers lies under that of its earlier ones, by the rate's name.

    Empty until it has given twice the answers of the window: the earlier ones must be as many.
    """
    answers = joined[joined[MODEL_VERSION] == champion].sort_values(c.TIME, kind="stable")
    if len(answers) < 2 * settings.window:
        return {}
    before, now = answers.iloc[: -settings.window], answers.iloc[-settings.window :]
    found = {
        name: relative_fall(_share(before[column]), _share(now[column]), settings.confidence)
        for name, column in _WATCHED.items()
    }
    return {name: fall for name, fall in found.items() if fall is not None}


def _answers(impressions: pd.DataFrame, events: pd.DataFrame, settings: FeedbackSettings) -> pd.DataFrame:
    """Events within the window of the request they name, with the rank of their product in its list (-1: not in it)."""
    told = impressions[[c.REQUEST_ID, c.TIME, PRODUCTS]].rename(columns={c.TIME: "asked"})
    answers = events.dropna(subset=[c.REQUEST_ID]).merge(told, on=c.REQUEST_ID)
    # Nothing can answer what was not shown yet: an event that seems to come before it has a clock that is slow.
    answers = answers[answers[c.TIME] - answers["asked"] <= settings.attribution_days * DAY_SECONDS]
    pairs = zip(answers[PRODUCTS], answers[c.PRODUCT_ID], strict=True)
    return answers.assign(rank=[products.index(product) if product in products else -1 for products, product in pairs])


def _requests(answers: pd.DataFrame) -> pd.Series:
    return answers[c.REQUEST_ID].drop_duplicates()


def _share(hits: pd.Series) -> Share:
    return Share(int(hits.sum()), len(hits))
