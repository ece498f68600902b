"""While the store fails, no answer shows what its customer may avoid: the real engine, rules and knowledge."""

import numpy as np
import orjson
import pandas as pd
import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from recommender.contract.query import Profile, Query
from recommender.contract.tables import Tables
from recommender.engine.engine import Engine
from recommender.knowledge.knowledge import Knowledge
from recommender.models.avoidances import Avoidances
from recommender.training.bundles import fit_on_everything
from serving.answering.handler import STORE_UNAVAILABLE, RecommendationHandler
from serving.answering.requests import RecommendationRequest
from serving.customers.source import Customer, StoreUnavailableError
from serving.impressions.log import NoImpressions
from serving.models.loaded_model import LoadedModel, ModelSlot
from serving.models.recommendation_cache import RecommendationCache
from serving.models.variants import VariantRouter
from serving.protocol import v1, v2
from settings.config import Config
from settings.serving import COMMONLY_AVOIDED, ServingSettings

KNOWLEDGE = Knowledge.load()
CONFIG = Config.parse({"model": {"ranker": {"enabled": False}}}, where="test")
PLAIN = ("aqua", "glycerin", "niacinamide", "panthenol")
NAMED = {
    family: (*KNOWLEDGE.families[family].members, *KNOWLEDGE.families[family].words) for family in COMMONLY_AVOIDED
}
OF_FAMILIES = sorted({member for members in NAMED.values() for member in members})
SHARED = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])

avoidable = st.sampled_from([*COMMONLY_AVOIDED, *OF_FAMILIES])
"""Anything that a customer may have declared: a common family, or anything that belongs to one."""


def fitted(folder, labels, customers=None):
    """The engine of a shop whose products have these ingredients."""
    ids = [f"p{number:03}" for number in range(len(labels))]
    products = pd.DataFrame({"product_id": ids, "name": [f"thing {id_}" for id_ in ids], "ingredients": labels})
    uses = [(f"c{who}", ids[(who * 7 + step) % len(ids)], step) for who in range(40) for step in range(4)]
    transactions = pd.DataFrame(uses, columns=["customer_id", "product_id", "day"]).assign(quantity=1, position=0)
    days = pd.to_timedelta(transactions.pop("day"), unit="D")
    transactions["time"] = (pd.Timestamp("2025-01-01", tz="UTC") + days).dt.as_unit("us")
    fit_on_everything(Tables(products, customers, transactions), CONFIG, folder)
    return Engine.load(folder)


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    """Of every family some products, some of none, and some that do not say."""
    draw = np.random.default_rng(0)
    holding = [[*draw.choice(PLAIN, 2), str(draw.choice(members))] for members in NAMED.values() if members] * 3
    plain = [[*draw.choice(PLAIN, 3, replace=False)] for _ in range(15)]
    customers = pd.DataFrame({"customer_id": ["dee"], "avoided_ingredients": [["niacinamide"]]})
    return fitted(tmp_path_factory.mktemp("shop") / "bundle", [*holding, *plain, *[None] * 10], customers)


class Store:
    """Knows ann, until it breaks."""

    def __init__(self, avoided, customer_id="ann"):
        self.avoided = avoided
        self.known = customer_id
        self.broken = False

    def read(self, customer_ids):
        if self.broken == "spoilt":
            return dict.fromkeys(customer_ids)
        if self.broken:
            raise StoreUnavailableError("gone")
        return {id_: Customer(avoided_ingredients=self.avoided) for id_ in customer_ids if id_ == self.known}


def handler(engine, store, **changed):
    models = ModelSlot()
    models._model = LoadedModel(engine, RecommendationCache(engine, 100))
    return RecommendationHandler(VariantRouter(models), store, NoImpressions(), ServingSettings(**changed))


def ask(asked, customer_id="ann", similar_to=None, **profile):
    """What the customer is shown, and the answer's flag."""
    request = RecommendationRequest(customer_id, 100, Profile(**profile), similar_to=similar_to)
    (answer,) = asked.respond([request], "r").responses
    return [item.product_id for item in answer.items], answer.fallback


def broken_rules(engine, products, avoided):
    query = Query("ann", profile=Profile(avoided_ingredients=tuple(avoided)))
    return [found for found in engine.rules.check(query, products) if found.rule != "owned"]


@SHARED
@given(
    avoided=st.lists(avoidable, min_size=1, max_size=3),
    skin=st.sampled_from([None, "dry"]),
    lenient=st.sampled_from([None, False]),
    like=st.sampled_from([None, "p001", "p050"]),
    how=st.sampled_from(["gone", "spoilt"]),
)
def test_nothing_of_a_commonly_avoided_family_is_shown_when_the_store_fails(engine, avoided, skin, lenient, like, how):
    store = Store(tuple(avoided))
    store.broken = how

    shown, fallback = ask(handler(engine, store), "ann", like, skin_type=skin, avoid_unknown_ingredients=lenient)

    assert broken_rules(engine, shown, avoided) == []
    assert all(engine.catalogue.ingredients(engine.catalogue.index[product]) for product in shown)
    assert fallback == STORE_UNAVAILABLE
    assert shown


@SHARED
@given(avoided=st.lists(avoidable | st.sampled_from(PLAIN), max_size=3))
def test_avoidances_read_a_moment_ago_still_apply(engine, avoided):
    store = Store(tuple(avoided))
    asked = handler(engine, store)
    before, _ = ask(asked)

    store.broken = True
    after, fallback = ask(asked)

    assert (after, fallback) == (before, STORE_UNAVAILABLE)
    assert broken_rules(engine, after, avoided) == []
    event("something is left" if after else "nothing is left")


@pytest.mark.parametrize("broken", [True, False])
def test_avoidances_declared_before_the_training_apply_without_the_store(engine, broken):
    """An ingredient of no common family: the bundle knows who avoids it, also when the store has lost the customer."""
    store = Store(())
    store.broken = broken

    shown, _ = ask(handler(engine, store), "dee")

    assert shown
    assert broken_rules(engine, shown, ["niacinamide"]) == []
    assert broken_rules(engine, ask(handler(engine, store), "eve")[0], ["niacinamide"])


class Emptied:
    """A store that lost what it had, and then got a row of this customer's without what is avoided, or with other."""

    def __init__(self, avoided):
        self.avoided = avoided
        self.broken = False

    def read(self, customer_ids):
        if self.broken:
            raise StoreUnavailableError("gone")
        return {id_: Customer(avoided_ingredients=self.avoided, dismissed=("p001",)) for id_ in customer_ids}


@pytest.mark.parametrize("avoided", [(), ("panthenol",)])
def test_avoidances_declared_before_the_training_apply_whatever_the_store_says(engine, avoided):
    """Also what was taken back in the shop, until the next training: the two cannot be told apart."""
    store = Emptied(avoided)
    asked = handler(engine, store)

    for broken in (False, True):
        store.broken = broken
        shown, _ = ask(asked, "dee")
        assert shown
        assert broken_rules(engine, shown, ["niacinamide", *avoided]) == []
    store.broken = False
    assert broken_rules(engine, ask(asked, "eve")[0], ["niacinamide"])


def test_anonymous_and_new_customers_are_not_restricted(engine):
    store = Store(())
    everything, _ = ask(handler(engine, store), "new")
    store.broken = True

    nobody, _ = ask(handler(engine, store), "")
    feared, _ = ask(handler(engine, store), "new")

    assert nobody == everything
    assert len(feared) < len(everything)


def test_a_shop_may_configure_the_commonly_avoided_families(engine):
    store = Store(("nuts",))
    store.broken = True

    shown, _ = ask(handler(engine, store, commonly_avoided=("milk",)))

    assert broken_rules(engine, shown, ["milk"]) == []
    assert broken_rules(engine, shown, ["nuts"])


def test_without_any_ingredient_list_caution_shows_nothing_unless_nobody_avoids_anything(tmp_path):
    store = Store(())
    store.broken = True
    engine = fitted(tmp_path / "bundle", [None] * 30)

    shown, fallback = ask(handler(engine, store))
    assert (len(shown), fallback) == (30, STORE_UNAVAILABLE)

    for known in (Avoidances.from_declared({"bob": ("nuts",)}), Avoidances.unknown()):
        engine.avoidances = known
        assert ask(handler(engine, store)) == ([], STORE_UNAVAILABLE)


def test_the_common_families_are_families_that_are_known():
    assert [family for family in COMMONLY_AVOIDED if family not in KNOWLEDGE.families] == []


def test_a_requests_own_avoidances_are_added(engine):
    store = Store(())
    store.broken = True

    shown, _ = ask(handler(engine, store), avoided_ingredients=("panthenol",))

    assert shown
    assert broken_rules(engine, shown, ["panthenol", *COMMONLY_AVOIDED]) == []


@pytest.mark.parametrize("broken", [False, "gone"])
@pytest.mark.parametrize("spelling", ["7", "7.0", " 7.0\n", "\ufeff7"])
def test_stored_avoidances_apply_however_the_customer_is_written(engine, spelling, broken):
    store = Store(("fragrance",), customer_id="7")
    asked = handler(engine, store)
    ask(asked, "7")
    store.broken = broken
    for requests in (
        v1.decode(orjson.dumps({"instances": [{"customer_id": spelling, "k": 100}]}), 100),
        v2.decode(orjson.dumps({"inputs": [bytes_tensor("customer_id", spelling)]}), None, 100).requests,
    ):
        (answer,) = asked.respond(requests, "r").responses
        shown = [item.product_id for item in answer.items]
        assert answer.fallback == (STORE_UNAVAILABLE if broken else "")
        assert shown
        assert broken_rules(engine, shown, ["fragrance"]) == []


def bytes_tensor(name, text):
    return {"name": name, "datatype": "BYTES", "shape": [1], "data": [text]}
