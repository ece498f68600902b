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
        Measured(
            "item-kNN", hits(0.09), {"coverage": 0.95}, "also-bought lists", {"HR@10": Interval(0.055, 0.05, 0.06)}
        ),
        Measured("popularity (all time)", hits(0.01), {"coverage": 0.003}, "best-sellers (all time)"),
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
        "themselves; with the present model 13, with also-bought lists 9 and with best-sellers (all time) 1."
    )
    assert parts.says.startswith("It serves best: age 25+ (40 of 100); least well: 1 product so far (5 of 100).")
    assert shop.says == (
        "90.0% of the products are shown to somebody; with the present model 80.0%, with also-bought lists 95.0% and "
        "with best-sellers (all time) 0.3%."
    )
    assert all(plot.svg.startswith("<svg") for plot in (finds, parts, shop))


def test_best_sellers_that_are_the_strongest_are_named_once():
    strongest_first = replace(CONTEXT, baselines=CONTEXT.baselines[::-1])
    alone = replace(CONTEXT, baselines=CONTEXT.baselines[1:])
    for context in (strongest_first, alone):
        names = [name for name, _ in brief(context).headline]
        assert names.count("find a product, of 100: best-sellers (all time)") == 1


def test_parts_that_are_too_small_or_named_by_no_sentence_are_left_out():
    ages = (*CONTEXT.slices[:3], replace(CONTEXT.slices[3], figures=hits(0.2)))
    drawn = plots(replace(CONTEXT, slices=ages))[1].svg
    assert "1 product so far" in drawn
    assert "2 products so far" not in drawn
    assert "25+" not in drawn


@pytest.mark.parametrize(
    ("promoted", "champion", "said"),
    [
        (True, True, "Yes: the new recommender for “a &lt;shop&gt;” is to replace the present one."),
        (True, False, "is to go live; it is the first."),
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
    says = plots(replace(CONTEXT, slices=near))[1].says
    assert says.startswith("Of the 2 parts with at least 100 customers (by history), no part is clearly served better")


@pytest.mark.parametrize(
    ("slices", "apart"),
    [
        # A part with the best mean and a wide interval hides none of the others.
        (
            (
                Slice("history", "1", 900, {"HR@10": Interval(0.3, 0.1, 0.5)}),
                Slice("history", "2", 900, hits(0.2)),
                Slice("history", "over 10", 900, hits(0.1)),
            ),
            ("2 products so far (20 of 100)", "over 10 products so far (10 of 100)"),
        ),
        # Parts by which the plot does not show customers are parts all the same.
        (
            (
                Slice("history", "1", 900, hits(0.15)),
                Slice("region", "north", 900, hits(0.2)),
                Slice("region", "south", 900, hits(0.12)),
            ),
            ("region north (20 of 100)", "region south (12 of 100)"),
        ),
    ],
)
def test_no_part_is_called_served_alike_where_any_two_are_apart(slices, apart):
    says = plots(replace(CONTEXT, slices=slices))[1].says
    assert "no part" not in says
    assert all(part in says for part in apart)


def test_what_was_bought_is_no_part_of_the_customers():
    bought = tuple(Slice("target sales", name, 900, hits(value)) for name, value in (("0", 0.01), ("50 and more", 0.4)))
    (finds, _) = plots(replace(CONTEXT, slices=bought))
    assert finds.title.startswith("Does it find")


def test_what_failed_is_said_with_its_reason():
    said = {"rules": "none was broken.", "coverage": "too little is shown."}
    markdown = brief(replace(CONTEXT, said=said, advice={"coverage": "Show more."})).markdown()
    assert "- Passed: none was broken." in markdown
    assert "- Not passed: too little is shown." in markdown
    assert "## Why it stays out, and what would change that\n\n- Too little is shown. Show more." in markdown


@pytest.mark.parametrize(
    ("lead", "said"),
    [
        (Interval(0.055, 0.05, 0.06), "5.5 more of 100 customers find a product (between 5.0 more and 6.0 more)"),
        (Interval(0.055, 0.05, 0.06), "the new model is certainly better."),
        (Interval(0.002, -0.001, 0.005), "it is not certain that the new model is better at all."),
        (Interval(-0.02, -0.03, -0.01), "2.0 fewer of 100 customers find a product (between 3.0 fewer and 1.0 fewer)"),
        (Interval(-0.02, -0.03, -0.01), "the new model is certainly worse"),
    ],
)
def test_the_strongest_simple_method_is_named_with_how_sure_the_lead_is(lead, said):
    strongest = replace(CONTEXT.baselines[0], leads={"HR@10": lead})
    lead_text = brief(replace(CONTEXT, baselines=(strongest,), strongest_by="chosen so")).lead
    assert "The strongest simple method is also-bought lists, chosen so." in lead_text
    assert said in lead_text


def test_a_champion_that_cannot_be_judged_makes_no_first_model():
    context = replace(CONTEXT, champion=None, unjudged="old", promoted=True)
    assert "is to replace the present one, which this version of the platform cannot judge" in brief(context).lead
    assert "the present one stays" in brief(replace(context, promoted=False)).lead


def test_it_says_of_which_data_set_and_when():
    html = brief(replace(CONTEXT, made="2026-01-02 03:04 UTC")).html()
    assert "data set “a &lt;shop&gt;”, made 2026-01-02 03:04 UTC" in html


def test_without_baselines_slices_and_shares_there_is_one_plot():
    bare = replace(CONTEXT, champion=None, baselines=(), slices=(), model=Measured("this model", hits(0.145)))
    (finds,) = plots(bare)
    assert finds.says.endswith("chose by themselves.")


def test_same_context_same_bytes():
    assert brief(CONTEXT).html() == brief(CONTEXT).html()
