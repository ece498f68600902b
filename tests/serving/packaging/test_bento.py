"""A real bundle of a tiny shop, packaged, served by ``bentoml serve`` and asked over HTTP."""

import asyncio
import json
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pandas as pd
import pytest
from kserve import InferenceRESTClient, InferInput, InferRequest
from kserve.inference_client import RESTConfig

from infrastructure.errors import BundleError
from infrastructure.files import sha256, write_json
from recommender.contract import columns as c
from recommender.data.cleaning.prepare import prepare
from recommender.data.raw_tables import RawTables
from recommender.engine.engine import Engine
from recommender.training.bundles import fit_on_everything
from serving.packaging.package import build_bento
from serving.packaging.process import serve_bento
from settings.config import Config

CONFIG = {"model": {"ranker": {"enabled": False}}}
# Imports the service where nothing is installed but what the serving image holds (LightGBM takes pandas and
# scikit-learn where it finds them), and prints which files of ours that took.
IN_THE_IMAGE = """
import json, sys
ABSENT = {"pandas", "pyarrow", "duckdb", "sklearn", "jax", "implicit", "feast", "kfp", "kserve", "dask"}

class Absent:
    def find_spec(self, name, path, target=None):
        if name.split(".")[0] in ABSENT:
            raise ModuleNotFoundError(name, name=name)

editable = [finder for finder in sys.meta_path if "editable" in getattr(finder, "__module__", "")]
sys.meta_path = [Absent(), *(finder for finder in sys.meta_path if finder not in editable)]
sys.path.insert(0, sys.argv[1])
import recommender.engine.engine, serving.service
ours = [module for name, module in sys.modules.items() if name.split(".")[0] in ("serving", "recommender")]
print(json.dumps([module.__file__ for module in ours]))
"""
DOCUMENTS = [Path("docs/serving/requests.md")]
PERFUMED = {"p1", "p4", "p7"}


def tables(customers):
    products = pd.DataFrame(
        {
            c.PRODUCT_ID: [f"p{i}" for i in range(10)],
            c.NAME: [f"{kind} {i}" for i, kind in enumerate(["cream", "serum"] * 5)],
            c.INGREDIENTS: [["aqua", "parfum"] if f"p{i}" in PERFUMED else ["aqua", "niacinamide"] for i in range(10)],
            c.PRICE: [10.0 + i for i in range(10)],
        }
    )
    bought = [(f"c{i}", f"p{(i + step) % 10}", step) for i in range(customers) for step in range(3)]
    transactions = pd.DataFrame(bought, columns=[c.CUSTOMER_ID, c.PRODUCT_ID, "day"])
    transactions[c.TRANSACTION_ID] = [f"t{i}" for i in range(len(transactions))]
    transactions[c.TIME] = pd.Timestamp("2025-01-01", tz="UTC") + pd.to_timedelta(transactions.pop("day"), unit="D")
    transactions[c.QUANTITY] = 1
    raw = RawTables("tiny", {c.PRODUCTS: products, c.TRANSACTIONS: transactions})
    return prepare(raw, Config()).tables


def fit(folder, customers):
    fit_on_everything(tables(customers), Config.parse(CONFIG, where="test"), folder)
    return folder


@pytest.fixture(scope="module")
def bundle(tmp_path_factory):
    return fit(tmp_path_factory.mktemp("bundles") / "one", customers=40)


@pytest.fixture(scope="module")
def bento(bundle, tmp_path_factory):
    target = tmp_path_factory.mktemp("bentos") / "one"
    build_bento(bundle, target)
    return target


def contents(folder):
    return {str(path.relative_to(folder)): sha256(path) for path in folder.rglob("*") if path.is_file()}


def test_the_same_bundle_gives_the_same_bytes(bundle, bento, tmp_path):
    build_bento(bundle, tmp_path / "again")

    assert contents(tmp_path / "again") == contents(bento)


def test_the_bento_contains_nothing_of_this_machine(bento):
    texts = [path.read_bytes() for path in bento.rglob("*") if path.is_file()]

    here = [str(Path.cwd()).encode(), sys.prefix.encode(), b"--index-url"]
    assert not [word for word in here for text in texts if word in text]


def test_every_user_can_read_it(bento):
    """In a pod it is served by another user than the one who built it."""
    assert [path for path in bento.rglob("*") if path.stat().st_mode & 0o444 != 0o444] == []


def test_without_a_bundle_nothing_is_built(tmp_path):
    with pytest.raises(BundleError, match="no bundle"):
        build_bento(tmp_path / "none", tmp_path / "bento")

    assert list(tmp_path.iterdir()) == []


def test_the_bento_needs_only_itself_and_the_serving_requirements(bento):
    """As in the image: this project is not installed there, and neither are pandas and its like."""
    command = [sys.executable, "-c", IN_THE_IMAGE, str(bento / "src")]
    result = subprocess.run(command, capture_output=True, text=True, cwd=bento)

    assert result.returncode == 0, result.stderr
    assert all(file.startswith(str(bento / "src")) for file in json.loads(result.stdout))


@pytest.mark.slow
def test_the_bento_answers_by_both_protocols_and_changes_none_of_its_files(bento, bundle, tmp_path):
    before = contents(bento)
    log = tmp_path / "log.db"
    with serve_bento(bento, {"IMPRESSIONS_LOG": str(log)}) as address:
        v1 = asyncio.run(_ask_v1(address))
        v2 = asyncio.run(_ask_v2(address))
        examples = [_example(document, address) for document in DOCUMENTS]
        nowhere = httpx.get(f"{address}/nowhere")
        metrics = httpx.get(f"{address}/metrics").text

    (prediction,) = v1["predictions"]
    products = [item["product_id"] for item in prediction["items"]]
    assert len(products) == 5
    assert not PERFUMED & set(products)
    assert prediction["model_version"] == Engine.load(bundle).version
    assert [p for p in v2.get_output_by_name("product_id").data if p] == products
    assert [example["answer"].model_name for example in examples] == ["recommender"]
    assert (nowhere.status_code, nowhere.json()) == (404, {"error": "Not Found"})
    assert 'recommender_requests_total{protocol="v1",status="200"} 1.0' in metrics
    assert log.is_file()
    assert contents(bento) == before


@pytest.mark.slow
def test_a_new_champion_is_served_without_a_failed_request_and_a_broken_one_is_refused(bento, bundle, tmp_path):
    shutil.copytree(bundle, tmp_path / "one")
    fit(tmp_path / "two", customers=60)
    shutil.copytree(tmp_path / "two", tmp_path / "broken")
    (tmp_path / "broken" / "names.json").write_text("{}")
    pointer = tmp_path / "champion.json"
    write_json(pointer, {"bundle": "one"})
    settings = {"CHAMPION": str(pointer), "SERVING_SETTINGS": '{"reload_seconds": 0.05}'}
    with serve_bento(bento, settings) as address, httpx.Client(base_url=address) as client:
        assert _version(client) == Engine.load(bundle).version

        write_json(pointer, {"bundle": "two"})
        second = Engine.load(tmp_path / "two").version
        assert _wait_for(lambda: _version(client) == second)

        write_json(pointer, {"bundle": "broken"})
        assert _wait_for(
            lambda: (
                'recommender_model_swaps_total{result="refused",variant="champion"} 1.0' in client.get("/metrics").text
            )
        )
        assert _version(client) == second


def _wait_for(condition, seconds=20):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
    return False


def _version(client):
    answer = client.post("/v1/models/recommender:predict", json={"instances": [{"customer_id": "c1"}]})
    answer.raise_for_status()
    return answer.json()["predictions"][0]["model_version"]


def _client(protocol):
    return InferenceRESTClient(RESTConfig(protocol=protocol, retries=0, timeout=20))


def _example(document, address):
    """What the document's Python example leaves behind, asked of ``address``."""
    (code,) = re.findall(r"```python\n(.*?)```", document.read_text(), flags=re.DOTALL)
    assert "http://localhost:3000" in code
    found = {}
    exec(code.replace("http://localhost:3000", address), found)
    return found


async def _ask_v1(address):
    profile = {"recent": ["p0", "p2"], "avoided_ingredients": ["fragrance"]}
    return await _client("v1").infer(
        address, {"instances": [{"customer_id": "new", "k": 9, "profile": profile}]}, model_name="recommender"
    )


async def _ask_v2(address):
    profile = json.dumps({"recent": ["p0", "p2"], "avoided_ingredients": ["fragrance"]})
    inputs = [
        InferInput("customer_id", [1], "BYTES", ["new"]),
        InferInput("k", [1], "INT32", [9]),
        InferInput("profile", [1], "BYTES", [profile]),
    ]
    return await _client("v2").infer(address, InferRequest("recommender", inputs), model_name="recommender")
