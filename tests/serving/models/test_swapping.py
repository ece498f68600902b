"""Models are swapped under load: every request is answered, each answer by one model whole."""

import threading
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import numpy as np
import pytest
from starlette.testclient import TestClient

from infrastructure.errors import BundleError
from infrastructure.files import write_json
from recommender.contract.query import CHALLENGER, Item, Recommendation
from recommender.engine import engine
from recommender.models.avoidances import Avoidances
from serving.answering.handler import RecommendationHandler
from serving.customers.source import NoCustomers
from serving.models.champion_watcher import ChampionWatcher
from serving.models.loaded_model import ModelSlot
from serving.models.variants import VariantRouter
from serving.server.app import create_app
from settings.experiment import ExperimentSettings
from settings.serving import ServingSettings

PREDICT = "/v1/models/recommender:predict"
SWAPS = 10
CUSTOMERS = [f"c{number}" for number in range(8)]


class TellingEngine:
    """Recommends a product that is named after the model."""

    avoidances = Avoidances.from_declared({})
    catalogue = SimpleNamespace(ingredients_known=np.ones(1, bool), index={})

    def __init__(self, version):
        self.version = version

    @classmethod
    def load(cls, folder):
        if not (folder / "version").is_file():
            raise BundleError("A file is missing from the bundle.")
        return cls((folder / "version").read_text())

    def recommend(self, queries, reasons=True):  # noqa: ARG002
        SWITCHED.wait(0.001)  # lets the other threads run in the middle of an answer
        return [Recommendation(query.customer_id, (Item(f"of {self.version}", 1.0),), "popular") for query in queries]


SWITCHED = threading.Event()


@pytest.fixture
def workspace(tmp_path, monkeypatch):
    monkeypatch.setattr(engine, "Engine", TellingEngine)
    return tmp_path


def point(workspace, variant, version):
    folder = workspace / version
    folder.mkdir(exist_ok=True)
    if not version.startswith("bad"):
        (folder / "version").write_text(version)
    pointer = workspace / f"{variant}.json"
    write_json(pointer, {"bundle": version})
    return pointer


def test_ten_swaps_of_both_variants_under_load_fail_no_request_and_mix_no_models(workspace):
    holders = {"champion": ModelSlot(), "challenger": ModelSlot(CHALLENGER)}
    watches = {
        variant: ChampionWatcher(point(workspace, variant, f"{variant}-0"), holder, seconds=60)
        for variant, holder in holders.items()
    }
    for watch in watches.values():
        watch.look()
    models = VariantRouter(*holders.values(), ExperimentSettings(share=0.5))
    handler = RecommendationHandler(models, NoCustomers(), SimpleNamespace(add=lambda _: None), ServingSettings())
    over = threading.Event()

    def ask(_):
        """Ask as one client on a loop of its own until the swaps are over; every answer."""
        client, found = TestClient(create_app(handler, ServingSettings())), []
        while not over.is_set():
            found.append(client.post(PREDICT, json={"instances": [{"customer_id": name} for name in CUSTOMERS]}))
        return found

    seen = threading.Event()
    with ThreadPoolExecutor(4) as pool:
        asking = [pool.submit(ask, number) for number in range(4)]
        try:
            for number in range(1, SWAPS + 1):
                for variant, watch in watches.items():
                    point(workspace, variant, f"{variant}-{number}")
                    watch.look()
                    point(workspace, variant, f"bad-{variant}-{number}")
                    watch.look()
                seen.wait(0.01)
        finally:
            over.set()
    answers = [answer for future in asking for answer in future.result()]

    assert {answer.status_code for answer in answers} == {200}
    predictions = [prediction for answer in answers for prediction in answer.json()["predictions"]]
    for prediction in predictions:
        assert [item["product_id"] for item in prediction["items"]] == [f"of {prediction['model_version']}"]
        assert prediction["model_version"].startswith(f"{prediction['variant']}-")
    for answer in answers:
        told = {(p["variant"], p["model_version"]) for p in answer.json()["predictions"]}
        assert len(told) == len({variant for variant, _ in told}), "one request, one model a variant"
    assert len({prediction["model_version"] for prediction in predictions}) > 2
    assert {holder.model.engine.version for holder in holders.values()} == {f"{v}-{SWAPS}" for v in holders}
