"""Overload is refused at once, everyone else is answered in order, and it passes by itself."""

import asyncio
import itertools

import httpx
import pytest
from prometheus_client import REGISTRY

from recommender.config.serving import ServingSettings
from serving import admission as module
from serving.admission import Admission, OverloadedError

PREDICT = "/v1/models/recommender:predict"


def asked(admission, requests):
    """What becomes of requests that all come at once: their numbers in the order of their turns, and the refused."""
    answered, refused = [], []

    async def one(number):
        try:
            await admission.turn()
        except OverloadedError:
            refused.append(number)
        else:
            answered.append(number)

    async def all_at_once():
        await asyncio.gather(*(one(number) for number in range(requests)))

    asyncio.run(all_at_once())
    return answered, refused


def test_as_many_as_may_wait_get_their_turn_in_order_and_the_rest_is_refused():
    assert asked(Admission(places=4, seconds=60), 10) == ([0, 1, 2, 3, 4], [5, 6, 7, 8, 9])


def test_without_places_one_is_answered_at_a_time():
    assert asked(Admission(places=0, seconds=60), 3) == ([0], [1, 2])


def test_the_refused_are_told_before_those_who_wait_are_answered():
    order = []

    async def one(admission, number):
        try:
            await admission.turn()
            order.append(number)
        except OverloadedError:
            order.append("no")

    async def all_at_once():
        admission = Admission(places=2, seconds=60)
        await asyncio.gather(*(one(admission, number) for number in range(5)))

    asyncio.run(all_at_once())

    assert order == [0, "no", "no", 1, 2]


def test_the_loop_sees_others_between_two_turns():
    seen = []

    async def one(admission, number):
        await admission.turn()
        seen.append(number)

    async def all_at_once():
        admission = Admission(places=5, seconds=60)
        turns = [asyncio.create_task(one(admission, number)) for number in range(3)]
        while not all(turn.done() for turn in turns):
            seen.append("loop")
            await asyncio.sleep(0)

    asyncio.run(all_at_once())

    numbers = [place for place, value in enumerate(seen) if value != "loop"]
    assert all("loop" in seen[first:second] for first, second in itertools.pairwise(numbers))


def test_who_has_waited_too_long_is_refused_and_the_next_one_comes(monkeypatch):
    clock = itertools.count()
    monkeypatch.setattr(module.time, "monotonic", lambda: float(next(clock)))

    answered, refused = asked(Admission(places=2, seconds=1.5), 3)

    # Arrivals at 0 and 1, calls at 2 and 3: the first has waited for two seconds, the second too.
    assert (answered, refused) == ([0], [1, 2])
    assert asked(Admission(places=2, seconds=10), 3) == ([0, 1, 2], [])


@pytest.mark.parametrize(
    ("gone", "looks"),
    [
        pytest.param(1, 1, id="the next one, not yet called"),
        pytest.param(2, 1, id="one behind it"),
        pytest.param(1, 2, id="the next one, already called"),
    ],
)
def test_who_goes_away_passes_the_turn_on(gone, looks):
    answered = []

    async def one(admission, number):
        await admission.turn()
        answered.append(number)

    async def with_one_gone():
        admission = Admission(places=9, seconds=60)
        turns = [asyncio.create_task(one(admission, number)) for number in range(4)]
        for _ in range(looks):
            await asyncio.sleep(0)
        turns[gone].cancel()
        await asyncio.wait_for(asyncio.gather(*turns, return_exceptions=True), 10)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert admission.idle

    asyncio.run(with_one_gone())

    assert answered == [number for number in range(4) if number != gone]


def test_a_burst_is_answered_as_far_as_it_may_wait_then_all_is_as_before(open_shop):
    shop = open_shop(settings=ServingSettings(maximum_waiting=3))

    async def burst():
        transport = httpx.ASGITransport(shop.client.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://shop") as client:
            body = {"instances": [{"customer_id": "ann"}]}
            answers = await asyncio.gather(*(client.post(PREDICT, json=body) for _ in range(40)))
            return answers, await client.post(PREDICT, json=body), await client.get("/v2/health/ready")

    answers, after, health = asyncio.run(burst())

    refused = [answer for answer in answers if answer.status_code == 503]
    assert {answer.status_code for answer in answers} == {200, 503}
    assert all(answer.headers["retry-after"] == "1" and answer.json()["error"] for answer in refused)
    assert len(shop.engine.asked) == len(answers) - len(refused) + 1
    assert (after.status_code, health.status_code) == (200, 200)


def test_turned_away_requests_are_counted_and_nobody_waits_in_the_end(monkeypatch):
    def counted():
        waiting = REGISTRY.get_sample_value("recommender_requests_waiting")
        refused = {
            why: REGISTRY.get_sample_value("recommender_requests_turned_away_total", {"reason": why}) or 0.0
            for why in ("full", "late")
        }
        return {"waiting": waiting, **refused}

    before = counted()
    asked(Admission(places=1, seconds=60), 5)
    full = counted()
    clock = itertools.count()
    monkeypatch.setattr(module.time, "monotonic", lambda: float(next(clock)))
    asked(Admission(places=2, seconds=0.5), 3)

    assert full == before | {"full": before["full"] + 3}
    assert counted() == full | {"late": full["late"] + 2}
