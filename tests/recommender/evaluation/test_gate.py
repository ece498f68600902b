from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from recommender.config.evaluation import EvaluationSettings, GateSettings
from recommender.evaluation import metrics
from recommender.evaluation.bundle_evaluation import Evaluation
from recommender.evaluation.gate import decide_promotion

K = 10
CUSTOMERS = 2000
SETTINGS = EvaluationSettings(resamples=500)
UNWIDENED = SETTINGS.model_copy(update={"gate": GateSettings(most_margin=0)})


def evaluation(hits, coverage=0.5, violations=0, slices=()):
    """An evaluation in which the first ``hits`` customers find their product in the first place."""
    ranks = np.where(np.arange(CUSTOMERS) < hits, 0, metrics.MISSED)
    figures = {f"ndcg@{K}": metrics.mean_interval(metrics.ndcg(ranks, K), 100, 0)}
    frame = pd.DataFrame({"customer_id": [f"c{i}" for i in range(CUSTOMERS)], "product_id": "p", "rank": ranks})
    frame["sellable"] = True
    return Evaluation("v", K, figures, {"coverage": coverage}, violations, list(slices), frame)


def piece(value, ndcg, customers=500, slack=0.0):
    interval = {"value": ndcg, "low": ndcg - slack, "high": ndcg + slack}
    return {"slice": "age", "value": value, "customers": customers, "hr": interval, "ndcg": interval}


def failed(decision):
    return [check.name for check in decision.checks if not check.passed]


def decided(challenger, champion):
    return decide_promotion(challenger, champion, SETTINGS, seed=0)


@pytest.mark.parametrize(
    ("challenger", "champion", "expected"),
    [
        (evaluation(200), None, []),
        (evaluation(200), evaluation(200), []),
        (evaluation(220), evaluation(200), []),
        (evaluation(150), evaluation(200), ["not worse than the champion"]),
        (evaluation(0), None, ["finds held-out products"]),
        (evaluation(200, violations=1), None, ["rules"]),
        (evaluation(300, violations=1), evaluation(200), ["rules"]),
        (evaluation(200, coverage=0.24), evaluation(200), ["coverage"]),
        (evaluation(200, coverage=0.26), evaluation(200), []),
        (evaluation(100, coverage=0.1), evaluation(200), ["not worse than the champion", "coverage"]),
    ],
)
def test_what_the_gate_decides(challenger, champion, expected):
    decision = decided(challenger, champion)
    assert failed(decision) == expected
    assert decision.promote == (not expected)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (piece("25+", 0.2), piece("25+", 0.2), []),
        (piece("25+", 0.2), piece("25+", 0.14), ["slice age = 25+"]),
        (piece("25+", 0.2), piece("25+", 0.16), []),  # within the margin of a quarter
        (piece("25+", 0.2), piece("25+", 0.14, slack=0.02), []),  # within its own noise
        (piece("25+", 0.2), piece("25+", 0.0, customers=199), []),  # too few to judge
        (piece("25+", 0.2, customers=199), piece("25+", 0.0), []),
        (piece("25+", 0.2), piece("35+", 0.0), []),  # a slice that was not there before
    ],
)
def test_what_a_slice_may_lose(before, after, expected):
    decision = decided(evaluation(200, slices=[after]), evaluation(200, slices=[before]))
    assert failed(decision) == expected
    assert decision.promote == (not expected)


@pytest.mark.parametrize(
    ("cost", "expected"),
    [({"milliseconds": 101.0}, ["speed"]), ({"megabytes": 1001.0}, ["size"]), ({"milliseconds": 100.0}, [])],
)
def test_what_a_model_may_cost(cost, expected):
    for champion in (None, evaluation(200)):
        decision = decided(replace(evaluation(200), **cost), champion)
        assert failed(decision) == expected
        assert decision.promote == (not expected)
    assert all(f"FAIL {name}" in decision.reasons[-2 if name == "speed" else -1] for name in expected)


def test_customers_with_several_products_weigh_as_much_as_others():
    """Two customers: one gains a little on each of many products, the other loses its one."""
    many = pd.DataFrame({"customer_id": ["a"] * 5 + ["b"], "product_id": [*"pqrstu"], "sellable": True})
    ranks = {"champion": [5, 6, 7, 8, 9, 0], "challenger": [0, 1, 2, 3, 4, metrics.MISSED]}
    found = {name: replace(evaluation(200), ranks=many.assign(rank=places)) for name, places in ranks.items()}
    (reason,) = [line for line in decided(found["challenger"], found["champion"]).reasons if "not worse" in line]
    gain = 1 / np.log2(np.arange(10) + 2)
    assert f"differs by {(1 - gain[5:].sum() / gain[:5].sum() - 1) / 2:+.4f}" in reason


def test_the_margin_is_a_share_of_the_champions_figure():
    challenger, champion = evaluation(198), evaluation(200)
    strict = SETTINGS.model_copy(update={"gate": GateSettings(margin=0.0, most_margin=0)})
    generous = SETTINGS.model_copy(update={"gate": GateSettings(margin=0.05, most_margin=0)})
    assert not decide_promotion(challenger, champion, strict, seed=0).promote
    assert decide_promotion(challenger, champion, generous, seed=0).promote


def test_a_champion_that_knows_erased_customers_goes_for_a_slightly_worse_one():
    champion = evaluation(200)
    slightly, much = evaluation(192), evaluation(150)
    assert not decide_promotion(slightly, champion, UNWIDENED, seed=0).promote
    decision = decide_promotion(slightly, champion, UNWIDENED, seed=0, erased=True)
    assert decision.promote
    assert any("erased" in reason for reason in decision.reasons)
    assert not decide_promotion(much, champion, UNWIDENED, seed=0, erased=True).promote


def test_only_customers_that_both_were_asked_for_are_compared():
    champion, challenger = evaluation(200), evaluation(200)
    # The challenger was asked for a hundred customers less, all of them hits: its mean is lower, its answers are not.
    fewer = replace(challenger, ranks=challenger.ranks.iloc[100:])
    assert decided(fewer, champion).promote


def test_customers_in_another_order_are_the_same_customers():
    champion = evaluation(200)
    shuffled = replace(champion, ranks=champion.ranks.sample(frac=1, random_state=0))
    decision = decided(shuffled, champion)
    assert decision.promote
    assert "differs by +0.0000" in decision.reasons[2]


def test_reasons_are_sentences_with_figures():
    reasons = decide_promotion(evaluation(150), evaluation(200), UNWIDENED, seed=0).reasons
    assert reasons[0] == "pass rules: 0 recommended products break a rule; none may."
    assert reasons[2].startswith("FAIL not worse than the champion: NDCG@10 differs by -0.0250; with 95% confidence")
    assert "-0.0020 is allowed" in reasons[2]


@pytest.mark.parametrize(("lost", "believed"), [(None, True), (0.0, True), (0.1, True), (0.11, False)])
def test_data_that_has_lost_what_the_champion_learnt_from_is_not_believed(lost, believed):
    decision = decide_promotion(evaluation(200), evaluation(200), SETTINGS, seed=0, lost=lost)
    assert decision.promote == believed
    assert failed(decision) == ([] if believed else ["believable data"])


def test_what_cannot_be_bought_any_more_is_no_target():
    champion, challenger = evaluation(200), evaluation(150)
    assert failed(decided(challenger, champion)) == ["not worse than the champion"]
    gone = np.arange(CUSTOMERS) >= 150  # all that the champion finds and the challenger does not, and what nobody does
    later = replace(challenger, ranks=challenger.ranks.assign(sellable=~gone))
    assert failed(decided(later, champion)) == []


@pytest.mark.parametrize("name", ["target sales", "target day"])
def test_parts_of_the_purchases_are_told_but_not_guarded(name):
    pieces = [[piece("x", ndcg) | {"slice": name}] for ndcg in (0.1, 0.5)]
    worse, better = (evaluation(200, slices=rows) for rows in pieces)
    assert failed(decided(worse, better)) == []


def refused(decision, name):
    return next(check for check in decision.checks if check.name == name)


@pytest.mark.parametrize(
    ("changes", "name", "said"),
    [
        ({}, "not worse than the champion", ("25.0% worse", "evaluation.gate.margin: 0.31", "beauty tune")),
        ({"lists": {"coverage": 0.1}}, "coverage", ("evaluation.gate.minimum_coverage: 0.2 or less",)),
        ({"milliseconds": 180.2}, "speed", ("evaluation.gate.most_milliseconds: 181",)),
        ({"megabytes": 2_000_000.5}, "size", ("2,000,000.5 MB", "evaluation.gate.most_megabytes: 2000001")),
        ({"violations": 2}, "rules", ("2 recommended products broke a rule",)),
        (
            {"slices": [piece("25+", 0.1)]},
            "slice age = 25+",
            ("500 customers with age 25+", "50.0% worse", "evaluation.gate.slice_margin: 0.5"),
        ),
    ],
)
def test_a_refusal_says_in_plain_words_what_would_change_it(changes, name, said):
    challenger = replace(evaluation(150 if not changes else 200), **changes)
    check = refused(decided(challenger, evaluation(200, slices=[piece("25+", 0.2)])), name)
    assert not check.passed
    text = f"{check.plain or check.reason} {check.advice}"
    assert all(part in text for part in said), text
    assert "e+0" not in text


def test_the_data_that_is_lost_names_the_key_that_lets_it_pass():
    check = refused(decide_promotion(evaluation(200), evaluation(200), SETTINGS, seed=0, lost=0.234), "believable data")
    assert "evaluation.gate.most_lost: 0.24" in check.advice


def test_a_small_loss_beside_the_champion_is_refused_where_it_adds_to_earlier_ones():
    first, champion, challenger = (
        replace(evaluation(hits), version=name) for name, hits in (("a", 200), ("b", 180), ("c", 176))
    )
    alone = decided(challenger, champion)
    assert alone.promote
    both = decide_promotion(challenger, champion, SETTINGS, seed=0, anchor=first)
    assert failed(both) == ["not worse than an earlier champion"]
    assert "than an earlier champion" in refused(both, "not worse than an earlier champion").plain


@pytest.mark.parametrize(
    ("hits", "anchor", "measured_from"), [(200, None, "b"), (240, None, None), (198, "a", "a"), (240, "a", None)]
)
def test_losses_are_measured_from_the_last_champion_that_was_certainly_better(hits, anchor, measured_from):
    champion = replace(evaluation(200), version="b")
    first = replace(evaluation(198), version=anchor) if anchor else None
    challenger = replace(evaluation(hits), version="c")
    found = decide_promotion(challenger, champion, SETTINGS, seed=0, anchor=first)
    assert found.promote
    assert found.measured_from == measured_from


def test_after_an_erasure_nothing_is_measured_from_a_model_that_knows_the_customer():
    champion, first = (replace(evaluation(200), version=name) for name in ("b", "a"))
    found = decide_promotion(evaluation(190), champion, SETTINGS, seed=0, erased=True, anchor=first)
    assert found.measured_from is None
    assert "not worse than an earlier champion" not in [check.name for check in found.checks]


def test_a_refusal_says_when_there_are_too_few_finds_and_promises_no_loss_of_more_than_all():
    few, none = evaluation(4), replace(evaluation(4), ranks=evaluation(4).ranks.assign(rank=metrics.MISSED))
    (check,) = [one for one in decided(few, few).checks if one.name == "not worse than the champion"]
    assert not check.passed
    assert "the 4 finds of the champion are too few to tell more" in check.plain
    (check,) = [one for one in decided(none, few).checks if one.name == "not worse than the champion"]
    assert "at worst 100.0% worse" in check.plain
    assert "evaluation.gate.margin" not in check.advice
    (check,) = [one for one in decided(few, none).checks if one.name == "not worse than the champion"]
    assert check.passed
    assert "found none" in check.plain
