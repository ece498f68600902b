"""Products that nobody has bought yet are found by what they are."""

import pytest

from recommender.contract.query import Profile, Query
from recommender.engine.engine import Engine
from recommender.training.bundles import fit_on_everything
from settings.config import Config

CONFIG = Config.parse({"model": {"ranker": {"enabled": False}, "groups": {"minimum": 2}}}, where="test")
NAMES = ["Rose Petal Cream", "Rose Petal Balm", "Clay Mask", "Argan Oil", "Sea Salt Scrub", "Mint Shampoo"]


@pytest.fixture(scope="module")
def shop(tables_of, tmp_path_factory):
    """``p1`` and ``p5`` have never been sold; the one is like ``p0`` by its name, the other serves redness."""
    ids = [f"p{i}" for i in range(len(NAMES))]
    uses = [(f"c{i}", product) for i in range(6) for product in ("p0", "p2", "p3", "p4")[i % 2 : i % 2 + 3]]
    ingredients = [["Aqua"]] * 5 + [["Niacinamide", "Aqua"]]
    tables = tables_of(
        products={"product_id": ids, "name": NAMES, "ingredients": ingredients},
        transactions={"customer_id": [who for who, _ in uses], "product_id": [what for _, what in uses]},
    )
    folder = tmp_path_factory.mktemp("new") / "model"
    fit_on_everything(tables, CONFIG, folder)
    return Engine.load(folder)


def ids(engine, query):
    (answer,) = engine.recommend([query])
    return [item.product_id for item in answer.items]


def test_by_their_texts_for_who_has_something_like_them(shop):
    found = ids(shop, Query("x", products=("p0",)))
    assert found.index("p1") < found.index("p5")
    (answer,) = shop.recommend([Query("x", products=("p0",))])
    assert next(item for item in answer.items if item.product_id == "p1").reasons[0].kind == "similar"


def test_by_their_ingredients_for_who_has_nothing(shop):
    concerned, other = (Query("x", profile=Profile(concerns=concerns)) for concerns in (("rosacea",), ()))
    assert ids(shop, concerned).index("p5") < ids(shop, concerned).index("p1")
    (answer,) = shop.recommend([concerned])
    assert "concern" in [reason.kind for item in answer.items if item.product_id == "p5" for reason in item.reasons]
    assert {"p1", "p5"} < {*ids(shop, other)}
