"""The gate: a challenger becomes champion only if the same customers would not be worse off."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from recommender.config.evaluation import EvaluationSettings, GateSettings
from recommender.contract import columns as c
from recommender.evaluation.bundle_evaluation import RANK, SELLABLE, Evaluation, owners
from recommender.evaluation.metrics import bootstrap_means, ndcg
from recommender.evaluation.slices import OF_PURCHASES


@dataclass(frozen=True)
class GateCheck:
    """One check of the gate and its result, readable by a person."""

    name: str
    passed: bool
    reason: str


@dataclass(frozen=True)
class GateDecision:
    """Whether the challenger is promoted, and every check."""

    promote: bool
    checks: tuple[GateCheck, ...]

    @property
    def reasons(self) -> list[str]:
        """Each check in one line."""
        return [f"{'pass' if check.passed else 'FAIL'} {check.name}: {check.reason}" for check in self.checks]


def decide_promotion(
    challenger: Evaluation,
    champion: Evaluation | None,
    settings: EvaluationSettings,
    seed: int,
    lost: float | None = None,
    *,
    erased: bool = False,
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
    """
    checks = [_rules(challenger), _finds_anything(challenger)]
    if champion is not None:
        checks += [
            _not_worse(challenger, champion, settings, seed, erased),
            _coverage(challenger, champion, settings.gate),
            *_slices(challenger, champion, settings.gate),
        ]
    if lost is not None:
        checks.append(_believable(lost, settings.gate))
    checks += [_speed(challenger, settings.gate), _size(challenger, settings.gate)]
    return GateDecision(all(check.passed for check in checks), tuple(checks))


def _rules(challenger: Evaluation) -> GateCheck:
    count = challenger.violations
    return GateCheck("rules", count == 0, f"{count} recommended products break a rule; none may.")


def _finds_anything(challenger: Evaluation) -> GateCheck:
    value = challenger.figures[f"ndcg@{challenger.k}"].value
    return GateCheck("finds held-out products", value > 0, f"NDCG@{challenger.k} is {value:.4f}; it must be above 0.")


def _not_worse(
    challenger: Evaluation, champion: Evaluation, settings: EvaluationSettings, seed: int, erased: bool
) -> GateCheck:
    """Paired bootstrap (Efron and Tibshirani, 1993) of the NDCG difference on the same customers."""
    gate = settings.gate
    difference, base = _paired(challenger, champion)
    bound = float(np.quantile(bootstrap_means(difference, settings.resamples, seed), 1 - gate.confidence))
    margin = max(gate.margin, gate.erasure_margin) if erased else gate.margin
    least = -margin * float(base.mean())
    why = " (the champion knows customers who were erased since)" if erased else ""
    return GateCheck(
        "not worse than the champion",
        bound >= least,
        f"NDCG@{challenger.k} differs by {difference.mean():+.4f}; with {gate.confidence:.0%} confidence by at "
        f"least {bound:+.4f}, and {least:+.4f} is allowed{why}.",
    )


def _believable(lost: float, settings: GateSettings) -> GateCheck:
    return GateCheck(
        "believable data",
        lost <= settings.most_lost,
        f"{lost:.1%} of what the champion learnt from is not in the data any more; at most {settings.most_lost:.0%} "
        "may be missing, or the data is taken for broken (evaluation.gate.most_lost).",
    )


def _coverage(challenger: Evaluation, champion: Evaluation, settings: GateSettings) -> GateCheck:
    least = settings.minimum_coverage * champion.coverage
    return GateCheck(
        "coverage",
        challenger.coverage >= least,
        f"{challenger.coverage:.1%} of the products in stock are recommended to someone; at least {least:.1%} must be.",
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
            name = f"slice {row['slice']} = {row['value']}"
            yield GateCheck(name, False, f"NDCG is {row['ndcg']['value']:.4f}; at least {least:.4f} must hold.")
    if not failed:
        yield GateCheck("slices", True, f"none falls by more than {settings.slice_margin:.0%}.")


def _speed(challenger: Evaluation, settings: GateSettings) -> GateCheck:
    took, most = challenger.milliseconds, settings.most_milliseconds
    return GateCheck("speed", took <= most, f"the median answer took {took:.1f} ms; at most {most:g} ms are allowed.")


def _size(challenger: Evaluation, settings: GateSettings) -> GateCheck:
    has, most = challenger.megabytes, settings.most_megabytes
    return GateCheck("size", has <= most, f"the bundle has {has:,.1f} MB; at most {most:,g} MB are allowed.")


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
