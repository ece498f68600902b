"""Simulated customers who request recommendations over HTTP and send back events."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final

import httpx

from benchmarks.live_shop.behaviour import Session
from benchmarks.live_shop.shop import LiveShop, Phase
from recommender.contract import columns as c

VISITS: Final = 500
PRODUCTS_SHOWN: Final = 10
BATCH: Final = 500
_TIMEOUT: Final = 60.0


@dataclass
class TrafficCounts:
    """Counts of one phase of traffic: answered requests, also by model version, and events that the collector took."""

    answers: int = 0
    versions: Counter[str] = field(default_factory=Counter[str])
    accepted: int = 0
    rejected: int = 0


@dataclass(frozen=True)
class AppCustomers:
    """The customers of a shop, who use its app: addresses of the recommendations and of the event collector."""

    shop: LiveShop
    endpoint: str
    collector: str

    def simulate_phase(self, phase: Phase, visits: int = VISITS) -> TrafficCounts:
        """Everything that happens in a phase: purchases without recommendations, and visits with them."""
        sent = TrafficCounts()
        with httpx.Client(timeout=_TIMEOUT) as client:
            self._send(client, self.shop.events(phase), sent)
            replies = (
                reply
                for session in self.shop.traffic.sessions(phase.start, visits, phase.days)
                for reply in self._visit(client, session, sent)
            )
            self._send(client, replies, sent)
        return sent

    def served_version(self) -> str:
        """Version of the model that answers now."""
        with httpx.Client(timeout=_TIMEOUT) as client:
            return self._request(client, {c.CUSTOMER_ID: "somebody"})["model_version"]

    def _visit(self, client: httpx.Client, session: Session, sent: TrafficCounts) -> list[dict[str, Any]]:
        """One visit with recommendations; returns what the customer did about them."""
        instance = {c.CUSTOMER_ID: session.customer_id, "k": PRODUCTS_SHOWN, "profile": session.profile}
        answer = self._request(client, instance)
        sent.answers += 1
        sent.versions[answer["model_version"]] += 1
        shown = [item[c.PRODUCT_ID] for item in answer["items"]]
        return self.shop.traffic.respond(session, shown, answer[c.REQUEST_ID])

    def _request(self, client: httpx.Client, instance: dict[str, Any]) -> dict[str, Any]:
        answer = client.post(f"{self.endpoint}/v1/models/recommender:predict", json={"instances": [instance]})
        return answer.raise_for_status().json()["predictions"][0]

    def _send(
        self, client: httpx.Client, events: Sequence[dict[str, Any]] | Iterator[dict[str, Any]], sent: TrafficCounts
    ) -> None:
        waiting = iter(events)
        while batch := list(islice(waiting, BATCH)):
            answer = client.post(f"{self.collector}/v1/events", json={"events": batch}).raise_for_status().json()
            sent.accepted += answer["accepted"]
            sent.rejected += len(answer["rejected"])
