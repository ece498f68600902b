"""What docs/serving/requests.md shows works as it stands."""

import json
import re

from serving.answering.messages import ProfileMessage
from settings.serving import ServingSettings
from tests.support.paths import ROOT

PAGE = (ROOT / "docs/serving/requests.md").read_text()


def test_the_example_request_is_answered(shop):
    (body,) = re.findall(r"-d '(.*?)'", PAGE, flags=re.DOTALL)

    answer = shop.client.post("/v1/models/recommender:predict", json=json.loads(body))

    assert answer.status_code == 200


def test_the_table_of_profile_keys_is_complete():
    table = PAGE.split("## Profile fields")[1].split("## V2")[0]
    named = {
        key for line in table.splitlines() for key in re.findall(r"`(\w+)`", line.split("|")[1] if "|" in line else "")
    }

    assert named == set(ProfileMessage.model_fields)


def test_every_route_is_named(shop):
    paths = {route.path for route in shop.client.app.routes} - {"/{path:path}"}

    assert {path for path in paths if f"{path.format(model='recommender')}`" not in PAGE} == set()


def test_settings_have_descriptions():
    assert all(field.description for field in ServingSettings.model_fields.values())


def test_the_typed_client_recommends(shop):
    (code,) = re.findall(r"```py\n(.*?)```", PAGE, flags=re.DOTALL)
    found = {}
    exec(code, found)

    shown = found["recommend"](shop.client, "ann", k=2, exclude=["serum"])

    assert shown == [
        found["Recommended"](product, score, [{"kind": "popular", "text": "Liked by many.", "share": 1.0}])
        for product, score in (("toner", 1.0), ("mask", 0.5))
    ]
