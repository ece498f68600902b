"""A connection is let go where requests queue, and only there."""

import asyncio

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import Response

from serving.answering.admission import AdmissionControl
from serving.server import connection_balancer
from settings.serving import ServingSettings

PREDICT = "/v1/models/recommender:predict"
BODY = {"instances": [{"customer_id": "ann"}]}


def answers(app, requests):
    """The answers to requests that all come at once."""

    async def all_at_once():
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://shop") as client:
            return await asyncio.gather(*(client.post(PREDICT, json=BODY) for _ in range(requests)))

    return asyncio.run(all_at_once())


def closing(found):
    """Which answers are their connection's last."""
    return [answer.headers.get("connection") == "close" for answer in found]


def test_no_connection_is_closed_where_no_request_waits(open_shop, monkeypatch):
    monkeypatch.setattr(connection_balancer, "REQUESTS_PER_CLOSE", 1)
    shop = open_shop()
    assert not any(closing(shop.client.post(PREDICT, json=BODY) for _ in range(20)))


def test_some_responses_in_a_queue_close_their_connection_and_none_is_worse(open_shop, monkeypatch):
    monkeypatch.setattr(connection_balancer, "REQUESTS_PER_CLOSE", 30)
    shop = open_shop(settings=ServingSettings(maximum_wait_seconds=60))

    found = answers(shop.client.app, 20)

    # Eight see 19 others, the next eight 11, the last four 3: 252 in all, eight times the 30.
    assert 6 <= sum(closing(found)) <= 8
    assert {answer.status_code for answer in found} == {200}
    assert all(answer.json()["predictions"][0]["items"] for answer in found)


async def plain(_):
    return Response("")


@pytest.mark.parametrize("waiting", [1, 10, 100])
def test_the_more_requests_wait_the_more_often_a_connection_is_closed(waiting, monkeypatch):
    monkeypatch.setattr(AdmissionControl, "other_requests", waiting)
    endpoint = connection_balancer.ConnectionBalancer(
        AdmissionControl(list, capacity=1, maximum_wait_seconds=1)
    ).balanced(plain)

    async def ask():
        return [await endpoint(Request({"type": "http"})) for _ in range(20_000)]

    assert sum(closing(asyncio.run(ask()))) == 20_000 * waiting / connection_balancer.REQUESTS_PER_CLOSE
