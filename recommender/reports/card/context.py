"""Everything that a model card says, as plain values."""

import platform
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final, Self

from recommender.bundle import Bundle
from recommender.catalogue import Catalogue
from recommender.config import Config
from recommender.evaluation.gate import Decision
from recommender.evaluation.judge import Evaluation
from recommender.evaluation.metrics import Interval
from recommender.knowledge.knowledge import Knowledge
from recommender.reports import wording
from recommender.reports.card.findings import limits, split_sentence

_LIBRARIES: Final = ("numpy", "scipy", "scikit-learn", "implicit", "lightgbm", "pandas")
_FITTED_BY: Final = ("cleaning", "model", "rules", "evaluation")  # sections of the configuration


@dataclass(frozen=True)
class Measured:
    """What was measured of one model.

    Attributes:
        name: As it is to be shown.
        figures: Mean over customers with its 95 % interval, by metric.
        shares: What has no interval: coverage, and the like.
    """

    name: str
    figures: Mapping[str, Interval]
    shares: Mapping[str, float] = field(default_factory=dict[str, float])

    @classmethod
    def of(cls, evaluation: Evaluation, name: str) -> Self:
        """The figures of an evaluation."""
        figures = {metric.upper(): interval for metric, interval in evaluation.figures.items()}
        return cls(name, figures, evaluation.lists)


@dataclass(frozen=True)
class Slice:
    """What was measured on one part of the tested customers.

    Attributes:
        by: What tells the parts apart ("skin type").
        part: Which part ("dry").
    """

    by: str
    part: str
    customers: int
    figures: Mapping[str, Interval]

    @property
    def name(self) -> str:
        """Which part, whatever tells it apart: "skin type dry"."""
        return f"{self.by} {self.part}"

    @classmethod
    def of(cls, row: Mapping[str, Any], k: int) -> Self:
        """One of :class:`Evaluation`'s slice rows."""
        figures = {f"{metric.upper()}@{k}": Interval(**row[metric]) for metric in ("hr", "ndcg")}
        return cls(row["slice"], row["value"], row["customers"], figures)


@dataclass(frozen=True)
class ModelCardContext:
    """Everything that a model card says.

    Attributes:
        version: Of the model that is deployed if the gate lets it.
        data_set: Name of the data set.
        fitted_on: How many customers, products and purchases it was fitted on.
        split: What was held out, in one sentence.
        tested: How many customers were tested.
        main_metric: The metric by which models are compared; a key of every model's figures.
        model: This model's figures.
        promoted: What the gate decided.
        reasons: Why.
        violations: Recommended products that break a rule, among all lists of the test.
        seed: Of every random draw.
        champion: Figures of the present champion on the same customers; None before the first.
        baselines: Figures of simpler models on the same customers.
        slices: Figures by part of the customers.
        few: Customers below which a part is too small to be judged by itself.
        families: Weights and settings of the model families.
        parameters: Every other parameter that shapes model or figures, by dotted name.
        knowledge: What is known of ingredients.
        limits: What this data leaves open, one sentence each.
        software: Version of each library that shapes the model.
    """

    version: str
    data_set: str
    fitted_on: Mapping[str, int]
    split: str
    tested: int
    main_metric: str
    model: Measured
    promoted: bool
    reasons: tuple[str, ...]
    violations: int
    seed: int
    champion: Measured | None = None
    baselines: tuple[Measured, ...] = ()
    slices: tuple[Slice, ...] = ()
    few: int = 0
    families: Mapping[str, Any] = field(default_factory=dict[str, Any])
    parameters: Mapping[str, Any] = field(default_factory=dict[str, Any])
    knowledge: Mapping[str, str] = field(default_factory=dict[str, str])
    limits: tuple[str, ...] = ()
    software: Mapping[str, str] = field(default_factory=dict[str, str])

    @classmethod
    def from_evaluation(
        cls,
        challenger: Evaluation,
        champion: Evaluation | None,
        decision: Decision,
        model: Path,
        config: Config,
        data_set: str,
    ) -> Self:
        """The card's content after the gate has decided.

        Args:
            challenger: Figures of the judged model.
            champion: Those of the present champion on the same customers.
            decision: The gate's.
            model: Bundle that is deployed if the gate lets it.
            config: Every parameter.
            data_set: Name of the data set.

        Raises:
            BundleError: The bundle is incomplete or altered.
        """
        bundle = Bundle.open(model)
        catalogue = Catalogue.from_parts(bundle.arrays("catalogue"), bundle.json("catalogue"))
        parameters = {section: config.model_dump(mode="json")[section] for section in _FITTED_BY}
        families = parameters["model"].pop("families")
        return cls(
            version=bundle.version,
            data_set=data_set,
            fitted_on={what: bundle.manifest[what] for what in ("customers", "products", "purchases")},
            split=split_sentence(challenger, config),
            tested=challenger.customers,
            main_metric=f"NDCG@{challenger.k}",
            model=Measured.of(challenger, "this model"),
            promoted=decision.promote,
            reasons=tuple(decision.reasons),
            violations=challenger.violations,
            seed=config.seed,
            champion=Measured.of(champion, f"champion {champion.version}") if champion else None,
            slices=tuple(Slice.of(row, challenger.k) for row in challenger.slices),
            few=config.evaluation.gate.minimum_slice,
            families=families,
            parameters=dict(_flat(parameters)),
            knowledge=_knowledge(catalogue),
            limits=limits(challenger, catalogue, config.evaluation.gate.minimum_slice),
            software={"python": platform.python_version()} | {name: version(name) for name in _LIBRARIES},
        )


def _flat(values: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Nested settings by dotted name."""
    for name, value in values.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


def _knowledge(catalogue: Catalogue) -> dict[str, str]:
    knowledge = Knowledge.load()
    listed = int(catalogue.ingredients_known.sum())
    return {
        "ingredients known": wording.count(len(knowledge.ingredients)),
        "families": wording.count(len(knowledge.families)),
        "concerns": wording.count(len(knowledge.concerns)),
        "products with a list of ingredients": f"{wording.count(listed)} of {wording.count(len(catalogue))}",
    }
