"""Prometheus metrics of the collector."""

from typing import Final

from prometheus_client import CollectorRegistry, Counter, generate_latest
from prometheus_client.registry import Collector as MetricsCollector

REGISTRY: Final = CollectorRegistry()
EVENTS: Final = Counter("recommender_events", "Events sent to the collector", ["outcome"], registry=REGISTRY)
IMPRESSIONS: Final = Counter(
    "recommender_impressions_received", "Impressions sent to the collector", ["outcome"], registry=REGISTRY
)
ONLINE_FAILURES: Final = Counter(
    "recommender_online_store_failures", "Times that the online store could not be told of events", registry=REGISTRY
)


def exposition(others: MetricsCollector | None) -> bytes:
    """The collector's metrics in Prometheus' text format, and those of ``others`` where there are any."""
    if others is None:
        return generate_latest(REGISTRY)
    found = CollectorRegistry()
    found.register(others)
    return generate_latest(REGISTRY) + generate_latest(found)
