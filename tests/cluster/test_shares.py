"""A new model answers a tenth of the customers, half of them, then all; or nobody again, when a hand says so."""

from contextlib import contextmanager

import pytest

from deployment.errors import DeploymentError
from tests.support.cluster import HERE, LONGEST_LOAD, eventually, told_by

ADDRESS = "http://recommender-predictor"
TENTH, HALF = (0.05, 0.15), (0.42, 0.58)


@contextmanager
def crowd(platform):
    """Many customers ask while the block runs; what is yielded tells who had the new model."""
    name = platform.start_job("crowd", "-c", (HERE / "crowd.py").read_text(), ADDRESS, str(LONGEST_LOAD))
    found = told_by(platform, name)
    platform.kubectl("wait", "--for=jsonpath={.status.ready}=1", f"job/{name}", "--timeout=300s")
    eventually(lambda: bool(platform.kubectl("logs", f"job/{name}")))
    try:
        yield found
    finally:
        platform.kubectl("delete", "job", name, "--wait=false")


def start_canary(platform):
    """A Job like that of a training, which may deploy."""
    return platform.start_job("canary", "-c", (HERE / "canary.py").read_text(), template="training")


def within(bounds, share):
    low, high = bounds
    return low < share < high


def reaches(bounds, asked):
    return within(bounds, asked.look()["shares"][-1])


def test_a_share_of_the_customers_then_a_larger_one_then_all_have_the_new_model(platform):
    with crowd(platform) as asked:
        job = start_canary(platform)
        eventually(lambda: reaches(TENTH, asked), 300)
        eventually(lambda: reaches(HALF, asked), 300)
        print(platform.finish_job(job))
        eventually(lambda: asked.look()["shares"][-1] == 0)

    print(f"a canary among 400 customers: {asked}")
    assert platform.model_uri().endswith("/again")
    assert platform.get("inferenceservice", "recommender")["spec"].get("canary") is None
    shares = asked["shares"]
    at_half = [number for number, share in enumerate(shares) if within(HALF, share)]
    # A round in which the share changes may tell anything between, the last one too: a fall that lasts is found below.
    steps = [share for share in shares[: at_half[-1]] if within(TENTH, share) or within(HALF, share)]
    assert steps == sorted(steps)
    last = max(number for number, share in enumerate(shares) if share)
    assert sum(asked["given_back"][:last]) == 0, "whoever has the new model keeps it until all have it"
    assert asked["failed"] == 0


def test_a_canary_that_is_taken_away_by_hand_gives_all_customers_the_champion_back(platform):
    served = platform.model_uri()
    with crowd(platform) as asked:
        job = start_canary(platform)
        eventually(lambda: reaches(TENTH, asked), 300)
        platform.kubectl("exec", "deployment/collector", "--", "rm", "var/tiny/challenger.json")
        eventually(lambda: asked.look()["shares"][-1] == 0, 30)
        with pytest.raises(DeploymentError, match="taken away by hand"):
            platform.finish_job(job)

    print(f"a canary that was taken away: {asked}")
    assert platform.model_uri() == served
    assert not any(within(HALF, share) for share in asked["shares"])
    assert asked["failed"] == 0
