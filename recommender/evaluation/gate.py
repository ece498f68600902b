"""The gate: a challenger becomes champion only if the same customers would not be worse off."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from recommender.config.evaluation import EvaluationSettings, GateSettings
from recommender.contract import columns as c
from recommender.evaluation.bundle_evaluation import RANK, SELLABLE, Evaluation, owners
from recommender.evaluation.metrics import ndcg
from recommender.evaluation.not_worse import NotWorse
from recommender.evaluation.slices import OF_PURCHASES


@dataclass(frozen=True)
class GateCheck:
    """One check of the gate and its result, readable by a person.

    Attributes:
        name: Of the check.
        passed: Whether the challenger passed it.
        reason: With figures, for who runs the platform.
        plain: The same in plain words, for who decides; empty where ``reason`` is plain.
        advice: What would change a refusal.
    """

    name: str
    passed: bool
    reason: str
    plain: str = ""
    advice: str = ""


@dataclass(frozen=True)
class GateDecision:
    """Whether the challenger is promoted, and every check.

    Attributes:
        promote: Whether every check was passed.
        checks: Each check.
        measured_from: Version of the model that small losses are measured from once this challenger is champion; None
            where that is itself.
    """

    promote: bool
    checks: tuple[GateCheck, ...]
    measured_from: str | None = None

    @property
    def reasons(self) -> list[str]:
        """Each check in one line, with what would change it where it was not passed."""
        return [_line(check) for check in self.checks]


def _line(check: GateCheck) -> str:
    advice = f" {check.advice}" if check.advice and not check.passed else ""
    return f"{'pass' if check.passed else 'FAIL'} {check.name}: {check.reason}{advice}"


def decide_promotion(
    challenger: Evaluation,
    champion: Evaluation | None,
    settings: EvaluationSettings,
    seed: int,
    lost: float | None = None,
    *,
    erased: bool = False,
    anchor: Evaluation | None = None,
) -> GateDecision:
    """Run every check of the gate.

    Args:
        challenger: Evaluated on a split.
        champion: Evaluated on the same split, by the bundle that was judged when it was promoted; None where
            there is no champion yet, and then nothing is compared.
        settings: Margins and resamples.
        seed: Of the resamples.
        lost: Share of what the champion learnt from that is not in the data any more, where that is known
            (``recommender.evaluation.data_loss``).
        erased: Whether the champion knows customers who were erased since: then the challenger may be somewhat worse
            (``erasure_margin``), as they must go from what answers too.
        anchor: The last champion that was certainly better than those before it, where that is not the present one:
            it must not be worse than this one either, so that small losses do not add up.
    """
    checks, measured_from = [_rules(challenger), _finds_anything(challenger)], None
    if champion is not None:
        found = _compared(challenger, champion, settings, seed, erased)
        start = _compared(challenger, anchor, settings, seed, erased) if anchor and not erased else None
        checks += [
            _not_worse(found, "the champion", challenger.k),
            *([_not_worse(start, "an earlier champion", challenger.k)] if start else []),
            _coverage(challenger, champion, settings.gate),
            *_slices(challenger, champion, settings.gate),
        ]
        if not erased and not (start or found).certainly_better:
            measured_from = (anchor or champion).version
    if lost is not None:
        checks.append(_believable(lost, settings.gate))
    checks += [_speed(challenger, settings.gate), _size(challenger, settings.gate)]
    return GateDecision(all(check.passed for check in checks), tuple(checks), measured_from)


def _rules(challenger: Evaluation) -> GateCheck:
    count = challenger.violations
    return GateCheck(
        "rules",
        count == 0,
        f"{count} recommended products break a rule; none may.",
        plain=f"{count} recommended products broke a rule (avoided ingredients, stock, dismissed products); none may.",
        advice="That is a fault of the platform, not of the model: report it with the run's folder.",
    )


def _finds_anything(challenger: Evaluation) -> GateCheck:
    value, tested = challenger.figures[f"ndcg@{challenger.k}"].value, challenger.customers
    found = int((challenger.judged[RANK] < challenger.k).sum())
    return GateCheck(
        "finds held-out products",
        value > 0,
        f"NDCG@{challenger.k} is {value:.4f}; it must be above 0.",
        plain=f"it found {found:,} of the {len(challenger.judged):,} purchases that were held back from it.",
        advice=f"With {tested:,} customers tested none was found: check that ids of products are the same in all "
        "tables (beauty quarantine), or wait for more purchases.",
    )


def _compared(
    challenger: Evaluation, other: Evaluation, settings: EvaluationSettings, seed: int, erased: bool
) -> NotWorse:
    difference, base = _paired(challenger, other)
    return NotWorse(difference, base, settings.gate, settings.resamples, seed, erased)


def _not_worse(found: NotWorse, other: str, k: int) -> GateCheck:
    """The paired comparison of NDCG on the same customers, in words."""
    gate = found.settings
    why = " (the champion knows customers who were erased since)" if found.erased else ""
    wide = f" (widened from {gate.margin:.0%}, as few customers were tested)" if found.is_widened else ""
    sure = f"{gate.confidence:.0%}"
    return GateCheck(
        f"not worse than {other}",
        found.passed,
        f"NDCG@{k} differs by {found.mean:+.4f}; with {sure} confidence by at least {found.low:+.4f}, and "
        f"{-found.allowed:+.4f} is allowed{why}: {found.margin:.1%}{wide}. {_power(found)}",
        plain=_plain(found, other, sure),
        advice=_advice(found),
    )


def _plain(found: NotWorse, other: str, sure: str) -> str:
    """The comparison without NDCG."""
    if not found.level:
        return f"{other} found none of what the same {found.customers:,} customers bought: it cannot be worse."
    few = f" (the {found.finds:,} finds of {other} are too few to tell more)" if found.is_unseen else ""
    worst = _than(max(-found.margin_needed, -1.0), other)
    return (
        f"for the same {found.customers:,} customers it is measured {_than(found.change, other)}; with {sure} "
        f"certainty it is at worst {worst}{few}, and {found.margin:.1%} worse is allowed."
    )


def _than(change: float, other: str) -> str:
    """(-0.012, "the champion") -> "1.2% worse than the champion"."""
    if abs(change) < 0.0005:
        return f"as good as {other}"
    return f"{abs(change):.1%} {'worse' if change < 0 else 'better'} than {other}"


def _power(found: NotWorse) -> str:
    """How much this test can tell."""
    return (
        f"With {found.customers:,} customers a model as good passes {found.power:.0%} of the time, and one that loses "
        f"{found.margin:.1%} is refused {found.settings.confidence:.0%} of the time."
    )


def _advice(found: NotWorse) -> str:
    gate, needed = found.settings, found.margin_needed
    key = "erasure_margin" if found.erased else "margin"
    ways = ["a better model (beauty tune)"]
    if found.customers_needed > found.customers and found.change > -found.margin:
        ways.append(
            f"more customers: with {found.customers_needed:,} tested, a model as good would pass {gate.power:.0%} of "
            "the time"
        )
    if needed < 1:
        ways.append(f"or, if that loss is acceptable, evaluation.gate.{key}: {np.ceil(1000 * needed) / 1000:g} or more")
    return f"What would change it: {'; '.join(ways)}."


def _believable(lost: float, settings: GateSettings) -> GateCheck:
    return GateCheck(
        "believable data",
        lost <= settings.most_lost,
        f"{lost:.1%} of what the champion learnt from is not in the data any more; at most {settings.most_lost:.0%} "
        "may be missing, or the data is taken for broken (evaluation.gate.most_lost).",
        advice="Mend the source (a wrong join looks so); if the data was meant to change, set "
        f"evaluation.gate.most_lost: {np.ceil(100 * lost) / 100:g} for one training.",
    )


def _coverage(challenger: Evaluation, champion: Evaluation, settings: GateSettings) -> GateCheck:
    least = settings.minimum_coverage * champion.coverage
    return GateCheck(
        "coverage",
        challenger.coverage >= least,
        f"{challenger.coverage:.1%} of the products in stock are recommended to someone; at least {least:.1%} must be.",
        advice="What would change it: a higher model.diversity, a tuned blend (beauty tune), or "
        f"evaluation.gate.minimum_coverage: {_down(challenger.coverage / champion.coverage)} or less."
        if champion.coverage
        else "",
    )


def _slices(challenger: Evaluation, champion: Evaluation, settings: GateSettings) -> Iterator[GateCheck]:
    """A check for each part of the customers that is large enough and loses more than the margin."""
    before = {(row["slice"], row["value"]): row for row in champion.slices if row["slice"] not in OF_PURCHASES}
    failed = False
    for row in challenger.slices:
        old = before.get((row["slice"], row["value"]))
        if old is None or min(row["customers"], old["customers"]) < settings.minimum_slice:
            continue
        least = (1 - settings.slice_margin) * old["ndcg"]["value"]
        # The interval's upper end: a slice fails only if it is worse beyond its own noise.
        if row["ndcg"]["high"] < least:
            failed = True
            yield _slice(row, old, least, settings)
    if not failed:
        yield GateCheck(
            "slices",
            True,
            f"none falls by more than {settings.slice_margin:.0%}.",
            plain=f"no part of {settings.minimum_slice:,} customers or more certainly loses over "
            f"{settings.slice_margin:.0%}.",
        )


def _slice(row: Mapping[str, Any], old: Mapping[str, Any], least: float, settings: GateSettings) -> GateCheck:
    now, before = row["ndcg"]["value"], old["ndcg"]["value"]
    needed = np.ceil(1000 * (1 - row["ndcg"]["high"] / before)) / 1000
    return GateCheck(
        f"slice {row['slice']} = {row['value']}",
        False,
        f"NDCG is {now:.4f}; at least {least:.4f} must hold.",
        plain=f"the {row['customers']:,} customers with {row['slice']} {row['value']} are served "
        f"{_than(now / before - 1, 'by the present model')}; {settings.slice_margin:.0%} worse is allowed.",
        advice="What would change it: more data of these customers, another blend (beauty tune), or, if that loss is "
        f"acceptable, evaluation.gate.slice_margin: {needed:g} or more.",
    )


def _speed(challenger: Evaluation, settings: GateSettings) -> GateCheck:
    took, most = challenger.milliseconds, settings.most_milliseconds
    return GateCheck(
        "speed",
        took <= most,
        f"the median answer took {took:.1f} ms; at most {most:,.10g} ms are allowed.",
        advice="What would change it: a faster or less busy machine, fewer model.candidates, or "
        f"evaluation.gate.most_milliseconds: {np.ceil(took):,.10g}.",
    )


def _size(challenger: Evaluation, settings: GateSettings) -> GateCheck:
    has, most = challenger.megabytes, settings.most_megabytes
    return GateCheck(
        "size",
        has <= most,
        f"the bundle has {has:,.1f} MB; at most {most:,.10g} MB are allowed.",
        advice="What would change it: fewer model.families.neighbours, or evaluation.gate.most_megabytes: "
        f"{np.ceil(has):.10g} where serving has the memory.",
    )


def _down(share: float) -> str:
    """Rounded down to three digits."""
    return f"{np.floor(1000 * share) / 1000:g}"


def _paired(challenger: Evaluation, champion: Evaluation) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """NDCG differences, and the champion's NDCG, of the customers that both were evaluated on.

    What cannot be bought any more is no target: only a model that does not know this yet can still show it. Neither is
    another variant of what the customer has.
    """
    keys = [c.CUSTOMER_ID, c.PRODUCT_ID]
    there = challenger.judged[challenger.judged[SELLABLE]]
    both = pd.merge(there[[*keys, RANK]], champion.ranks[[*keys, RANK]], on=keys)
    ranks = (both[f"{RANK}{side}"].to_numpy().astype(np.int64) for side in ("_x", "_y"))
    new, old = (ndcg(found, challenger.k, owners(both)) for found in ranks)
    return new - old, old
