"""Prometheus metrics; every label has few, known values, so their number never grows with traffic."""

from contextlib import suppress
from pathlib import Path
from typing import Final

import psutil
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

from infrastructure.environment import read_path

_FOLDER_VARIABLE: Final = "PROMETHEUS_MULTIPROC_DIR"
"""By which the client library knows the folder that all workers share."""

CONTENT_TYPE: Final = CONTENT_TYPE_LATEST
_SECONDS: Final = (0.001, 0.002, 0.003, 0.005, 0.0075, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)

REQUESTS = Counter("recommender_requests", "Requests for recommendations", ["protocol", "status"])
REQUEST_SECONDS = Histogram(
    "recommender_request_seconds",
    "Time to answer a request, in seconds; variant and path are empty for refusals and mixed for unlike customers",
    ["protocol", "variant", "path"],
    buckets=_SECONDS,
)
ANSWERS = Counter("recommender_answers", "Customers answered", ["variant", "path", "fallback"])
COMPUTED = Counter("recommender_answers_worked_out", "Customers whose answer was computed, not taken from the cache")
WITHOUT_STORE = Counter(
    "recommender_answers_without_store", "Named customers answered while the store could not be read", ["by"]
)
REMOVED = Counter("recommender_removed_products", "Candidates that a rule removed", ["rule"])
UNRECOGNISED = Counter(
    "recommender_unrecognised_avoidances",
    "Words for an ingredient to avoid that nothing knows: told, applied as what they nearly spell, or refused",
    ["outcome"],
)
STORE_SECONDS = Histogram("recommender_store_seconds", "Time to read the online store, in seconds", buckets=_SECONDS)
STORE_READS = Counter("recommender_store_reads", "Reads of the online store: answered, failed or skipped", ["outcome"])
STORE_SPOILT = Counter("recommender_store_spoilt_rows", "Customers whose row in the store could not be understood")
WAITING = Gauge("recommender_requests_waiting", "Requests that wait for their turn", multiprocess_mode="livesum")
TURNED_AWAY = Counter(
    "recommender_requests_turned_away", "Requests refused unread: too many waited (full, late), or no token", ["reason"]
)
SWAPS = Counter("recommender_model_swaps", "New models taken over or refused", ["variant", "result"])
LOADED = Gauge(
    "recommender_model_loaded", "Processes that hold a model and answer", ["variant"], multiprocess_mode="livesum"
)
LOADED_AT = Gauge(
    "recommender_model_loaded_timestamp_seconds",
    "When the model that answers was last taken over",
    ["variant"],
    multiprocess_mode="livemax",
)
SHADOW = Counter("recommender_shadow", "Customers that a challenger in shadow mode scored, or not", ["outcome"])
IMPRESSIONS = Counter("recommender_impressions", "Impressions by what became of them", ["outcome"])
IMPRESSIONS_WAITING = Gauge(
    "recommender_impressions_waiting", "Impressions not yet written", ["table"], multiprocess_mode="livesum"
)


def exposition() -> bytes:
    """The metrics of all workers in Prometheus' text format."""
    folder = read_path(_FOLDER_VARIABLE)
    if folder is None:
        return generate_latest(REGISTRY)
    _remove_dead_workers(folder)
    registry = CollectorRegistry()
    MultiProcessCollector(registry)
    return generate_latest(registry)


def _remove_dead_workers(folder: Path) -> None:
    """Take dead workers out of the gauges: one that is killed cannot do so itself."""
    for pid in {int(file.stem.rpartition("_")[2]) for file in folder.glob("gauge_live*_*.db")}:
        if not psutil.pid_exists(pid):
            with suppress(FileNotFoundError):  # another worker did it at this very moment
                mark_process_dead(pid, str(folder))
