"""A week of visits: requested with what is known by then, answered by the champion, logged as in production."""

import json
from collections import deque
from dataclasses import dataclass

import numpy as np

from benchmarks.live_shop.behaviour import Session
from benchmarks.simulated_year.known_customers import SHOWN, KnownCustomers
from benchmarks.simulated_year.simulated_shop import SimulatedShop
from feedback.database import sqlite
from feedback.event_log import EventLog
from feedback.events import CustomerEvent, parse_events
from feedback.impressions import ImpressionStore, ReceivedImpression
from infrastructure.workspace import Workspace
from recommender.contract.query import Recommendation, customer_hash
from recommender.engine.engine import Engine


@dataclass(frozen=True)
class SimulatedVisits:
    """Visits to a shop that recommends: the workspace's champion answers, and its log keeps what was shown and done."""

    shop: SimulatedShop
    workspace: Workspace
    salt: str

    def simulate_week(self, week: int, customers: KnownCustomers) -> float:
        """Everything that happens in a week; returns the expected purchases of a visit's recommendations."""
        champion = (self.workspace.champion() or {})["bundle"]
        engine = Engine.load(self.workspace.root / champion)
        valid, _ = parse_events(self.shop.events(week), latest=self.shop.plan.week(week).end.timestamp())
        unprompted = sorted(valid, key=lambda event: event.time)
        waiting, responses = deque(unprompted), list[CustomerEvent]()
        impressions: list[ReceivedImpression] = []
        expected: list[float] = []
        for session in self.shop.sessions(week):
            customers.learn(_until(session.time.timestamp(), waiting))
            (answer,) = engine.recommend([customers.query(session)], reasons=False)
            products = [item.product_id for item in answer.items]
            expected.append(self.shop.traffic.expected_purchases(session, products))
            impressions.append(self._impression(session, answer, engine.version))
            response, _ = parse_events(self.shop.traffic.respond(session, products, session.session_id))
            customers.learn(response)
            responses += response
        customers.learn(waiting)
        self._log(sorted([*unprompted, *responses], key=lambda event: event.time), impressions)
        return float(np.mean(expected))

    def _impression(self, session: Session, answer: Recommendation, version: str) -> ReceivedImpression:
        return ReceivedImpression(
            impression_id=session.session_id,
            request_id=session.session_id,
            time=session.time.timestamp(),
            customer=customer_hash(session.customer_id, self.salt),
            variant="champion",
            model_version=version,
            products=json.dumps([item.product_id for item in answer.items]),
            scores=json.dumps([item.score for item in answer.items]),
            fallback="",
            kind="customer",
            k=SHOWN,
            brought=",".join(session.profile),
        )

    def _log(self, events: list[CustomerEvent], impressions: list[ReceivedImpression]) -> None:
        log, store = EventLog(self.workspace.log), ImpressionStore(sqlite(self.workspace.log))
        log.add(events)
        store.add(impressions, "impressions")
        log.close()
        store.close()


def _until(time: float, waiting: deque[CustomerEvent]) -> list[CustomerEvent]:
    """Take the events up to a time from the front."""
    past: list[CustomerEvent] = []
    while waiting and waiting[0].time <= time:
        past.append(waiting.popleft())
    return past
