"""Overload is refused at once, everyone else is answered in order and a few together, and it passes by itself."""

import asyncio
import itertools
from types import SimpleNamespace

import httpx
import pytest
from prometheus_client import REGISTRY

from serving.answering import admission as module
from serving.answering.admission import AdmissionControl, OverloadedError
from settings.serving import ServingSettings

PREDICT = "/v1/models/recommender:predict"


def asked(requests, *, capacity, seconds=60, batch_size=1, sizes=None):
    """What becomes of requests that all come at once: their numbers turn by turn, and the refused."""
    turns, refused = [], []

    def answer(numbers):
        turns.append([*numbers])
        return [-number for number in numbers]

    async def one(admission, number):
        try:
            assert await admission.submit(number, sizes[number] if sizes else 1) == -number
        except OverloadedError:
            refused.append(number)

    async def all_at_once():
        admission = AdmissionControl(answer, capacity, seconds, batch_size)
        await asyncio.gather(*(one(admission, number) for number in range(requests)))

    asyncio.run(all_at_once())
    return turns, refused


def tick(monkeypatch):
    """Let a second pass each time that admission looks at its clock, not when the loop looks at the same."""
    clock = itertools.count()
    monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=lambda: float(next(clock))))


def test_as_many_as_may_wait_get_their_turn_in_order_and_the_rest_are_refused():
    assert asked(10, capacity=4) == ([[0], [1], [2], [3]], [4, 5, 6, 7, 8, 9])


def test_without_capacity_one_is_answered_at_a_time():
    assert asked(3, capacity=0) == ([[0]], [1, 2])


@pytest.mark.parametrize(
    ("together", "sizes", "turns"),
    [
        pytest.param(3, None, [[0, 1, 2], [3, 4, 5], [6]], id="as many as go together"),
        pytest.param(100, None, [[0, 1, 2, 3, 4, 5, 6]], id="all who wait"),
        pytest.param(4, [1, 2, 2, 2, 1, 1, 1], [[0, 1], [2, 3], [4, 5, 6]], id="customers count, not requests"),
        pytest.param(4, [9, 9, 1, 9, 1, 1, 9], [[0], [1], [2], [3], [4, 5], [6]], id="too large for any turn"),
    ],
)
def test_those_who_wait_are_answered_together_a_few_at_a_time(together, sizes, turns):
    assert asked(7, capacity=9, batch_size=together, sizes=sizes) == (turns, [])


def test_refusals_are_sent_before_waiting_requests_are_answered():
    order = []

    async def one(admission, number):
        try:
            order.append(await admission.submit(number))
        except OverloadedError:
            order.append("no")

    async def all_at_once():
        admission = AdmissionControl(list, capacity=2, maximum_wait_seconds=60)
        await asyncio.gather(*(one(admission, number) for number in range(5)))

    asyncio.run(all_at_once())

    assert order == ["no", "no", "no", 0, 1]


def test_between_two_turns_responses_are_sent_and_new_requests_seen():
    seen = []

    def answer(numbers):
        seen.append("turn")
        return numbers

    async def one(admission, number):
        seen.append(await admission.submit(number))

    async def all_at_once():
        admission = AdmissionControl(answer, capacity=5, maximum_wait_seconds=60, batch_size=2)
        asking = [asyncio.create_task(one(admission, number)) for number in range(4)]
        await asyncio.sleep(0)
        asking.append(asyncio.create_task(one(admission, 4)))
        while not all(one.done() for one in asking):
            seen.append("loop")
            await asyncio.sleep(0)

    asyncio.run(all_at_once())

    assert [what for what in seen if what != "loop"] == ["turn", 0, 1, "turn", 2, 3, "turn", 4]
    turns = [place for place, what in enumerate(seen) if what == "turn"]
    assert all("loop" in seen[first:second] for first, second in itertools.pairwise(turns))


def test_a_request_that_comes_during_a_turn_is_in_the_next_one():
    turns = []

    async def some_then_another():
        loop = asyncio.get_running_loop()

        def answer(numbers):
            turns.append([*numbers])
            if len(turns) == 1:
                loop.call_soon(lambda: asking.append(loop.create_task(admission.submit(3))))
            return numbers

        admission = AdmissionControl(answer, capacity=9, maximum_wait_seconds=60, batch_size=2)
        asking = [loop.create_task(admission.submit(number)) for number in range(3)]
        while not all(one.done() for one in asking):
            await asyncio.sleep(0)

    asyncio.run(some_then_another())

    assert turns == [[0, 1], [2, 3]]


def test_a_request_that_has_waited_too_long_is_refused_and_the_next_one_is_answered(monkeypatch):
    tick(monkeypatch)

    # Arrivals at 0, 1 and 2, the turn at 3: by then the first two have waited for too long, the third has not.
    assert asked(3, capacity=3, seconds=1.5) == ([[2]], [0, 1])
    assert asked(3, capacity=3, seconds=10) == ([[0], [1], [2]], [])


@pytest.mark.parametrize("together", [1, 2, 9])
@pytest.mark.parametrize("gone", [1, 2, 3])
def test_a_cancelled_request_is_not_answered_and_keeps_nobody_waiting(gone, together):
    answered = []

    def answer(numbers):
        answered.extend(numbers)
        return numbers

    async def with_one_gone():
        admission = AdmissionControl(answer, capacity=9, maximum_wait_seconds=60, batch_size=together)
        asking = [asyncio.create_task(admission.submit(number)) for number in range(4)]
        asyncio.get_running_loop().call_soon(asking[gone].cancel)
        await asyncio.wait_for(asyncio.gather(*asking, return_exceptions=True), 10)
        for _ in range(3):
            await asyncio.sleep(0)
        assert admission.idle

    asyncio.run(with_one_gone())

    assert answered == [number for number in range(4) if number != gone]


@pytest.mark.parametrize("bad", [0, 1, 3])
def test_a_request_that_cannot_be_answered_spoils_no_others_response(bad):
    def answer(numbers):
        if bad in numbers:
            raise KeyError(bad)
        return numbers

    async def all_at_once():
        admission = AdmissionControl(answer, capacity=9, maximum_wait_seconds=60, batch_size=3)
        told = await asyncio.gather(*(admission.submit(number) for number in range(5)), return_exceptions=True)
        return told, await admission.submit(7)

    told, after = asyncio.run(all_at_once())

    assert [one for one in told if isinstance(one, int)] == [number for number in range(5) if number != bad]
    assert isinstance(told[bad], KeyError)
    assert after == 7


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
    assert len(shop.impressions) == len(answers) - len(refused) + 1
    assert (after.status_code, health.status_code) == (200, 200)


def test_the_metric_shows_how_many_are_left_waiting_at_each_turn():
    seen = []

    def answer(numbers):
        seen.append(REGISTRY.get_sample_value("recommender_requests_waiting"))
        return numbers

    async def all_at_once():
        admission = AdmissionControl(answer, capacity=9, maximum_wait_seconds=60, batch_size=2)
        await asyncio.gather(*(admission.submit(number) for number in range(5)))

    asyncio.run(all_at_once())

    assert seen == [3, 1, 0]


def test_turned_away_requests_are_counted_and_nobody_waits_in_the_end(monkeypatch):
    def counted():
        waiting = REGISTRY.get_sample_value("recommender_requests_waiting")
        refused = {
            why: REGISTRY.get_sample_value("recommender_requests_turned_away_total", {"reason": why}) or 0.0
            for why in ("full", "late")
        }
        return {"waiting": waiting, **refused}

    before = counted()
    asked(5, capacity=1)
    full = counted()
    tick(monkeypatch)
    asked(2, capacity=2, seconds=0.5)

    assert full == before | {"full": before["full"] + 4}
    assert counted() == full | {"late": full["late"] + 2}
