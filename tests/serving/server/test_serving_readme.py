"""What the README shows works as it stands."""

import json
import re
from pathlib import Path

import serving
from serving.answering.messages import ProfileMessage
from settings.serving import ServingSettings

README = (Path(serving.__file__).parent / "README.md").read_text()


def test_the_example_request_is_answered(shop):
    (body,) = re.findall(r"-d '(.*?)'", README, flags=re.DOTALL)

    answer = shop.client.post("/v1/models/recommender:predict", json=json.loads(body))

    assert answer.status_code == 200


def test_the_table_of_profile_keys_is_complete():
    table = README.split("`profile` may hold")[1].split("A key that is not")[0]
    named = {
        key for line in table.splitlines() for key in re.findall(r"`(\w+)`", line.split("|")[1] if "|" in line else "")
    }

    assert named == set(ProfileMessage.model_fields)


def test_every_route_is_named(shop):
    paths = {route.path for route in shop.client.app.routes} - {"/{path:path}"}
    text = README.replace("[/ready]", "` `/v2/models/recommender/ready`")

    assert {path for path in paths if f"{path.format(model='recommender')}`" not in text} == set()


def test_settings_have_descriptions():
    assert all(field.description for field in ServingSettings.model_fields.values())


def test_the_typed_client_recommends(shop):
    (code,) = re.findall(r"```py\n(.*?)```", README, flags=re.DOTALL)
    found = {}
    exec(code, found)

    shown = found["recommend"](shop.client, "ann", k=2, exclude=["serum"])

    assert shown == [
        found["Recommended"](product, score, [{"kind": "popular", "text": "Liked by many.", "share": 1.0}])
        for product, score in (("toner", 1.0), ("mask", 0.5))
    ]
