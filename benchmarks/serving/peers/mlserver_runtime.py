"""MLServer's way to serve one's own code: an ``MLModel``."""

# pyright: reportMissingImports=false
# It stands in an environment of its own.
from mlserver import MLModel
from mlserver.types import InferenceRequest, InferenceResponse, ResponseOutput

from benchmarks.serving.peers.work import PeerWorkload


class MLServerRecommender(MLModel):
    """The engine as an MLServer runtime."""

    async def load(self) -> bool:
        """Load the engine in this worker."""
        self._work = PeerWorkload()
        return True

    async def predict(self, payload: InferenceRequest) -> InferenceResponse:
        """Tensors in, tensors out."""
        tensors = {tensor.name: list(tensor.data) for tensor in payload.inputs}
        outputs = [ResponseOutput(**one) for one in self._work.outputs(tensors["customer_id"], tensors["k"][0])]
        return InferenceResponse(model_name=self.name, outputs=outputs)
