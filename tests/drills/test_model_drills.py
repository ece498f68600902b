"""The model changes, or ought not to, while customers ask."""

import os
import signal

import httpx
import psutil
import pytest

from recommender.engine.engine import Engine
from serving.packaging.process import serve_bento
from tests.support.drilling import (
    BODY,
    CONNECTION_BROKE,
    CONNECTIONS,
    PREDICT,
    WORKERS,
    copied,
    counted,
    point,
    traffic,
    wait_until,
    workers,
)

SWAPS = 10
TAKEN = 'recommender_model_swaps_total{result="taken"'
REFUSED = 'recommender_model_swaps_total{result="refused"'
pytestmark = [pytest.mark.drill, pytest.mark.slow]


def version(address):
    return httpx.get(f"{address}/v2/models/recommender", timeout=10).json()["versions"]


def products(predictions):
    return [[item["product_id"] for item in prediction["items"]] for prediction in predictions]


def everyone_serves(address, wanted):
    """Whether many connections, so every worker, find this version."""
    return all(version(address) == [wanted] for _ in range(10 * WORKERS))


def test_ten_swaps_fail_no_request_and_mix_no_two_models(bento, bundles, tmp_path, note):
    pointer = tmp_path / "champion.json"
    versions = [Engine.load(bundle).version for bundle in bundles]
    point(pointer, bundles[0])
    settings = '{"reload_seconds": 0.1, "maximum_wait_seconds": 30}'
    with serve_bento(bento, {"CHAMPION": str(pointer), "SERVING_SETTINGS": settings}, workers=WORKERS) as address:
        right = {}
        for bundle, name in zip(bundles, versions, strict=True):
            point(pointer, bundle)
            wait_until(lambda name=name: everyone_serves(address, name))
            right[name] = products(httpx.post(address + PREDICT, json=BODY, timeout=10).json()["predictions"])
        assert right[versions[0]] != right[versions[1]]

        with traffic(address) as running:
            for turn in range(SWAPS):
                before = counted(address, TAKEN)
                point(pointer, bundles[turn % 2])
                wait_until(lambda before=before: counted(address, TAKEN) >= before + WORKERS)
                running.wait_for(2 * CONNECTIONS)

    assert not running.failed
    assert not running.refused
    seen = set()
    for answer in running.answers:
        (answered_by,) = {prediction["model_version"] for prediction in answer.predictions}
        assert products(answer.predictions) == right[answered_by]
        seen.add(answered_by)
    assert seen == {*versions}
    note(running.figures(f"{SWAPS} hot swaps"))


def test_a_corrupt_bundle_is_refused_and_the_old_model_continues(bento, bundles, tmp_path, note):
    pointer, corrupt = tmp_path / "champion.json", copied(bundles[1], tmp_path / "corrupt")
    array = next(corrupt.rglob("*.npy"))
    array.write_bytes(array.read_bytes()[:-1] + b"\x00\xff")
    point(pointer, bundles[0])
    settings = '{"reload_seconds": 0.1, "maximum_wait_seconds": 30}'
    own = {"CHAMPION": str(pointer), "SERVING_SETTINGS": settings}
    with serve_bento(bento, own, workers=WORKERS) as address, traffic(address) as running:
        point(pointer, corrupt)
        recovery = wait_until(lambda: counted(address, REFUSED) >= WORKERS)
        running.wait_for(50)

    assert not running.failed
    assert not running.refused
    found = {prediction["model_version"] for answer in running.answers for prediction in answer.predictions}
    assert found == {Engine.load(bundles[0]).version}
    note(running.figures("corrupt bundle", recovery))


def loaded():
    """The workers that have mapped their model into memory."""
    return {pid for pid in workers() if maps_a_bundle(pid)}


def maps_a_bundle(pid):
    try:
        return any("/bundle/" in mapped.path for mapped in psutil.Process(pid).memory_maps())
    except psutil.NoSuchProcess:
        return False


def test_a_killed_worker_costs_only_what_it_held_and_comes_back(bento, note):
    settings = '{"maximum_wait_seconds": 30, "remembered_answers": 0}'
    with serve_bento(bento, {"SERVING_SETTINGS": settings}, workers=WORKERS) as address:
        wait_until(lambda: len(loaded()) == WORKERS)
        before = loaded()
        with traffic(address) as running:
            victim = min(before)
            os.kill(victim, signal.SIGKILL)
            recovery = wait_until(lambda: len(loaded() - {victim}) == WORKERS)
            running.wait_for(100)
        after = running.answers[-50:]

    assert victim not in workers()
    assert [answer.status for answer in after] == [200] * 50
    assert len(running.failed) <= CONNECTIONS
    assert {answer.status for answer in running.failed} <= {CONNECTION_BROKE}
    note(running.figures("kill -9 of a worker", recovery))
