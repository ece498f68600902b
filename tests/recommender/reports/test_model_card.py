"""The model card: it says what was measured and decided, with nothing left out or made up."""

from dataclasses import asdict, replace

import pandas as pd
import pytest

from recommender.contract import columns as c
from recommender.contract.tables import Tables
from recommender.evaluation.baselines.baselines import Baseline
from recommender.evaluation.bundle_evaluation import Evaluation
from recommender.evaluation.gate import GateCheck, GateDecision
from recommender.evaluation.metrics import Interval
from recommender.models.bundle import Bundle, new_bundle
from recommender.models.products.catalogue import Catalogue
from recommender.models.products.catalogue_building import build_catalogue
from recommender.reports.card.changes import changes_since
from recommender.reports.card.findings import limits_of_data, split_sentence
from recommender.reports.model_card import Measured, ModelCardContext, Slice, model_card, write_model_card
from settings.config import Config

WHOLE = {"HR@10": Interval(0.14, 0.135, 0.145), "NDCG@10": Interval(0.085, 0.082, 0.088)}
FIRST = ModelCardContext(
    version="0123456789abcdef",
    data_set="a <shop> | with_signs",
    fitted_on={"products": 12101},
    split="The last purchase of each customer was held out.",
    tested=22363,
    main_metric="NDCG@10",
    k=10,
    model=Measured("this model", WHOLE, {"coverage": 0.5}),
    promoted=True,
    reasons=("There is no champion yet.",),
    checks={"rules": True},
    violations=0,
    seed=7,
)
FULL = replace(
    FIRST,
    champion=Measured(
        "champion fedcba9876543210",
        {"HR@10": Interval(0.13, 0.12, 0.14), "NDCG@10": Interval(0.081, 0.078, 0.084)},
        {"coverage": 0.4},
    ),
    baselines=(Measured("popularity", {"NDCG@10": Interval(0.005, 0.004, 0.006)}),),
    slices=(
        Slice("skin type", "dry", 900, {"NDCG@10": Interval(0.09, 0.08, 0.1)}),
        Slice("skin type", "oily", 100, {"NDCG@10": Interval(0.05, 0.02, 0.08)}),
    ),
    few=100,
    families={"content": 1.0, "ease": 0.25},
    parameters={"model.decay": 0.6},
    knowledge={"families": "54"},
    limits=("No product lists its ingredients.",),
    software={"numpy": "2.4.6"},
)


def block(context: ModelCardContext, title: str):
    return next(b for s in model_card(context).sections for b in s.blocks if getattr(b, "title", "") == title)


@pytest.mark.parametrize("context", [FIRST, FULL], ids=["first", "full"])
def test_both_documents_are_written_and_say_the_same(context, tmp_path):
    write_model_card(context, tmp_path)
    html, markdown = (tmp_path / "model_card.html").read_text(), (tmp_path / "model_card.md").read_text()
    assert "://" not in html
    assert "<shop>" not in html + markdown
    for said in ("22,363", "0.085", "0.140 (0.135–0.145)", "There is no champion yet.", "seed (7)", "medical advice"):
        assert said in html
        assert said in markdown


def test_same_context_same_bytes(tmp_path):
    write_model_card(FULL, tmp_path / "a")
    write_model_card(FULL, tmp_path / "b")
    for name in ("model_card.html", "model_card.md"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_a_model_without_champion_is_called_the_first():
    assert "no champion: this is the first model" in model_card(FIRST).markdown()


def test_a_refusal_is_said_with_its_reasons():
    refused = replace(FULL, promoted=False, reasons=("NDCG@10 fell.", "Coverage fell."))
    card = model_card(refused).markdown()
    assert "Judged against the champion fedcba9876543210. The model does not go live" in card
    assert "- NDCG@10 fell.\n- Coverage fell.\n" in card
    assert ("decision", "refused") in model_card(refused).headline


def test_broken_rules_are_not_passed_over():
    card = model_card(replace(FIRST, violations=3)).markdown()
    assert "3 recommended products broke a rule" in card
    assert "No list of the test broke a rule" not in card


def test_every_model_stands_in_the_table_and_a_metric_it_lacks_is_blank():
    rows = {row[0]: row[1:] for row in block(FULL, "Figures").rows}
    assert rows["this model"] == ("0.140 (0.135–0.145)", "0.085 (0.082–0.088)")
    assert rows["champion fedcba9876543210"][1] == "0.081 (0.078–0.084)"
    assert rows["popularity"] == ("", "0.005 (0.004–0.006)")
    lists = {row[0]: row[1:] for row in block(FULL, "What the lists are like").rows}
    assert lists == {"this model": ("0.500",), "champion fedcba9876543210": ("0.400",), "popularity": ("",)}


def test_the_comparison_names_the_best_of_the_others():
    assert "(champion fedcba9876543210) 0.081: +0.004" in block(FULL, "NDCG@10 of each model").says


def test_only_parts_clearly_below_the_whole_are_named():
    says = block(FULL, "Figures by part of the customers").says
    assert says == "By NDCG@10, of the parts of at least 100 customers, clearly below all together: skin type oily."
    stricter = replace(FULL, few=101)
    assert block(stricter, "Figures by part of the customers").says.endswith("clearly below all together: none.")
    assert "skin type oily" not in block(stricter, "NDCG@10 by part of the customers").svg


def test_limits_of_the_data_are_added_to_those_that_always_hold():
    shown = next(s for s in model_card(FULL).sections if s.title == "Limits").blocks[0]
    assert shown.points[-1] == "No product lists its ingredients."
    assert len(shown.points) == 3


def evaluation(**changes) -> Evaluation:
    """Four tested customers of two skin types."""
    figures = {"hr@10": WHOLE["HR@10"], "ndcg@10": WHOLE["NDCG@10"]}
    row = {"hr": asdict(WHOLE["HR@10"]), "ndcg": asdict(WHOLE["NDCG@10"])}
    ranks = pd.DataFrame(
        {
            c.CUSTOMER_ID: [*"wxyz"],
            c.TIME: pd.to_datetime(["2023-01-01"] * 4, utc=True),
            "same_day": [True, False, False, False],
        }
    )
    slices = [{"slice": "skin type", "value": value, "customers": n, **row} for value, n in (("dry", 3), ("oily", 1))]
    given = Evaluation("judged", 10, figures, {"coverage": 0.5, "gini": 0.4}, 0, slices, ranks)
    return replace(given, **changes)


def catalogue(ingredients: list[list[str]]) -> Catalogue:
    products = pd.DataFrame({c.PRODUCT_ID: [f"p{n}" for n in range(len(ingredients))], c.INGREDIENTS: ingredients})
    return build_catalogue(Tables(products=products.assign(name=products[c.PRODUCT_ID])))


@pytest.fixture
def bundle(tmp_path):
    """A bundle with as much in it as the card reads."""
    parts = catalogue([["Aqua"], []])
    with new_bundle(tmp_path / "model", {"customers": 3, "products": 2, "purchases": 9}) as writer:
        writer.arrays("catalogue", parts.arrays())
        writer.json("catalogue", parts.texts())
    return tmp_path / "model"


def test_a_card_is_made_from_what_the_gate_has(bundle, tmp_path):
    config = Config(seed=5)
    decision = GateDecision(False, (GateCheck("rules", True, "none broken."), GateCheck("coverage", False, "too low.")))
    simple = Baseline("popularity", {"hr@10": WHOLE["HR@10"], "ndcg@10": WHOLE["NDCG@10"]}, {})
    reigning = evaluation(version="reigning", lists={"coverage": 0.9, "gini": 0.4})
    context = ModelCardContext.from_evaluation(evaluation(), reigning, decision, bundle, config, "shop", [simple])
    write_model_card(context, tmp_path)
    card = (tmp_path / "model_card.md").read_text()
    assert context.version == Bundle.open(bundle).version
    assert "- FAIL coverage: too low." in card
    assert "| champion reigning | 0.140 (0.135–0.145) | 0.085 (0.082–0.088) |" in card
    assert "| champion reigning | 0.900 | 0.400 |" in card
    assert "| popularity | 0.140 (0.135–0.145) |" in card
    assert "| bundle | 0.0 MB |" in card
    assert "| skin type | oily | 1 | 0.140 (0.135–0.145) | 0.085 (0.082–0.088) |" in card
    assert "| products with a list of ingredients | 1 of 2 |" in card
    assert "The last product of every customer with at least 2 was held out" in card
    assert "25.0% of the held-out products were used on the same day" in card
    assert "seed (5)" in card
    assert "| rules.unknown\\_ingredients | refuse |" in card


def test_every_parameter_that_shapes_the_model_is_in_the_card(bundle):
    context = ModelCardContext.from_evaluation(evaluation(), None, GateDecision(True, ()), bundle, Config(), "shop")
    assert context.families == Config().model.families.model_dump(mode="json")
    assert context.parameters["model.ranker.trees"] == Config().model.ranker.trees
    assert not [name for name in context.parameters if name.startswith(("serving", "monitoring"))]


MODEL = {"customers": 3, "products": 2, "purchases": 9, "config": {"seed": 0, "model": {"decay": 0.6, "trees": 9}}}


def test_what_changed_since_the_champion_is_listed_and_nothing_else():
    now = {**MODEL, "purchases": 1200, "config": {"seed": 0, "model": {"decay": 0.5, "depth": 3}}}
    found = changes_since(evaluation(model=now, megabytes=2.0), evaluation(model=MODEL, megabytes=1.0))
    assert found == (
        ("purchases learnt from", "9", "1,200"),
        ("model.decay", "0.6", "0.5"),
        ("model.depth", "–", "3"),
        ("model.trees", "9", "–"),
        ("bundle, MB", "1.0", "2.0"),
    )
    assert changes_since(evaluation(model=MODEL), evaluation(model=MODEL)) == ()


def test_the_card_says_what_changed_or_that_nothing_did():
    assert "Nothing that is recorded" in model_card(FULL).markdown()
    changed = model_card(replace(FULL, changes=(("model.decay", "0.6", "0.5"),))).markdown()
    assert "## What changed since the champion fedcba9876543210" in changed
    assert "| model.decay | 0.6 | 0.5 |" in changed
    assert "What changed" not in model_card(FIRST).markdown()


@pytest.mark.parametrize(
    ("kind", "date", "expected"),
    [
        ("random", None, "20.0% of the products of every customer with at least 2, drawn by the seed, were held out."),
        ("customers", None, "All that 20.0% of the customers did was held out; the model was given their profile"),
        ("time", "2023-01-01", "All from 2023-01-01 on was held out; to be found is each earlier customer's first new"),
    ],
)
def test_each_split_is_described(kind, date, expected):
    found = evaluation(split=kind, date=date)
    assert split_sentence(found, Config()).startswith(expected)
    if date:
        assert "of one period, from 2023-01-01" in limits_of_data(found, catalogue([["Aqua"]]), few=1)[0]


def test_limits_follow_from_the_data():
    dated = limits_of_data(evaluation(), catalogue([["Aqua"]]), few=2)
    assert [sentence.split(":")[0] for sentence in dated[1:]] == [
        "With fewer than 2 customers tested, these parts' figures are uncertain"
    ]
    assert dated[1].endswith(": skin type oily.")
    undated = evaluation(ranks=pd.DataFrame({c.TIME: pd.to_datetime([None], utc=True), "same_day": [False]}), slices=[])
    order, skin, ingredients = limits_of_data(undated, catalogue([[], []]), few=2)
    assert order.startswith("The data has no dates")
    assert skin.startswith("No tested customer has a skin type")
    assert ingredients.startswith("No product has a list of ingredients")
    assert limits_of_data(undated, catalogue([["Aqua"], []]), few=2)[2].startswith("50.0% of the products have no list")
