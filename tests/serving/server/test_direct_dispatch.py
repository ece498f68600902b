import asyncio

import pytest

from serving.server.middleware import DirectDispatchMiddleware


def taken(kind, path):
    """Which way a request or a lifespan goes."""
    ways = []

    def leading(name):
        async def app(_scope, _receive, _send):
            ways.append(name)

        return app

    shortcut = DirectDispatchMiddleware(leading("through BentoML"), application=leading("straight"))
    asyncio.run(shortcut({"type": kind, "path": path}, None, None))
    return ways


@pytest.mark.parametrize("path", ["/v2/models/recommender/infer", "/v1/models/recommender:predict", "/v2/health/ready"])
def test_the_protocols_requests_go_directly_to_the_application(path):
    assert taken("http", path) == ["straight"]


@pytest.mark.parametrize("path", ["/readyz", "/livez", "/metrics", "/", "/v22/models"])
def test_all_others_go_through_bentoml(path):
    assert taken("http", path) == ["through BentoML"]


def test_a_lifespan_goes_through_bentoml():
    assert taken("lifespan", "") == ["through BentoML"]
