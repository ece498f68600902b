"""A week of visits: asked with what is known by then, answered by the champion, logged as in production."""

import json
from collections import deque
from dataclasses import dataclass

import numpy as np

from benchmarks.live_shop.behaviour import Session
from benchmarks.simulated_year.shoppers import SHOWN, Shoppers
from benchmarks.simulated_year.world import World
from feedback.database import sqlite
from feedback.event_log import EventLog
from feedback.events import Event, parse
from feedback.impressions import ImpressionStore, ShownList
from infrastructure.workspace import Workspace
from recommender.contract.query import Recommendation, customer_hash
from recommender.engine.engine import Engine


@dataclass(frozen=True)
class Visits:
    """Visits to a shop that recommends.

    Attributes:
        world: Who comes.
        workspace: Whose champion answers, and whose log keeps what was shown and done.
        salt: Of the log's pseudonyms.
    """

    world: World
    workspace: Workspace
    salt: str

    def live_through(self, week: int, shoppers: Shoppers) -> float:
        """Everything that happens in a week; returns the purchases to be expected of a visit's recommendations."""
        champion = (self.workspace.champion() or {})["bundle"]
        engine = Engine.load(self.workspace.root / champion)
        taken, _ = parse(self.world.events(week), latest=self.world.plan.week(week).end.timestamp())
        told = sorted(taken, key=lambda event: event.time)
        waiting, replies = deque(told), list[Event]()
        shown: list[ShownList] = []
        expected: list[float] = []
        for session in self.world.sessions(week):
            shoppers.learn(_until(session.time.timestamp(), waiting))
            (answer,) = engine.recommend([shoppers.query(session)], reasons=False)
            products = [item.product_id for item in answer.items]
            expected.append(self.world.traffic.expected_purchases(session, products))
            shown.append(self._shown(session, answer, engine.version))
            done, _ = parse(self.world.traffic.respond(session, products, session.session_id))
            shoppers.learn(done)
            replies += done
        shoppers.learn(waiting)
        self._log(sorted([*told, *replies], key=lambda event: event.time), shown)
        return float(np.mean(expected))

    def _shown(self, session: Session, answer: Recommendation, version: str) -> ShownList:
        return ShownList(
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

    def _log(self, events: list[Event], shown: list[ShownList]) -> None:
        log, impressions = EventLog(self.workspace.log), ImpressionStore(sqlite(self.workspace.log))
        log.add(events)
        impressions.add(shown, "impressions")
        log.close()
        impressions.close()


def _until(time: float, waiting: deque[Event]) -> list[Event]:
    """Take what has happened by a time from the front."""
    past: list[Event] = []
    while waiting and waiting[0].time <= time:
        past.append(waiting.popleft())
    return past
