"""The work that every peer does: what is behind the Bento's routes, by the Bento's own code."""

import uuid
from collections.abc import Sequence
from typing import Any

from serving.answering.requests import RecommendationRequest
from serving.server.environment import Environment
from serving.server.runtime import Runtime

Output = dict[str, Any]


class PeerWorkload:
    """The model, the online store and the log of what was shown, as the Bento has them."""

    def __init__(self) -> None:
        self._runtime = Runtime(Environment.read())
        self._runtime.start()

    def outputs(self, customer_ids: Sequence[str], k: int) -> list[Output]:
        """The two output tensors of protocol V2 that the load generator asks for, with their data as JSON."""
        batch = self._runtime.handler.respond(
            [RecommendationRequest(customer_id, k) for customer_id in customer_ids], str(uuid.uuid4()), reasons=False
        )
        lists = [response.items for response in batch.responses]
        products = [_filled([item.product_id for item in items], k, "") for items in lists]
        scores = [_filled([item.score for item in items], k, 0.0) for items in lists]
        return [
            _output("product_id", "BYTES", [value for row in products for value in row], k),
            _output("score", "FP32", [value for row in scores for value in row], k),
        ]


def _filled(row: list[Any], k: int, padding: Any) -> list[Any]:
    return row + [padding] * (k - len(row))


def _output(name: str, datatype: str, data: list[Any], k: int) -> Output:
    return {"name": name, "datatype": datatype, "shape": [len(data) // k, k], "data": data}
