"""Bare uvicorn and Starlette: one route that checks nothing, so the least that HTTP and JSON cost."""

import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from benchmarks.serving.peers.work import PeerWorkload

work = PeerWorkload()


async def infer(request: Request) -> Response:
    """Tensors in, tensors out."""
    tensors = {tensor["name"]: tensor["data"] for tensor in orjson.loads(await request.body())["inputs"]}
    outputs = work.outputs(tensors["customer_id"], tensors["k"][0])
    return Response(orjson.dumps({"outputs": outputs}), media_type="application/json")


app = Starlette(routes=[Route("/v2/models/recommender/infer", infer, methods=["POST"])])
