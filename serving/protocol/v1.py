"""Open Inference Protocol V1: named instances in, one prediction each out."""

from typing import Annotated, Any

from pydantic import Field

from serving.answering.answering import Answer, Reply
from serving.answering.messages import Instance, Message, parse
from serving.answering.requests import Wish


class PredictRequest(Message):
    """The body of ``POST /v1/models/{name}:predict``."""

    instances: Annotated[tuple[Instance, ...], Field(min_length=1)]


def decode(body: bytes, default_k: int) -> list[Wish]:
    """The wishes in a request's body.

    Raises:
        RequestError: It is no such request.
    """
    return [Wish.of(instance, default_k) for instance in parse(PredictRequest, body).instances]


def encode(reply: Reply) -> dict[str, Any]:
    """The answer as the protocol wants it, ready for JSON."""
    return {"predictions": [_prediction(answer, reply.request_id) for answer in reply.answers]}


def _prediction(answer: Answer, request_id: str) -> dict[str, Any]:
    return {
        "items": answer.items,
        "request_id": request_id,
        "model_version": answer.model_version,
        "variant": answer.variant,
        "fallback": answer.fallback,
    }
