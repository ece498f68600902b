"""Open Inference Protocol V1: named instances in, one prediction each out."""

from typing import Annotated, Any

from pydantic import Field

from serving.answering.handler import BatchResponse, RecommendationResponse
from serving.answering.messages import Instance, Message, parse_message
from serving.answering.requests import RecommendationRequest


class PredictRequest(Message):
    """The body of ``POST /v1/models/{name}:predict``."""

    instances: Annotated[tuple[Instance, ...], Field(min_length=1)]


def decode(body: bytes, default_k: int) -> list[RecommendationRequest]:
    """The recommendation requests in a body.

    Raises:
        RequestError: It is no such request.
    """
    return [
        RecommendationRequest.from_message(instance, default_k)
        for instance in parse_message(PredictRequest, body).instances
    ]


def encode(batch: BatchResponse) -> dict[str, Any]:
    """The response as the protocol defines it, ready for JSON."""
    return {"predictions": [_prediction(response, batch.request_id) for response in batch.responses]}


def _prediction(response: RecommendationResponse, request_id: str) -> dict[str, Any]:
    return {
        "items": response.items,
        "request_id": request_id,
        "model_version": response.model_version,
        "variant": response.variant,
        "fallback": response.fallback,
        "unrecognised": response.unrecognised,
    }
