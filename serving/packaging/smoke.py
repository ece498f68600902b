"""Smoke test of a built Bento: it is served as in production and asked as an application would."""

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import httpx

from infrastructure.errors import BundleError
from infrastructure.progress import timed
from infrastructure.workspace.online_store import ONLINE_STORE
from recommender.contract.query import Profile, Query
from recommender.engine.engine import Engine
from serving.answering.answering import STORE_UNAVAILABLE
from serving.packaging.process import served
from serving.server.app import MODEL
from serving.server.environment import BUNDLE_FOLDER

PATIENCE_SECONDS: Final = 30.0
"""How long the online store may be slow: a busy machine is no fault of the model."""
RETRY_SECONDS: Final = 1.0
STRANGER: Final = Query("smoke-test", profile=Profile(skin_type="dry", avoided_ingredients=("fragrance", "parabens")))


def smoke(bento: Path, known: Sequence[Query], online_store: str) -> None:
    """Serve the Bento on a free port, ask it by both versions of the protocol, and stop it in any case.

    Args:
        bento: Folder of the Bento.
        known: Customers that the online store knows, with what they have and avoid.
        online_store: Feast's SQLite file, or the address of its Redis.

    Raises:
        BundleError: It does not get ready, serves another model, does not know a known customer, answers the
            two versions of the protocol differently, or breaks a rule.
    """
    engine = Engine.load(bento / "src" / BUNDLE_FOLDER)
    with (
        timed("asked", customers=len(known) + 1) as figures,
        served(bento.absolute(), {ONLINE_STORE: online_store}) as address,
        httpx.Client(base_url=address, timeout=30) as client,
    ):
        figures["products"] = ask(client, engine, known)


def ask(client: httpx.Client, engine: Engine, known: Sequence[Query]) -> int:
    """Ask a running service for the known customers and a stranger; how many products came back.

    Raises:
        BundleError: As :func:`smoke`.
    """
    _check_version(client, engine.version)
    return sum(_check_answer(client, engine, query) for query in [*known, STRANGER])


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
    # Empty is right where the rules leave nothing: who avoids an ingredient is shown no product without a label.
    if not first and engine.recommend([query], reasons=False)[0].items:
        raise BundleError("The Bento answers with nothing.", where=query.customer_id)
    broken = engine.rules.check(replace(query, now=int(time.time())), first)
    if broken:
        raise BundleError("An answer breaks a rule.", where=query.customer_id, value=broken)
    return len(first)


def _ask_v1(client: httpx.Client, query: Query) -> list[str]:
    answer, until = _predicted(client, query), time.monotonic() + PATIENCE_SECONDS
    while answer["fallback"] == STORE_UNAVAILABLE and time.monotonic() < until:
        time.sleep(RETRY_SECONDS)
        answer = _predicted(client, query)
    if query is not STRANGER and answer["fallback"]:
        raise BundleError("The Bento does not know a customer.", where=query.customer_id, value=answer["fallback"])
    return [item["product_id"] for item in answer["items"]]


def _predicted(client: httpx.Client, query: Query) -> Any:
    body = {"instances": [{"customer_id": query.customer_id, "k": query.k, "profile": _profile(query)}]}
    return _json(client.post(f"/v1/models/{MODEL}:predict", json=body))["predictions"][0]


def _ask_v2(client: httpx.Client, query: Query) -> list[str]:
    inputs = [
        {"name": "customer_id", "datatype": "BYTES", "shape": [1], "data": [query.customer_id]},
        {"name": "k", "datatype": "INT32", "shape": [1], "data": [query.k]},
        {"name": "profile", "datatype": "BYTES", "shape": [1], "data": [json.dumps(_profile(query))]},
    ]
    answer = _json(client.post(f"/v2/models/{MODEL}/infer", json={"inputs": inputs}))
    found = {output["name"]: output["data"] for output in answer["outputs"]}
    return [product_id for product_id in found["product_id"] if product_id]


def _profile(query: Query) -> Mapping[str, Any]:
    """What a request says of a customer; the rest must come from the online store."""
    return {} if query is not STRANGER else {"skin_type": "dry", "avoided_ingredients": ["fragrance", "parabens"]}


def _json(answer: httpx.Response) -> Any:
    if answer.is_error:
        raise BundleError(
            "The Bento refused a request.", where=str(answer.url), value=f"{answer.status_code} {answer.text}"
        )
    return answer.json()
