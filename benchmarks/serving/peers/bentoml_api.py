"""BentoML as its documentation begins: a typed method under ``@bentoml.api``, everything else as delivered."""

import os
from typing import Any

import bentoml
from pydantic import BaseModel

from benchmarks.serving.peers.work import PeerWorkload


class InputTensor(BaseModel):
    """An input of protocol V2."""

    name: str
    shape: list[int]
    datatype: str
    data: list[Any]


class RequestedOutput(BaseModel):
    """An output that is asked for."""

    name: str


@bentoml.service(name="plain", workers=int(os.environ["WORKERS"]))  # pyright: ignore[reportUntypedClassDecorator]
class PlainService:
    """The engine behind BentoML's own route."""

    def __init__(self) -> None:
        self._work = PeerWorkload()

    @bentoml.api(route="/v2/models/recommender/infer")
    def infer(self, inputs: list[InputTensor], outputs: list[RequestedOutput]) -> dict[str, Any]:  # noqa: ARG002
        """Tensors in, tensors out."""
        tensors = {tensor.name: tensor.data for tensor in inputs}
        return {"outputs": self._work.outputs(tensors["customer_id"], tensors["k"][0])}
