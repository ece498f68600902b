"""KServe's own server for custom predictors: ``kserve.ModelServer``."""

import os
import uuid
from typing import Any

from kserve import InferOutput, InferRequest, InferResponse, Model, ModelServer
from kserve.protocol.rest.multiprocess.server import RESTServerProcess

from benchmarks.serving.peers.work import PeerWorkload

_PATIENCE_SECONDS = 60


class KServeRecommender(Model):
    """The engine as a KServe model; each worker process loads its own when the server hands the model over."""

    def __init__(self) -> None:
        super().__init__("recommender")
        self.ready = True
        self._work: PeerWorkload | None = None

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._work = PeerWorkload()

    async def predict(self, payload: InferRequest, headers: Any = None, response_headers: Any = None) -> InferResponse:  # noqa: ARG002
        """Tensors in, tensors out."""
        work = self._work = self._work or PeerWorkload()
        tensors = {tensor.name: tensor.data for tensor in payload.inputs}
        outputs = [
            InferOutput(one["name"], one["shape"], one["datatype"], one["data"])
            for one in work.outputs(tensors["customer_id"], tensors["k"][0])
        ]
        return InferResponse(payload.id or str(uuid.uuid4()), "recommender", outputs)


if __name__ == "__main__":
    # A worker that imports and loads for longer than five seconds is otherwise killed as hung, over and over.
    RESTServerProcess.is_alive.__defaults__ = (_PATIENCE_SECONDS,)
    ModelServer(
        http_port=int(os.environ["PORT"]),
        workers=int(os.environ["WORKERS"]),
        enable_grpc=False,
        enable_latency_logging=False,
    ).start([KServeRecommender()])
