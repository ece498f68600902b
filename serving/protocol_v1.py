"""Open Inference Protocol V1: named instances in, one prediction each out."""

from typing import Annotated, Any

from pydantic import Field

from serving.answering import Reply
from serving.contract import Instance, Message, parse
from serving.wishes import Wish


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
    common = {"request_id": reply.request_id, "model_version": reply.model_version, "variant": reply.variant}
    return {"predictions": [{"items": answer.items, **common, "fallback": answer.fallback} for answer in reply.answers]}
