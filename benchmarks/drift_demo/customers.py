"""Simulated customers who ask the endpoint over HTTP and send back what they did."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final

import httpx

from benchmarks.live_shop.behaviour import Session
from benchmarks.live_shop.shop import Phase, Shop
from recommender.contract import columns as c

VISITS: Final = 500
PRODUCTS_SHOWN: Final = 10
BATCH: Final = 500
_TIMEOUT: Final = 60.0


@dataclass
class Sent:
    """What one phase of traffic came to.

    Attributes:
        answers: Recommendations asked for and answered.
        versions: How many of them each model gave.
        accepted: Events that the collector took.
        rejected: Events that it refused.
    """

    answers: int = 0
    versions: Counter[str] = field(default_factory=Counter[str])
    accepted: int = 0
    rejected: int = 0


@dataclass(frozen=True)
class Customers:
    """All customers of a shop, each with the app at hand.

    Attributes:
        shop: Where they are.
        endpoint: Address of the recommendations.
        collector: Address of the event collector.
    """

    shop: Shop
    endpoint: str
    collector: str

    def live_through(self, phase: Phase, visits: int = VISITS) -> Sent:
        """Everything that happens in a phase: what they buy by themselves, and visits with recommendations."""
        sent = Sent()
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
            return self._ask(client, {c.CUSTOMER_ID: "somebody"})["model_version"]

    def _visit(self, client: httpx.Client, session: Session, sent: Sent) -> list[dict[str, Any]]:
        """One visit with recommendations; returns what the customer did about them."""
        instance = {c.CUSTOMER_ID: session.customer_id, "k": PRODUCTS_SHOWN, "profile": session.profile}
        answer = self._ask(client, instance)
        sent.answers += 1
        sent.versions[answer["model_version"]] += 1
        shown = [item[c.PRODUCT_ID] for item in answer["items"]]
        return self.shop.traffic.respond(session, shown, answer[c.REQUEST_ID])

    def _ask(self, client: httpx.Client, instance: dict[str, Any]) -> dict[str, Any]:
        answer = client.post(f"{self.endpoint}/v1/models/recommender:predict", json={"instances": [instance]})
        return answer.raise_for_status().json()["predictions"][0]

    def _send(
        self, client: httpx.Client, events: Sequence[dict[str, Any]] | Iterator[dict[str, Any]], sent: Sent
    ) -> None:
        waiting = iter(events)
        while batch := list(islice(waiting, BATCH)):
            answer = client.post(f"{self.collector}/v1/events", json={"events": batch}).raise_for_status().json()
            sent.accepted += answer["accepted"]
            sent.rejected += len(answer["rejected"])
