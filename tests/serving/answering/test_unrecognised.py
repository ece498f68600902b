"""Words for something to avoid that nothing knows: told in every answer, or refused, never passed over."""

import json
import logging

import pytest
from prometheus_client import REGISTRY

from recommender.config.model import RuleSettings
from recommender.contract.query import Profile, UnrecognisedWords
from recommender.knowledge.knowledge import Knowledge
from recommender.models.avoidances import Avoidances
from recommender.rules import Rules
from serving.answering.requests import RecommendationRequest
from serving.customers.source import Customer, StoreUnavailableError
from serving.models.loaded_model import LoadedModel, ModelSlot
from serving.models.recommendation_cache import RecommendationCache
from serving.models.variants import VariantRouter
from serving.protocol.openapi import InferResponse, PredictResponse

V1, V2 = "/v1/models/recommender:predict", "/v2/models/recommender/infer"
ZYXOLIDE = {"text": "zyxolide", "suggestions": [], "applied": False}
FRAGRENCE = {"text": "fragrence", "suggestions": ["fragrance", "fragranced"], "applied": True}


class Stored:
    """Knows ann, who declared ``avoided``; None breaks it."""

    def __init__(self, avoided):
        self.avoided = avoided

    def read(self, customer_ids):
        if self.avoided is None:
            raise StoreUnavailableError("gone")
        return {id_: Customer(avoided_ingredients=self.avoided) for id_ in customer_ids if id_ == "ann"}


def refusing(shop):
    shop.engine.rules = Rules(
        shop.engine.rules.catalogue, Knowledge.load(), RuleSettings(unrecognised_avoidances="refuse")
    )
    return shop


def ask_v1(shop, *avoided, customer_id=""):
    instance = {"customer_id": customer_id, "profile": {"avoided_ingredients": list(avoided)}}
    return shop.client.post(V1, json={"instances": [{}, instance]})


def ask_v2(shop, *avoided):
    profiles = ["", json.dumps({"avoided_ingredients": list(avoided)})]
    inputs = [
        {"name": "customer_id", "shape": [2], "datatype": "BYTES", "data": ["", ""]},
        {"name": "profile", "shape": [2], "datatype": "BYTES", "data": profiles},
    ]
    return shop.client.post(V2, json={"inputs": inputs})


def told(shop, *avoided, customer_id=""):
    first, second = ask_v1(shop, *avoided, customer_id=customer_id).json()["predictions"]
    assert first["unrecognised"] == []
    return second["unrecognised"]


def counted(outcome):
    return REGISTRY.get_sample_value("recommender_unrecognised_avoidances_total", {"outcome": outcome}) or 0


@pytest.mark.parametrize(
    ("avoided", "expected"),
    [
        (["zyxolide"], [ZYXOLIDE]),
        (["nuts", "parabens, zyxolide"], [ZYXOLIDE]),
        (["fragrence"], [FRAGRENCE]),
        (["fragrence", "zyxolide"], [FRAGRENCE, ZYXOLIDE]),
        (["bergamot fruit"], []),
        (["bergamot zyxolide"], [{"text": "bergamot zyxolide", "suggestions": ["bergamot oil"], "applied": False}]),
        (["limonene", "NUTS", "none", " "], []),
        (["🥜"], [{"text": "🥜", "suggestions": ["peanut", "nuts"], "applied": False}]),
        ([], []),
    ],
)
def test_both_protocols_tell_the_same(shop, avoided, expected):
    assert told(shop, *avoided) == expected
    answer = ask_v2(shop, *avoided).json()
    assert json.loads(answer["parameters"]["unrecognised"]) == [[], expected]
    assert InferResponse.model_validate(answer)
    assert PredictResponse.model_validate(ask_v1(shop, *avoided).json())


def test_stored_words_are_told_too_also_from_the_bundle_while_the_store_is_gone(open_shop):
    shop = open_shop(Stored(("zyxolide", "nuts")))
    assert told(shop, "fragrence", customer_id="ann") == [ZYXOLIDE, FRAGRENCE]

    gone = open_shop(Stored(None))
    gone.engine.avoidances = Avoidances.from_declared({"ann": ("zyxolide",)})
    assert told(gone, customer_id="ann") == [ZYXOLIDE]


def test_a_cached_answer_tells_the_same(shop):
    holder = ModelSlot()
    holder._model = LoadedModel(shop.engine, RecommendationCache(shop.engine, 100))
    shop.handler._models = VariantRouter(holder)
    assert told(shop, "zyxolide") == told(shop, "zyxolide") == [ZYXOLIDE]
    assert len(shop.engine.asked) == 2  # one of the two customers of a request each


@pytest.mark.parametrize("ask", [ask_v1, ask_v2])
def test_refused_by_setting_with_field_value_and_what_may_be_meant(shop, ask):
    before = counted("refused")
    answer = ask(refusing(shop), "nuts", "lanolnn")
    assert answer.status_code == 400
    for part in ("profile[1].avoided_ingredients", "lanolnn", "perhaps lanolin"):
        assert part in answer.json()["error"]
    assert counted("refused") == before + 1
    assert shop.engine.asked == []
    assert "an INCI name, a synonym or a family" in ask(shop, "zyxolide").json()["error"]


def test_where_they_are_refused_what_has_an_effect_is_answered(shop):
    assert told(refusing(shop), "nuts", "fragrence", "bergamot fruit", "none") == [FRAGRENCE]


def test_a_stored_word_is_never_refused_or_its_customer_would_be_for_ever(open_shop):
    shop = refusing(open_shop(Stored(("zyxolide",))))
    assert told(shop, "nuts", customer_id="ann") == [ZYXOLIDE]


def test_they_are_counted_each_time_and_logged_once_without_request_or_customer(open_shop, caplog):
    shop = open_shop(Stored(("zyxolide",)))
    before = counted("told"), counted("applied")
    with caplog.at_level(logging.WARNING, logger="serving"):
        for _ in range(2):
            told(shop, "fragrence", customer_id="ann")
    assert (counted("told"), counted("applied")) == (before[0] + 2, before[1] + 2)
    lines = [record.fields for record in caplog.records if "avoid" in record.message]
    assert lines == [
        {"words": "zyxolide", "suggestions": (), "applied": False},
        {"words": "fragrence", "suggestions": ("fragrance", "fragranced"), "applied": True},
    ]


@pytest.mark.parametrize("text", ["zyxolide of anna@example.com", "zyxolide, call 0171 234567", "zyx " * 30])
def test_what_may_name_a_person_is_told_and_counted_but_not_logged(shop, caplog, text):
    before = counted("told")
    with caplog.at_level(logging.WARNING, logger="serving"):
        assert told(shop, text)
    assert counted("told") > before
    logged = " ".join(str(getattr(record, "fields", "")) for record in caplog.records)
    assert all(part not in logged for part in ("anna", "234567", "zyx zyx"))


def test_a_log_is_not_filled_by_words_at_random(shop, caplog):
    with caplog.at_level(logging.WARNING, logger="serving"):
        for number in range(1_100):
            shop.handler._unrecognised.add([UnrecognisedWords(f"zyx{number}")])
    assert len(caplog.records) == 1_000


@pytest.mark.parametrize(
    ("avoided", "field"),
    [
        ("nuts", "avoided_ingredients"),
        ([7], "avoided_ingredients.0"),
        ([""], "avoided_ingredients.0"),
        (["nuts", "x" * 201], "avoided_ingredients.1"),
        (["nuts"] * 201, "avoided_ingredients"),
        ([["nuts"]], "avoided_ingredients.0"),
        ({"nuts": True}, "avoided_ingredients"),
    ],
)
def test_what_is_no_list_of_words_is_refused_by_field(shop, avoided, field):
    answer = shop.client.post(V1, json={"instances": [{"profile": {"avoided_ingredients": avoided}}]})
    assert answer.status_code == 400
    assert f"instances.0.profile.{field}." in answer.json()["error"]


def test_more_different_words_than_can_be_read_in_time_are_refused(shop):
    words = [f"{number:03}{'x' * 150}" for number in range(70)]
    assert ask_v1(shop, *words[:60]).status_code == 200
    answer = ask_v1(shop, *words)
    assert answer.status_code == 400
    for part in ("avoided_ingredients", "10710 characters", "at most 10000"):
        assert part in answer.json()["error"]
    same = {"profile": {"avoided_ingredients": words[:60]}}
    assert shop.client.post(V1, json={"instances": [same] * 5}).status_code == 200


def test_a_pasted_list_of_ingredients_is_read_name_by_name(shop):
    pasted = "Aqua, Glycerin, Prunus Amygdalus Dulcis Oil, Zyxolide, Parfum (Fragrance), 1,2-Hexanediol, Limonene."
    assert told(shop, pasted.upper()) == [{**ZYXOLIDE, "text": "ZYXOLIDE"}]


def test_the_engine_is_asked_with_what_was_sent_and_stored(open_shop):
    shop = open_shop(Stored(("nuts",)))
    shop.handler.respond([RecommendationRequest("ann", 1, Profile(avoided_ingredients=("zyxolide", "nuts")))], "r")
    assert shop.engine.asked[0].profile.avoided_ingredients == ("nuts", "zyxolide")
