"""Who has a token may ask; the file of tokens may change, be away or be spoilt."""

import logging

import pytest
from starlette.testclient import TestClient

from infrastructure.bearer_tokens import BearerTokens
from infrastructure.errors import ConfigError
from serving.server.app import create_app
from settings.serving import ServingSettings

PREDICT = "/v1/models/recommender:predict"
OLD, NEW = "the-old-token-0123456789", "the-new-token-0123456789"


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "tokens"
    path.write_text(f"# in service\n{OLD}\n\n")
    return path


def client(shop, file, **settings):
    return TestClient(create_app(shop.handler, ServingSettings(**settings), tokens=BearerTokens(file)))


def status(client, token=None, path=PREDICT):
    headers = {} if token is None else {"authorization": token}
    if path == PREDICT:
        return client.post(path, json={"instances": [{}]}, headers=headers).status_code
    return client.get(path, headers=headers).status_code


@pytest.mark.parametrize(
    "given", [None, "", OLD, "Bearer", "Bearer ", f"Basic {OLD}", f"Bearer {OLD[:-1]}", f"Bearer {OLD}x"]
)
def test_without_a_token_of_the_file_nothing_is_answered(shop, file, given):
    asked = client(shop, file)

    assert status(asked, given) == 401
    assert shop.engine.asked == []
    assert asked.post(PREDICT).headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("given", [f"Bearer {OLD}", f"bearer {OLD}"])
def test_a_request_with_a_valid_token_is_answered(shop, file, given):
    assert status(client(shop, file), given) == 200


def test_a_changed_token_file_applies_from_the_next_request_on(shop, file):
    asked = client(shop, file)

    file.write_text(f"{OLD}\n{NEW}\n")
    assert (status(asked, f"Bearer {OLD}"), status(asked, f"Bearer {NEW}")) == (200, 200)

    other = file.with_name("other")
    other.write_text(NEW)
    other.replace(file)
    assert (status(asked, f"Bearer {OLD}"), status(asked, f"Bearer {NEW}")) == (401, 200)


@pytest.mark.parametrize("spoilt", [None, b"", b"# nothing\n", b"short\n", b"\xff\xfe"])
def test_a_missing_or_malformed_token_file_leaves_the_tokens_as_they_were(shop, file, spoilt, caplog):
    asked = client(shop, file)

    if spoilt is None:
        file.unlink()
    else:
        file.write_bytes(spoilt)

    with caplog.at_level(logging.ERROR):
        assert (status(asked, f"Bearer {OLD}"), status(asked, f"Bearer {NEW}")) == (200, 401)
    assert OLD not in caplog.text
    assert bool(caplog.text) is (spoilt is not None)


@pytest.mark.parametrize("text", [None, "", "short"])
def test_nothing_is_served_while_tokens_are_required_and_there_are_none(tmp_path, text):
    path = tmp_path / "tokens"
    if text is not None:
        path.write_text(text)

    with pytest.raises(ConfigError, match="token"):
        BearerTokens(path)


@pytest.mark.parametrize(
    ("path", "open_"),
    [
        ("/v2/health/live", {"open_health": True}),
        ("/v2/health/ready", {"open_health": True}),
        ("/v2/models/recommender/ready", {"open_health": True}),
        ("/v1/models/recommender", {"open_health": True}),
        ("/metrics", {"open_metrics": True}),
    ],
)
def test_health_and_metrics_are_open_unless_the_settings_say_no(shop, file, path, open_):
    closed = dict.fromkeys(open_, False)

    assert status(client(shop, file, **open_), path=path) == 200
    assert status(client(shop, file, **closed), path=path) == 401
    assert status(client(shop, file, **closed), f"Bearer {OLD}", path) == 200


@pytest.mark.parametrize(
    "path", ["/v2/healthy", "/metricsx", "/v1/models/recommender:predict", "/v2/models/recommender", "/"]
)
def test_no_other_path_is_open(shop, file, path):
    assert status(client(shop, file), path=path) == 401
