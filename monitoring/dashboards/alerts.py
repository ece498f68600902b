"""The alerts: which ones page somebody at once, and which become a ticket."""

from dataclasses import dataclass
from typing import Final, Literal

from infrastructure import SECONDS_A_DAY
from settings.monitoring import MonitoringSettings

_SETTINGS: Final = MonitoringSettings()
_TOO_OLD: Final = 2 * _SETTINGS.trigger.maximum_age_days * SECONDS_A_DAY


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert.

    Attributes:
        name: Identifies it.
        expression: PromQL; the alert fires where this has a value.
        duration: How long it must have a value.
        severity: "page" calls somebody at once; "ticket" waits for the morning.
        summary: What is wrong.
        action: What to do first.
    """

    name: str
    expression: str
    duration: str
    severity: Literal["page", "ticket"]
    summary: str
    action: str


ALERTS: Final = (
    Alert(
        "RecommenderHoldsNoModel",
        "sum(recommender_model_loaded) < 1 or absent(recommender_model_loaded)",
        "5m",
        "page",
        "No serving process has a model loaded.",
        "Check the endpoint's pods and champion.json.",
    ),
    Alert(
        "RecommenderErrors",
        'sum(rate(recommender_requests_total{status=~"5.."}[5m])) / sum(rate(recommender_requests_total[5m])) > 0.01',
        "5m",
        "page",
        "More than 1 % of the requests fail.",
        "Search the endpoint's log by request_id.",
    ),
    Alert(
        "RecommenderSlow",
        "histogram_quantile(0.99, sum by (le) (rate(recommender_request_seconds_bucket[5m]))) "
        f"> {_SETTINGS.feedback.slow_seconds:g}",
        "10m",
        "ticket",
        f"One request in a hundred takes longer than {_SETTINGS.feedback.slow_seconds:g} s.",
        "Add replicas, or check the online store.",
    ),
    Alert(
        "RecommenderFallsBack",
        'sum(rate(recommender_answers_total{fallback="store_unavailable"}[5m])) '
        "/ sum(rate(recommender_answers_total[5m])) > 0.05",
        "10m",
        "page",
        "The online store cannot be read: customers get cautious answers.",
        "Check the online store.",
    ),
    Alert(
        "RecommenderMisunderstands",
        'sum(increase(recommender_unrecognised_avoidances_total{outcome!="applied"}[1d])) '
        "/ sum(increase(recommender_answers_total[1d])) > 0.05",
        "1h",
        "ticket",
        "Customers avoid things by words that nothing knows: these exclude no product.",
        "Search the endpoint's log for 'not recognised' and add synonyms to families.yaml.",
    ),
    Alert(
        "RecommenderDropsImpressions",
        'rate(recommender_impressions_total{outcome="dropped"}[5m]) > 0',
        "10m",
        "ticket",
        "Impressions are dropped: live measures and experiments miss them.",
        "Check the log's disk or database.",
    ),
    Alert(
        "RecommenderRefusesModel",
        'increase(recommender_model_swaps_total{result="refused"}[1h]) > 0',
        "0m",
        "ticket",
        "A new model was refused by a serving process.",
        "Search the endpoint's log for the bundle's fault.",
    ),
    Alert(
        "RecommenderViolates",
        'recommender_kpi{kpi="violations",end="value"} > 0',
        "0m",
        "page",
        "An answer showed what its customer had declared to avoid.",
        "Roll back to the previous model, then find the answer in the log.",
    ),
    Alert(
        "RecommenderDrifts",
        f"recommender_drift_share >= {_SETTINGS.drift.share:g}",
        "0m",
        "ticket",
        "Recent {{ $labels.of }} have drifted from those when the model was new.",
        "See reports/drift*.html and the trigger's decisions.",
    ),
    Alert(
        "RecommenderRetrainingFails",
        'increase(recommender_retrainings{outcome="failed"}[1d]) > 0',
        "0m",
        "ticket",
        "A retraining failed.",
        "See triggers/ and the run's log.txt.",
    ),
    Alert(
        "RecommenderAges",
        f'time() - recommender_last_timestamp_seconds{{what="promotion"}} > {_TOO_OLD:g}',
        "1h",
        "ticket",
        "The champion is twice as old as the age at which it should be retrained.",
        "See triggers/: do retrainings fail, or does the gate refuse them?",
    ),
    Alert(
        "RecommenderUnwatched",
        f'time() - recommender_last_timestamp_seconds{{what="monitoring"}} > {2 * SECONDS_A_DAY}',
        "1h",
        "ticket",
        "No round of monitoring for two days.",
        "Check the schedule of beauty monitor.",
    ),
    Alert(
        "RecommenderEventsRefused",
        'sum(rate(recommender_events_total{outcome="rejected"}[15m])) '
        "/ sum(rate(recommender_events_total[15m])) > 0.05",
        "15m",
        "ticket",
        "More than one event in twenty is rejected.",
        "The collector's answers name the field and the reason.",
    ),
    Alert(
        "RecommenderOnlineStoreUntold",
        "increase(recommender_online_store_failures_total[15m]) > 0",
        "15m",
        "ticket",
        "Purchases and avoidances do not reach the online store.",
        "Check the collector's log and the store.",
    ),
)
