"""The page for people who decide: what was decided, in plain words, and three plots."""

from dataclasses import replace

import pytest

from recommender.evaluation.metrics import Interval
from recommender.reports.brief import brief, write_brief
from recommender.reports.card.context import Measured, ModelCardContext, Slice
from recommender.reports.page import Plot


def hits(value):
    return {"HR@10": Interval(value, value - 0.005, value + 0.005), "NDCG@10": Interval(0.1, 0.1, 0.1)}


CONTEXT = ModelCardContext(
    version="0123456789abcdef",
    data_set="a <shop>",
    fitted_on={},
    split="",
    tested=22363,
    main_metric="NDCG@10",
    k=10,
    model=Measured("this model", hits(0.145), {"coverage": 0.9}),
    promoted=True,
    reasons=("pass rules: 0 broken.", "FAIL coverage: too low."),
    checks={"rules": True, "coverage": False},
    violations=0,
    seed=0,
    champion=Measured("champion x", hits(0.13), {"coverage": 0.8}),
    baselines=(
        Measured("popularity", hits(0.01), {"coverage": 0.003}),
        Measured("bought together", hits(0.09), {"coverage": 0.95}),
    ),
    slices=(
        Slice("history", "1", 900, hits(0.05)),
        Slice("history", "over 10", 900, hits(0.25)),
        Slice("history", "2", 10, hits(0.9)),
        Slice("age", "25+", 900, hits(0.4)),
    ),
    few=100,
)


def plots(context):
    return [part for section in brief(context).sections for part in section.blocks if isinstance(part, Plot)]


def test_three_plots_with_a_sentence_each():
    finds, parts, shop = plots(CONTEXT)
    assert finds.says == (
        "Of 100 customers, 14.5 (between 14 and 15) are shown, among 10 products, one that they then chose by "
        "themselves; with the present model 13 and with the best-sellers 1."
    )
    assert parts.says.startswith("It serves best: over 10 products so far (25 of 100); least well: 1 product so far (5")
    assert shop.says == (
        "90.0% of the products are shown to somebody; with the present model 80.0% and with the best-sellers 0.3%."
    )
    assert all(plot.svg.startswith("<svg") for plot in (finds, parts, shop))


def test_parts_that_are_too_small_or_not_asked_for_are_left_out():
    drawn = plots(CONTEXT)[1].svg
    assert "1 product so far" in drawn
    assert "2 products so far" not in drawn
    assert "25+" not in drawn


@pytest.mark.parametrize(
    ("promoted", "champion", "said"),
    [
        (True, True, "Yes: the new recommender for “a &lt;shop&gt;” replaces the present one."),
        (True, False, "goes live; it is the first."),
        (False, True, "No: the new recommender for “a &lt;shop&gt;” stays out, and the present one stays."),
        (False, False, "stays out."),
    ],
)
def test_the_first_sentence_is_the_decision(promoted, champion, said, tmp_path):
    write_brief(replace(CONTEXT, promoted=promoted, champion=CONTEXT.champion if champion else None), tmp_path)
    html = (tmp_path / "brief.html").read_text()
    assert said in html
    assert "<shop>" not in html
    assert "://" not in html
    assert ("with the present model" in html) == champion


def test_parts_whose_intervals_meet_are_not_told_apart():
    near = (Slice("history", "1", 900, hits(0.141)), Slice("history", "2", 900, hits(0.149)))
    assert plots(replace(CONTEXT, slices=near))[1].says.startswith("No part of the customers is clearly served better")


def test_what_failed_is_said_with_its_reason():
    markdown = brief(CONTEXT).markdown()
    assert "- Passed: no recommended product broke a rule" in markdown
    assert "- Not passed: coverage: too low." in markdown


def test_without_baselines_slices_and_shares_there_is_one_plot():
    bare = replace(CONTEXT, champion=None, baselines=(), slices=(), model=Measured("this model", hits(0.145)))
    (finds,) = plots(bare)
    assert finds.says.endswith("chose by themselves.")


def test_same_context_same_bytes():
    assert brief(CONTEXT).html() == brief(CONTEXT).html()
