"""A sample request for recommendations: KServe's own client asks a service, by both protocols.

It runs in the Job that ends a deployment, as an application in the cluster would ask.
"""

import asyncio
from typing import Any, Final

from kserve import InferenceRESTClient, InferInput, InferRequest
from kserve.inference_client import RESTConfig

MODEL: Final = "recommender"
TIMEOUT_SECONDS: Final = 20


def request_recommendations(address: str, customer: str, k: int = 5) -> dict[str, Any]:
    """The products that the service recommends to a customer, and the version of the model that answered.

    Raises:
        httpx.HTTPError: It cannot be reached or refuses.
        ValueError: The two protocols answer differently.
    """
    v1, v2 = asyncio.run(_ask_both(address, customer, k))
    (prediction,) = v1["predictions"]
    products = [item["product_id"] for item in prediction["items"]]
    tensor_products = [product for product in v2.get_output_by_name("product_id").data if product]
    if products != tensor_products:
        raise ValueError(f"V1 answers {products}, V2 {tensor_products}.")
    return {"customer": customer, "products": products, "model_version": prediction["model_version"]}


async def _ask_both(address: str, customer: str, k: int) -> tuple[Any, Any]:
    inputs = [InferInput("customer_id", [1], "BYTES", [customer]), InferInput("k", [1], "INT32", [k])]
    instance = {"customer_id": customer, "k": k}
    return (
        await _client("v1").infer(address, {"instances": [instance]}, model_name=MODEL),
        await _client("v2").infer(address, InferRequest(MODEL, inputs), model_name=MODEL),
    )


def _client(protocol: str) -> InferenceRESTClient:
    return InferenceRESTClient(RESTConfig(protocol=protocol, retries=0, timeout=TIMEOUT_SECONDS))
