"""Champion and challenger side by side: who is answered by whom, and a challenger that only watches."""

import asyncio
import json
import sqlite3

import httpx
import pytest
from starlette.testclient import TestClient

from recommender.contract.impressions import SHADOW, SHOWN
from recommender.contract.query import CHALLENGER, customer_hash, variant_of
from serving.answering.admission import AdmissionControl
from serving.answering.handler import RecommendationHandler
from serving.answering.requests import RecommendationRequest
from serving.answering.shadow import ShadowScorer
from serving.customers.source import NoCustomers
from serving.impressions.log import ImpressionLog
from serving.models.loaded_model import LoadedModel, ModelSlot
from serving.models.recommendation_cache import RecommendationCache
from serving.models.variants import VariantRouter
from serving.server.app import create_app, make_admission_control
from settings.experiment import ExperimentSettings
from settings.serving import ServingSettings

PREDICT, INFER = "/v1/models/recommender:predict", "/v2/models/recommender/infer"
EXPERIMENT = ExperimentSettings(name="spring", share=0.3)
CUSTOMERS = [f"c{number}" for number in range(60)]
DRAWN = {name for name in CUSTOMERS if variant_of(customer_hash(name), "spring", 0.3) == CHALLENGER}


@pytest.fixture
def trial(shop):
    """A shop with a challenger whose version is "new"."""
    champion, challenger = ModelSlot(), ModelSlot(CHALLENGER)
    newer = type(shop.engine)("new")
    champion._model = LoadedModel(shop.engine, RecommendationCache(shop.engine, 0))
    challenger._model = LoadedModel(newer, RecommendationCache(newer, 0), CHALLENGER)
    return champion, challenger


def handler(trial, log, experiment=EXPERIMENT, *, shadow=None):
    models = VariantRouter(*trial, experiment, shadow=shadow is not None)
    return RecommendationHandler(models, NoCustomers(), log, ServingSettings(), shadow)


def test_a_challenger_with_its_own_experiment_answers_whom_that_draws(trial, shop):
    own = ExperimentSettings(name="canary", share=0.1)
    trial[1].set_experiment(own)

    answers = (
        handler(trial, shop.impressions).respond([RecommendationRequest(name, 2) for name in CUSTOMERS], "r").responses
    )

    drawn = {name for name in CUSTOMERS if variant_of(customer_hash(name), "canary", 0.1) == CHALLENGER}
    assert drawn
    assert {n for n, answer in zip(CUSTOMERS, answers, strict=True) if answer.variant == CHALLENGER} == drawn


def test_each_customer_keeps_the_drawn_variant_in_every_request(trial, shop):
    asked = handler(trial, shop.impressions)

    for names in (CUSTOMERS, CUSTOMERS[::-1], CUSTOMERS[:1], CUSTOMERS[7:9]):
        answers = asked.respond([RecommendationRequest(name, 2) for name in names], "r").responses
        of = dict(zip(names, (answer.variant for answer in answers), strict=True))
        assert {name for name, variant in of.items() if variant == CHALLENGER} == DRAWN & {*names}
        versions = {(answer.variant, answer.model_version) for answer in answers}
        assert versions <= {("champion", shop.engine.version), ("challenger", "new")}

    assert 5 < len(DRAWN) < 40
    logged = {(impression.customer, impression.variant) for impression in shop.impressions}
    assert {who for who, variant in logged if variant == CHALLENGER} == {customer_hash(name) for name in DRAWN}
    assert len(logged) == len(CUSTOMERS)


def test_each_model_answers_its_own_customers_and_responses_are_in_order(trial, shop):
    requests = [RecommendationRequest(name, 1 + place % 4) for place, name in enumerate(CUSTOMERS)]

    answers = handler(trial, shop.impressions).respond(requests, "r").responses

    assert {query.customer_id for query in trial[1].model.engine.asked} == DRAWN
    assert {query.customer_id for query in shop.engine.asked} == {*CUSTOMERS} - DRAWN
    assert [len(answer.items) for answer in answers] == [request.k for request in requests]


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_anonymous_requests_are_answered_by_the_champion(trial, shop, share):
    asked = handler(trial, shop.impressions, ExperimentSettings(share=share))

    assert [
        answer.variant
        for answer in asked.respond([RecommendationRequest("", 1), RecommendationRequest("ann", 1)], "r").responses
    ] == [
        "champion",
        "challenger" if share else "champion",
    ]


def test_the_champion_answers_the_customers_of_a_withdrawn_challenger(trial, shop):
    asked = handler(trial, shop.impressions)

    trial[1].clear()

    answers = asked.respond([RecommendationRequest(name, 1) for name in CUSTOMERS], "r").responses
    assert {(answer.variant, answer.model_version) for answer in answers} == {("champion", shop.engine.version)}


def test_both_protocols_say_which_model_answered_whom(trial, shop):
    client = TestClient(create_app(handler(trial, shop.impressions), ServingSettings()))
    one, other = sorted(DRAWN)[0], next(name for name in CUSTOMERS if name not in DRAWN)

    v1 = client.post(PREDICT, json={"instances": [{"customer_id": one}, {"customer_id": other}]}).json()["predictions"]
    assert [answer["variant"] for answer in v1] == ["challenger", "champion"]
    for names, variant, version in (
        ([one, other], "challenger,champion", f"new,{shop.engine.version}"),
        ([one, one], "challenger", "new"),
    ):
        tensor = {"name": "customer_id", "datatype": "BYTES", "shape": [2], "data": names}
        v2 = client.post(INFER, json={"inputs": [tensor]}).json()
        assert (v2["parameters"]["variant"], v2["parameters"]["model_version"]) == (variant, version)


def test_a_challenger_in_shadow_mode_answers_nobody_and_scores_everybody_after_the_response(trial, tmp_path):
    logs = {table: ImpressionLog(tmp_path / "log.db", 1000, 0.01, table) for table in (SHOWN, SHADOW)}
    shadow = ShadowScorer(lambda: admission.idle, logs[SHADOW], capacity=1000)
    asked = handler(trial, logs[SHOWN], shadow=shadow)
    admission = make_admission_control(asked, ServingSettings())
    app = create_app(asked, ServingSettings(), admission)

    async def ask():
        task = asyncio.create_task(shadow.run())
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://shop") as client:
            body = {"instances": [{"customer_id": name} for name in CUSTOMERS]}
            answers = (await client.post(PREDICT, json=body, headers={"x-request-id": "r7"})).json()["predictions"]
            scored_by_then = len(trial[1].model.engine.asked)
            while len(trial[1].model.engine.asked) < len(CUSTOMERS):
                await asyncio.sleep(0.001)
        task.cancel()
        return answers, scored_by_then

    answers, scored_by_then = asyncio.run(asyncio.wait_for(ask(), 30))
    for log in logs.values():
        log.start()
        log.stop()

    assert {answer["variant"] for answer in answers} == {"champion"}
    assert scored_by_then == 0
    with sqlite3.connect(tmp_path / "log.db") as connection:
        rows = {table: connection.execute(f"SELECT * FROM {table}").fetchall() for table in logs}
    connection.close()
    assert {row[3] for row in rows[SHOWN]} == {"champion"}
    assert {(row[0], row[3], row[4]) for row in rows[SHADOW]} == {("r7", "challenger", "new")}
    assert [row[2] for row in rows[SHADOW]] == [row[2] for row in rows[SHOWN]] == [customer_hash(c) for c in CUSTOMERS]
    assert all(json.loads(row[5]) for row in rows[SHADOW])


def test_the_shadow_scorer_waits_while_requests_are_answered_and_drops_what_it_cannot_hold(trial, shop):
    admission = AdmissionControl(list, capacity=10, maximum_wait_seconds=60)
    shadow = ShadowScorer(lambda: admission.idle, shop.impressions, capacity=2)
    asked = handler(trial, shop.impressions, shadow=shadow)
    asked.respond([RecommendationRequest(name, 1) for name in CUSTOMERS], "r")
    watching = trial[1].model.engine

    async def busy_then_idle():
        task = asyncio.create_task(shadow.run())
        busy = asyncio.create_task(requests_without_end())
        await asyncio.sleep(0.05)
        scored = len(watching.asked)
        busy.cancel()
        while len(watching.asked) < 2:
            await asyncio.sleep(0.001)
        task.cancel()
        return scored

    async def requests_without_end():
        while True:
            await admission.submit(None)
            await asyncio.sleep(0)

    assert asyncio.run(asyncio.wait_for(busy_then_idle(), 30)) == 0
    assert len(watching.asked) == 2


def test_the_shadow_scorer_sleeps_while_nobody_is_to_be_scored(trial, shop, monkeypatch):
    looks, sleep = [], asyncio.sleep

    async def counted(seconds):
        looks.append(seconds)
        await sleep(0)

    shadow = ShadowScorer(lambda: True, shop.impressions, capacity=9)
    asked = handler(trial, shop.impressions, shadow=shadow)
    monkeypatch.setattr(asyncio, "sleep", counted)

    async def nothing_then_something():
        task = asyncio.create_task(shadow.run())
        for _ in range(20):
            await sleep(0)
        before = len(looks)
        for number in (1, 2):
            asked.respond([RecommendationRequest("ann", 1)], "r")
            while len(trial[1].model.engine.asked) < number:
                await sleep(0)
            for _ in range(20):
                await sleep(0)
        task.cancel()
        return before

    assert asyncio.run(asyncio.wait_for(nothing_then_something(), 30)) == 0
    assert 0 < len(looks) < 20


def test_a_challenger_that_fails_in_shadow_mode_harms_no_request(trial, shop, monkeypatch):
    def fail(*_, **__):
        raise KeyError("secret-customer")

    shadow = ShadowScorer(lambda: True, shop.impressions, capacity=9)
    asked = handler(trial, shop.impressions, shadow=shadow)
    monkeypatch.setattr(trial[1].model.engine, "recommend", fail, raising=False)

    async def score():
        task = asyncio.create_task(shadow.run())
        asked.respond([RecommendationRequest("ann", 1)], "r")
        while shadow._waiting:
            await asyncio.sleep(0.001)
        await asyncio.sleep(0.01)
        assert not task.done()
        task.cancel()

    asyncio.run(score())
