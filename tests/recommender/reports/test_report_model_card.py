"""The model card: it says what was measured and decided, with nothing left out or made up."""

from dataclasses import replace

import pytest

from recommender.reports.model_card import Interval, ModelCardContext, Slice, model_card, write_model_card

WHOLE = {"HR@10": Interval(0.14, 0.135, 0.145), "NDCG@10": Interval(0.085, 0.082, 0.088)}
FIRST = ModelCardContext(
    version="0123456789abcdef",
    data_set="a <shop> | with_signs",
    data_version="d1",
    rows={"products": 12101},
    split="The last purchase of each customer was held out.",
    tested=22363,
    confidence=0.95,
    main_metric="NDCG@10",
    metrics=WHOLE,
    promoted=True,
    reasons=("There is no champion yet.",),
    violations=0,
    seed=7,
)
FULL = replace(
    FIRST,
    champion="fedcba9876543210",
    champion_metrics={"HR@10": Interval(0.13, 0.12, 0.14), "NDCG@10": Interval(0.081, 0.078, 0.084)},
    baselines={"popularity": {"NDCG@10": Interval(0.005, 0.004, 0.006)}},
    slices=(
        Slice("dry", 900, {"NDCG@10": Interval(0.09, 0.08, 0.1)}),
        Slice("oily", 100, {"NDCG@10": Interval(0.05, 0.02, 0.08)}),
    ),
    weights={"content": 1.0, "ease": 0.25},
    parameters={"model.decay": 0.6},
    knowledge={"families": 14},
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
    rows = {row[0]: row[1:] for row in block(FULL, "Metrics").rows}
    assert rows["this model"] == ("0.140 (0.135–0.145)", "0.085 (0.082–0.088)")
    assert rows["champion fedcba9876543210"][1] == "0.081 (0.078–0.084)"
    assert rows["popularity"] == ("", "0.005 (0.004–0.006)")


def test_the_comparison_names_the_best_of_the_others():
    assert "(champion fedcba9876543210) 0.081: +0.004" in block(FULL, "NDCG@10 of each model").says


def test_only_parts_clearly_below_the_whole_are_named():
    says = block(FULL, "Metrics by part of the customers").says
    assert says == "By NDCG@10, clearly below all customers together: oily."
    fine = replace(FULL, slices=FULL.slices[:1])
    assert "no part lies clearly below" in block(fine, "Metrics by part of the customers").says


def test_limits_of_the_data_are_added_to_those_that_always_hold():
    limits = next(s for s in model_card(FULL).sections if s.title == "Limits").blocks[0]
    assert limits.points[-1] == "No product lists its ingredients."
    assert len(limits.points) == 3
