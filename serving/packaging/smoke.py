"""Smoke test of a built Bento: it is served as in production and asked as an application would ask it."""

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Final

import httpx

from infrastructure.errors import BundleError
from infrastructure.progress import timed
from infrastructure.workspace.online_store import ONLINE_STORE
from recommender.contract.query import Profile, Query
from recommender.engine.engine import Engine
from serving.answering.handler import STORE_UNAVAILABLE
from serving.packaging.process import serve_bento
from serving.server.app import MODEL
from serving.server.environment import BUNDLE_FOLDER

STORE_WAIT_SECONDS: Final = 30.0
"""How long the online store may be slow: a busy machine is not the model's fault."""
RETRY_SECONDS: Final = 1.0
UNKNOWN_CUSTOMER: Final = Query(
    "smoke-test", profile=Profile(skin_type="dry", avoided_ingredients=("fragrance", "parabens"))
)


def smoke(bento: Path, known: Sequence[Query], online_store: str) -> None:
    """Serve the Bento, ask it by both versions of the protocol for customers that the online store knows, and stop it.

    Raises:
        BundleError: It does not get ready, serves another model, does not know a known customer, answers the
            two versions of the protocol differently, or breaks a rule.
    """
    engine = Engine.load(bento / "src" / BUNDLE_FOLDER)
    with (
        timed("asked", customers=len(known) + 1) as figures,
        serve_bento(bento.absolute(), {ONLINE_STORE: online_store}) as address,
        httpx.Client(base_url=address, timeout=30) as client,
    ):
        figures["products"] = check_service(client, engine, known)


def check_service(client: httpx.Client, engine: Engine, known: Sequence[Query]) -> int:
    """Ask a running service for the known customers and an unknown one; how many products came back.

    Raises:
        BundleError: As :func:`smoke`.
    """
    _check_version(client, engine.version)
    return sum(_check_answer(client, engine, query) for query in [*known, UNKNOWN_CUSTOMER])


def _check_version(client: httpx.Client, expected: str) -> None:
    versions = _json(client.get(f"/v2/models/{MODEL}"))["versions"]
    if versions != [expected]:
        raise BundleError(
            "The Bento serves another model.", where=str(client.base_url), value=versions, expected=expected
        )


def _check_answer(client: httpx.Client, engine: Engine, query: Query) -> int:
    """Ask for one customer by V1 and V2; how many products came back."""
    first, second = _ask_v1(client, query), _ask_v2(client, query)
    if first != second:
        raise BundleError(
            "V1 and V2 of the protocol should give the same products.",
            where=query.customer_id,
            value=[first, second],
        )
    # Empty is right where the rules leave nothing: a customer who avoids an ingredient sees no product without a label.
    if not first and engine.recommend([query], reasons=False)[0].items:
        raise BundleError("The Bento answers with nothing.", where=query.customer_id)
    broken = engine.rules.check(replace(query, now=int(time.time())), first)
    if broken:
        raise BundleError("An answer breaks a rule.", where=query.customer_id, value=broken)
    return len(first)


def _ask_v1(client: httpx.Client, query: Query) -> list[str]:
    answer, until = _predict(client, query), time.monotonic() + STORE_WAIT_SECONDS
    while answer["fallback"] == STORE_UNAVAILABLE and time.monotonic() < until:
        time.sleep(RETRY_SECONDS)
        answer = _predict(client, query)
    if query is not UNKNOWN_CUSTOMER and answer["fallback"]:
        raise BundleError("The Bento does not know a customer.", where=query.customer_id, value=answer["fallback"])
    return [item["product_id"] for item in answer["items"]]


def _predict(client: httpx.Client, query: Query) -> Any:
    body = {"instances": [{"customer_id": query.customer_id, "k": query.k, "profile": _profile(query)}]}
    return _json(client.post(f"/v1/models/{MODEL}:predict", json=body))["predictions"][0]


def _ask_v2(client: httpx.Client, query: Query) -> list[str]:
    inputs = [
        {"name": "customer_id", "datatype": "BYTES", "shape": [1], "data": [query.customer_id]},
        {"name": "k", "datatype": "INT32", "shape": [1], "data": [query.k]},
        {"name": "profile", "datatype": "BYTES", "shape": [1], "data": [json.dumps(_profile(query))]},
    ]
    answer = _json(client.post(f"/v2/models/{MODEL}/infer", json={"inputs": inputs}))
    outputs = {output["name"]: output["data"] for output in answer["outputs"]}
    return [product_id for product_id in outputs["product_id"] if product_id]


def _profile(query: Query) -> Mapping[str, Any]:
    """The profile in a request; a known customer's must come from the online store."""
    if query is not UNKNOWN_CUSTOMER:
        return {}
    return {name: value for name, value in asdict(query.profile).items() if value not in (None, ())}


def _json(answer: httpx.Response) -> Any:
    if answer.is_error:
        raise BundleError(
            "The Bento refused a request.", where=str(answer.url), value=f"{answer.status_code} {answer.text}"
        )
    return answer.json()
