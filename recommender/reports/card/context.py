"""The content of a model card, as plain values."""

import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final, Self

from recommender.config import RecommenderConfig
from recommender.evaluation.baselines.baselines import Baseline
from recommender.evaluation.bundle_evaluation import Evaluation
from recommender.evaluation.gate import GateDecision
from recommender.evaluation.metrics import Interval
from recommender.knowledge.knowledge import Knowledge
from recommender.models.bundle import Bundle
from recommender.models.products.catalogue import Catalogue
from recommender.reports import wording
from recommender.reports.card.changes import by_dotted_name, changes_since
from recommender.reports.card.findings import limits_of_data, split_sentence, variants_sentence

_OF_ONE: Final = ("hr", "ndcg", "mrr")
_OF_SEVERAL: Final = ("hr", "ndcg", "recall", "precision", "map", "mrr")
_LISTS: Final = {"gini": "Gini", "novelty": "novelty (bits)", "popularity_lift": "popularity lift"}
_LIBRARIES: Final = ("numpy", "scipy", "scikit-learn", "implicit", "lightgbm", "pandas")
_FITTED_BY: Final = ("cleaning", "variants", "model", "rules", "evaluation")  # sections of the configuration


@dataclass(frozen=True)
class Measured:
    """What was measured of one model.

    Attributes:
        name: As it is to be shown.
        figures: Mean over customers with its 95 % interval, by metric.
        shares: Figures without interval, such as coverage.
    """

    name: str
    figures: Mapping[str, Interval]
    shares: Mapping[str, float] = field(default_factory=dict[str, float])

    @classmethod
    def from_evaluation(cls, found: Evaluation | Baseline, name: str, k: int, *, several: bool) -> Self:
        """The figures of an evaluation; with one held-out product a customer, without metrics that are then equal."""
        names = [f"{metric}@{k}" for metric in (_OF_SEVERAL if several else _OF_ONE)]
        shares = {_LISTS.get(what, what): value for what, value in found.lists.items()}
        return cls(name, {metric.upper(): found.figures[metric] for metric in names if metric in found.figures}, shares)


@dataclass(frozen=True)
class Slice:
    """What was measured on one part of the tested customers.

    Attributes:
        by: What divides the customers ("skin type").
        part: Which part ("dry").
    """

    by: str
    part: str
    customers: int
    figures: Mapping[str, Interval]

    @property
    def name(self) -> str:
        """The part with what divides the customers: "skin type dry"."""
        return f"{self.by} {self.part}"

    @classmethod
    def from_row(cls, row: Mapping[str, Any], k: int) -> Self:
        """One of :class:`Evaluation`'s slice rows."""
        figures = {f"{metric.upper()}@{k}": Interval(**row[metric]) for metric in ("hr", "ndcg")}
        return cls(row["slice"], row["value"], row["customers"], figures)


@dataclass(frozen=True)
class ModelCardContext:
    """The content of a model card.

    Attributes:
        version: Of the model that is deployed if it passes the gate.
        data_set: Name of the data set.
        fitted_on: How many customers, products and purchases it was fitted on.
        split: What was held out, in one sentence.
        variants: What of it is another variant of what the customer has; empty where products have no variants.
        tested: How many customers were tested.
        main_metric: The metric by which models are compared; a key of every model's figures.
        k: List length of the figures.
        model: This model's figures.
        promoted: What the gate decided.
        reasons: Why.
        checks: What the gate asked, by name, and whether it was passed.
        violations: Recommended products that break a rule, among all lists of the test.
        seed: Of every random draw.
        champion: Figures of the present champion on the same customers; None before the first.
        baselines: Figures of simpler models on the same customers.
        slices: Figures by part of the customers.
        few: Customers that a part needs to be judged by itself.
        families: Weights and settings of the model families.
        parameters: Every other parameter that shapes model or figures, by dotted name.
        knowledge: What is known of ingredients.
        limits: What this data cannot show, one sentence each.
        costs: Time of an answer and size of the bundle.
        changes: What differs from the champion: what, before, now.
        software: Version of each library that shapes the model.
    """

    version: str
    data_set: str
    fitted_on: Mapping[str, int]
    split: str
    tested: int
    main_metric: str
    k: int
    model: Measured
    promoted: bool
    reasons: tuple[str, ...]
    checks: Mapping[str, bool]
    violations: int
    seed: int
    variants: str = ""
    champion: Measured | None = None
    baselines: tuple[Measured, ...] = ()
    slices: tuple[Slice, ...] = ()
    few: int = 0
    families: Mapping[str, Any] = field(default_factory=dict[str, Any])
    parameters: Mapping[str, Any] = field(default_factory=dict[str, Any])
    knowledge: Mapping[str, str] = field(default_factory=dict[str, str])
    limits: tuple[str, ...] = ()
    costs: Mapping[str, str] = field(default_factory=dict[str, str])
    changes: tuple[tuple[str, str, str], ...] = ()
    software: Mapping[str, str] = field(default_factory=dict[str, str])

    @classmethod
    def from_evaluation(
        cls,
        challenger: Evaluation,
        champion: Evaluation | None,
        decision: GateDecision,
        model: Path,
        config: RecommenderConfig,
        data_set: str,
        baselines: Sequence[Baseline] = (),
    ) -> Self:
        """The card's content after the gate's ``decision``; champion and baselines were judged on the same customers.

        ``model`` is the bundle that is deployed if it passes the gate.

        Raises:
            BundleError: The bundle is incomplete or altered.
        """
        bundle = Bundle.open(model)
        catalogue = Catalogue.from_parts(bundle.arrays("catalogue"), **bundle.json("catalogue"))
        parameters = {section: config.model_dump(mode="json")[section] for section in _FITTED_BY}
        families = parameters["model"].pop("families")
        measured = partial(
            Measured.from_evaluation, k=challenger.k, several=len(challenger.ranks) > challenger.customers
        )
        return cls(
            version=bundle.version,
            data_set=data_set,
            fitted_on={what: bundle.manifest[what] for what in ("customers", "products", "purchases")},
            split=split_sentence(challenger, config),
            variants=variants_sentence(challenger),
            tested=challenger.customers,
            main_metric=f"NDCG@{challenger.k}",
            k=challenger.k,
            model=measured(challenger, "this model"),
            promoted=decision.promote,
            reasons=tuple(decision.reasons),
            checks={check.name: check.passed for check in decision.checks},
            violations=challenger.violations,
            seed=config.seed,
            champion=measured(champion, f"champion {champion.version}") if champion else None,
            baselines=tuple(measured(baseline, baseline.name.replace("_", " ")) for baseline in baselines),
            slices=tuple(Slice.from_row(row, challenger.k) for row in challenger.slices),
            few=config.evaluation.gate.minimum_slice,
            families=families,
            parameters=dict(by_dotted_name(parameters)),
            knowledge=_knowledge(catalogue),
            limits=limits_of_data(challenger, catalogue, config.evaluation.gate.minimum_slice),
            costs={"median answer": f"{challenger.milliseconds:.1f} ms", "bundle": f"{challenger.megabytes:,.1f} MB"},
            changes=changes_since(challenger, champion) if champion else (),
            software={"python": platform.python_version()} | {name: version(name) for name in _LIBRARIES},
        )


def _knowledge(catalogue: Catalogue) -> dict[str, str]:
    knowledge = Knowledge.load()
    listed = int(catalogue.ingredients_known.sum())
    return {
        "ingredients known": wording.count(len(knowledge.ingredients)),
        "families": wording.count(len(knowledge.families)),
        "concerns": wording.count(len(knowledge.concerns)),
        "products with a list of ingredients": f"{wording.count(listed)} of {wording.count(len(catalogue))}",
    }
