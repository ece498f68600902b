"""What customers ask and apps send while a pod of the platform is lost: figures, and no acknowledged event missing."""

import time

import pytest

from tests.support.cluster import eventually

RECOVERED_SECONDS = 240
KILL = ("--grace-period=0", "--force", "--wait=false")


def pods(platform, selector):
    found = platform.kubectl("get", "pods", "--selector", selector, "--output", "jsonpath={.items[*].metadata.uid}")
    return set(found.split())


def kill(platform, selector):
    """Take the pod away without a word, as a lost node does; wait until another is ready; seconds it took."""
    before, began = pods(platform, selector), time.monotonic()
    platform.kubectl("delete", "pods", "--selector", selector, *KILL)
    eventually(lambda: pods(platform, selector) - before, RECOVERED_SECONDS)
    platform.kubectl("wait", "--for=condition=Ready", "pods", "--selector", selector, f"--timeout={RECOVERED_SECONDS}s")
    return time.monotonic() - began


def logged(platform, run):
    """Numbers of an app's events in the log, each as often as it is there."""
    query = f"SELECT substr(event_id, {len(run) + 2}) FROM events WHERE event_id LIKE '{run}-%'"
    psql = ("psql", "--username", "recommender", "--tuples-only", "--no-align", "--command", query)
    return sorted(int(number) for number in platform.kubectl("exec", "postgres-0", "--", *psql).split())


@pytest.mark.parametrize(
    ("lost", "selector"),
    [
        ("Redis", "app.kubernetes.io/component=redis"),
        ("PostgreSQL", "app.kubernetes.io/component=postgres"),
        ("the collector", "app.kubernetes.io/component=collector"),
        ("the only predictor", "app.kubernetes.io/component=predictor"),
    ],
)
def test_a_lost_pod_comes_back_and_no_acknowledged_event_is_lost(platform, lost, selector):
    with platform.load() as asked, platform.app() as sent:
        seconds = kill(platform, selector)
        before = sent.look()["acknowledged"]
        eventually(lambda: sent.look()["acknowledged"] > before + 10, RECOVERED_SECONDS)
        eventually(lambda: asked.look()["last"] == "none", RECOVERED_SECONDS)

    print(f"{lost} lost under load: ready again after {seconds:.0f} s; requests {asked}; events {sent}")
    found = logged(platform, sent["run"])
    assert len(found) == len(set(found))
    assert set(range(sent["acknowledged"])) <= set(found)
    if lost != "the only predictor":
        assert asked["failed"] == 0, asked
