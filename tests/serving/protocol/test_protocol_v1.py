import pytest

PREDICT = "/v1/models/recommender:predict"


def test_an_instance_gets_its_items_with_reasons(shop):
    answer = shop.client.post(PREDICT, json={"instances": [{"customer_id": "ann", "k": 2}]})

    assert answer.status_code == 200
    (prediction,) = answer.json()["predictions"]
    assert prediction["items"][0] == {
        "product_id": "serum",
        "score": 1.0,
        "reasons": [{"kind": "popular", "text": "Liked by many.", "share": 1.0}],
    }
    assert [item["product_id"] for item in prediction["items"]] == ["serum", "toner"]
    assert prediction["model_version"] == shop.engine.version
    assert prediction["variant"] == "champion"
    assert prediction["fallback"] == ""
    assert len(prediction["request_id"]) == 36


def test_every_instance_keeps_its_own_k_and_profile(shop):
    instances = [{"customer_id": "a", "k": 1}, {"customer_id": "b", "k": 3, "profile": {"exclude": ["cream"]}}]

    predictions = shop.client.post(PREDICT, json={"instances": instances}).json()["predictions"]

    assert [[item["product_id"] for item in p["items"]] for p in predictions] == [["cream"], ["serum", "toner", "mask"]]
    assert predictions[0]["request_id"] == predictions[1]["request_id"]


def test_the_callers_request_id_is_kept(shop):
    headers = {"x-request-id": "app-42"}

    answer = shop.client.post(PREDICT, json={"instances": [{"customer_id": "a"}]}, headers=headers)

    assert answer.json()["predictions"][0]["request_id"] == "app-42"
    assert [impression.request_id for impression in shop.impressions] == ["app-42"]


def test_nobody_in_particular_is_answered_without_a_flag(shop):
    answer = shop.client.post(PREDICT, json={"instances": [{"profile": {"recent": ["cream"]}}]})

    (prediction,) = answer.json()["predictions"]
    assert [item["product_id"] for item in prediction["items"]] == ["serum", "toner", "mask", "balm"]
    assert prediction["fallback"] == ""


@pytest.mark.parametrize(
    ("body", "parts"),
    [
        ({}, ["instances", "required"]),
        ({"instances": []}, ["instances", "at least 1"]),
        ({"instances": [{"customer_id": 7}]}, ["instances.0.customer_id", "string"]),
        ({"instances": [{"customer_id": "a", "k": 0}]}, ["instances.0.k", "Value: 0", "greater than or equal to 1"]),
        ({"instances": [{"customer_id": "a", "k": 101}]}, ["instances.0.k", "Value: 101", "less than or equal to 100"]),
        ({"instances": [{"customer_id": "a", "k": True}]}, ["instances.0.k", "integer"]),
        (
            {"instances": [{"customer_id": "a", "profil": {}}]},
            ["instances.0.profil", "one of: customer_id, k, profile"],
        ),
        (
            {"instances": [{"profile": {"avoided_ingredient": ["parfum"]}}]},
            ["instances.0.profile.avoided_ingredient", "one of: age, avoid", " avoided_ingredients, "],
        ),
        (
            {"instances": [{"profile": {"skin_type": "greasy"}}]},
            ["instances.0.profile.skin_type", "Value: greasy", "'oily'"],
        ),
        ({"instances": [{"profile": {"age": "30"}}]}, ["instances.0.profile.age", "Value: 30", "integer"]),
        ({"instances": [{"profile": {"avoided_ingredients": "parfum"}}]}, ["profile.avoided_ingredients", "array"]),
        ({"instances": [{"profile": {"exclude": ["x"] * 1001}}]}, ["profile.exclude", "at most 1000"]),
    ],
)
def test_a_wrong_request_is_refused_with_its_field_and_what_would_be_right(shop, body, parts):
    answer = shop.client.post(PREDICT, json=body)

    assert answer.status_code == 400
    for part in parts:
        assert part in answer.json()["error"]


@pytest.mark.parametrize("text", [b"", b"{", b"[1,", b"\xff\xfe", b'{"instances": NaN}', b"[" * 100_000])
def test_what_is_not_json_is_refused(shop, text):
    answer = shop.client.post(PREDICT, content=text)

    assert answer.status_code == 400
    assert "Field: body." in answer.json()["error"] or "Field: instances." in answer.json()["error"]


def test_an_error_never_names_a_customer(shop):
    wrong = "customer-" + "x" * 300

    answer = shop.client.post(PREDICT, json={"instances": [{"customer_id": wrong}]})

    assert answer.status_code == 400
    assert "customer-" not in answer.json()["error"]
