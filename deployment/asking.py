"""The first recommendation: KServe's own client asks the InferenceService's Service, by both protocols."""

import asyncio
from typing import Any, Final

from kserve import InferenceRESTClient, InferInput, InferRequest
from kserve.inference_client import RESTConfig

MODEL: Final = "recommender"
TIMEOUT_SECONDS: Final = 20


def recommendation(address: str, customer: str, k: int = 5) -> dict[str, Any]:
    """What the service recommends to a customer, and which model answered.

    Raises:
        httpx.HTTPError: It cannot be reached or refuses.
        ValueError: The two protocols answer differently.
    """
    first, second = asyncio.run(_both(address, customer, k))
    (prediction,) = first["predictions"]
    products = [item["product_id"] for item in prediction["items"]]
    by_tensors = [product for product in second.get_output_by_name("product_id").data if product]
    if products != by_tensors:
        raise ValueError(f"V1 answers {products}, V2 {by_tensors}.")
    return {"customer": customer, "products": products, "model_version": prediction["model_version"]}


async def _both(address: str, customer: str, k: int) -> tuple[Any, Any]:
    inputs = [InferInput("customer_id", [1], "BYTES", [customer]), InferInput("k", [1], "INT32", [k])]
    instance = {"customer_id": customer, "k": k}
    return (
        await _client("v1").infer(address, {"instances": [instance]}, model_name=MODEL),
        await _client("v2").infer(address, InferRequest(MODEL, inputs), model_name=MODEL),
    )


def _client(protocol: str) -> InferenceRESTClient:
    return InferenceRESTClient(RESTConfig(protocol=protocol, retries=0, timeout=TIMEOUT_SECONDS))
