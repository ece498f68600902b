"""A week of visits: asked with what is known by then, answered by the champion, logged as in production."""

import json
import sqlite3
from collections import deque
from contextlib import closing
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from monitoring.events import Event, parse
from monitoring.simulation.shoppers import SHOWN, Shoppers
from monitoring.simulation.world import World
from monitoring.store import EventLog
from recommender.engine import Engine
from recommender.pseudonym import customer_hash
from recommender.query import Recommendation
from recommender.synthetic.behaviour import Session
from recommender.workspace import Workspace

_SCHEMA: Final = """CREATE TABLE IF NOT EXISTS impressions (
    request_id TEXT, time REAL, customer TEXT, variant TEXT, model_version TEXT,
    products TEXT, scores TEXT, fallback TEXT, kind TEXT, k INTEGER, brought TEXT
)"""


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
        shown: list[tuple[Any, ...]] = []
        expected: list[float] = []
        for session in self.world.sessions(week):
            shoppers.learn(_until(session.time.timestamp(), waiting))
            (answer,) = engine.recommend([shoppers.query(session)], reasons=False)
            products = [item.product_id for item in answer.items]
            expected.append(self.world.traffic.expected_purchases(session, products))
            shown.append(self._impression(session, answer, engine.version))
            done, _ = parse(self.world.traffic.respond(session, products, session.session_id))
            shoppers.learn(done)
            replies += done
        shoppers.learn(waiting)
        self._log(sorted([*told, *replies], key=lambda event: event.time), shown)
        return float(np.mean(expected))

    def _impression(self, session: Session, answer: Recommendation, version: str) -> tuple[Any, ...]:
        customer = customer_hash(session.customer_id, self.salt)
        lists = ([item.product_id for item in answer.items], [item.score for item in answer.items])
        said = (*map(json.dumps, lists), "", "customer", SHOWN, ",".join(session.profile))
        return session.session_id, session.time.timestamp(), customer, "champion", version, *said

    def _log(self, events: list[Event], shown: list[tuple[Any, ...]]) -> None:
        log = EventLog(self.workspace.log)
        log.add(events)
        log.close()
        with closing(sqlite3.connect(self.workspace.log)) as connection, connection:
            connection.execute(_SCHEMA)
            connection.executemany("INSERT INTO impressions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", shown)


def _until(time: float, waiting: deque[Event]) -> list[Event]:
    """Take what has happened by a time from the front."""
    past: list[Event] = []
    while waiting and waiting[0].time <= time:
        past.append(waiting.popleft())
    return past
