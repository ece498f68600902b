"""Writes purchases, dismissals and avoidances to the online feature store at once: the next answer uses them."""

import os
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Any, Final
from uuid import uuid4

import pandas as pd
from feast import FeatureStore
from feast.online_response import OnlineResponse
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import NoPermissionError
from redis.retry import Retry

from feedback.event_log import EventLog
from feedback.events import CustomerEvent
from infrastructure.workspace import Workspace
from infrastructure.workspace.online_store import SECONDS, feast_variables, redis_address
from recommender.contract import columns as c
from recommender.contract import event_types
from recommender.features import definitions

SETTINGS_FILE: Final = "feature_store.yaml"
#: Key of a Redis that has seen a collector.
_MARK: Final = "beauty-recommender:online-store"
Row = dict[str, Any]


class OnlineStoreUpdater:
    """Delivers the pending events of a log to the feature store of a workspace.

    Safe to call from several threads, and idempotent: an event delivered twice changes nothing the second time.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._lock = Lock()
        self._opened: tuple[str, FeatureStore] | None = None

    def __call__(self, log: EventLog) -> None:
        """Deliver every pending event, then mark them; without a store they stay pending.

        A row is read, changed and written: meanwhile no other collector may write it.
        """
        if not (self._workspace.feast / SETTINGS_FILE).is_file():
            return
        with self._lock, log.exclusive():
            store = self._store(log)
            pending = log.pending()
            if pending.events:
                _update_views(store, pending.events)
                log.mark_delivered(pending.last)

    def _store(self, log: EventLog) -> FeatureStore:
        """The store; a recreated one is opened anew, and gets every event again."""
        identity = _identity(self._workspace)
        log.set_online_store(identity)
        if self._opened is None or self._opened[0] != identity:
            self._opened = identity, _open(self._workspace.feast)
        return self._opened[1]


def _identity(workspace: Workspace) -> str:
    """An identity that changes when the online store was recreated, or may have lost its last updates.

    It is a mark that an emptied store has lost, with the file's inode or the run of Redis: a restarted Redis has on its
    volume only what is older than a second.
    """
    address = redis_address()
    if address is None:
        return f"{workspace.online_store.stat().st_ino}:{_sqlite_mark(workspace.online_store)}"
    mark = uuid4().hex
    # No retry, which would wait again: the caller comes back later.
    once: Any = {"socket_timeout": SECONDS, "socket_connect_timeout": SECONDS, "retry": Retry(NoBackoff(), 0)}
    with Redis.from_url(address, **once) as client:
        marked: Any = client.set(_MARK, mark, nx=True, get=True)
        return f"{_redis_run_id(client)}:{marked.decode() if marked else mark}"


def _redis_run_id(client: Any) -> str:
    """The id of a Redis server's run; empty where this user may not read it."""
    try:
        return client.info("server").get("run_id", "")
    except NoPermissionError:
        return ""


def _sqlite_mark(path: Path) -> str:
    """The mark of an embedded store, created where it has none."""
    with closing(sqlite3.connect(path, timeout=SECONDS)) as connection, connection:
        connection.execute("CREATE TABLE IF NOT EXISTS told (mark TEXT NOT NULL)")
        if not connection.execute("SELECT 1 FROM told").fetchone():
            connection.execute("INSERT INTO told VALUES (?)", (uuid4().hex,))
        return connection.execute("SELECT mark FROM told").fetchone()[0]


def _open(folder: Path) -> FeatureStore:
    # The settings file in the folder refers to these variables for what differs between environments.
    os.environ.update(feast_variables(folder))
    return FeatureStore(repo_path=str(folder))


def _update_views(store: FeatureStore, events: Sequence[CustomerEvent]) -> None:
    for kind, view, change in _CHANGES:
        of_customers: dict[str, list[CustomerEvent]] = {}
        for event in events:
            if event.type == kind:
                of_customers.setdefault(event.customer_id, []).append(event)
        if of_customers:
            _update_view(store, view, of_customers, change)


def _update_view(
    store: FeatureStore,
    view: str,
    of_customers: Mapping[str, Sequence[CustomerEvent]],
    change: Callable[[Row, CustomerEvent], Row],
) -> None:
    """Read the customers' features, change them by their events, and write them back."""
    known = _read(store, view, list(of_customers))
    rows = [_changed(known[customer], events, change) for customer, events in of_customers.items()]
    frame = pd.DataFrame({name: pd.Series([row[name] for row in rows], dtype=object) for name in rows[0]})
    times = pd.to_datetime(frame[definitions.EVENT_TIMESTAMP], utc=True)
    store.push(definitions.push_source(view), frame.assign(**{definitions.EVENT_TIMESTAMP: times}))


def _read(store: FeatureStore, view: str, customers: list[str]) -> dict[str, Row]:
    """Each customer's row of a view, as it is written: key, features, and the time they are from."""
    features = [feature.name for feature in store.get_feature_view(view).features]
    entities = [{c.CUSTOMER_ID: customer} for customer in customers]
    answer = store.get_online_features([f"{view}:{feature}" for feature in features], entities)
    values, times = answer.to_dict(), _times(answer, len(customers))
    return {
        customer: {
            c.CUSTOMER_ID: customer,
            definitions.EVENT_TIMESTAMP: times[place],
            **{feature: values[feature][place] for feature in features},
        }
        for place, customer in enumerate(customers)
    }


def _times(answer: OnlineResponse, customers: int) -> list[datetime]:
    """The time of each customer's features; 1970 for an unknown customer."""
    stamps = [[stamp.ToDatetime(UTC) for stamp in vector.event_timestamps] for vector in answer.proto.results]
    return [max(vector[place] for vector in stamps if vector) for place in range(customers)]


def _changed(row: Row, events: Sequence[CustomerEvent], change: Callable[[Row, CustomerEvent], Row]) -> Row:
    """The row after the events, as late as the latest of them, so that no older row replaces it."""
    for event in events:
        time = max(row[definitions.EVENT_TIMESTAMP], datetime.fromtimestamp(event.time, UTC))
        row = {**row, **change(row, event), definitions.EVENT_TIMESTAMP: time}
    return row


def _with_purchase(row: Row, event: CustomerEvent) -> Row:
    """One more product, inserted by its time; a history without times stays without."""
    products, times = list(row[definitions.RECENT_PRODUCTS] or []), list(row[definitions.RECENT_TIMES] or [])
    if products and not times:
        return {definitions.RECENT_PRODUCTS: _latest(_with(products, event.product_id))}
    history = list(zip(times, products, strict=True))
    bought = (int(event.time), event.product_id)
    if bought not in history:
        history = sorted([*history, bought], key=lambda entry: entry[0])
    return {
        definitions.RECENT_PRODUCTS: _latest([product for _, product in history]),
        definitions.RECENT_TIMES: _latest([time for time, _ in history]),
    }


def _with_dismissal(row: Row, event: CustomerEvent) -> Row:
    return {definitions.DISMISSED: _with(list(row[definitions.DISMISSED] or []), event.product_id)}


def _with_avoidance(row: Row, event: CustomerEvent) -> Row:
    return {c.AVOIDED_INGREDIENTS: _with(list(row[c.AVOIDED_INGREDIENTS] or []), event.query)}


def _with(entries: list[Any], entry: Any) -> list[Any]:
    return entries if entry in entries else [*entries, entry]


def _latest(entries: list[Any]) -> list[Any]:
    return entries[-definitions.LONGEST_HISTORY :]


_CHANGES: Final = (
    (event_types.PURCHASE, definitions.CUSTOMER_HISTORY, _with_purchase),
    (event_types.DISMISS, definitions.CUSTOMER_PROFILE, _with_dismissal),
    (event_types.AVOID, definitions.CUSTOMER_PROFILE, _with_avoidance),
)
