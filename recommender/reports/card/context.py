"""The content of a model card, as plain values."""

import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
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
_NAMES: Final = {"item_knn": "item-kNN"}
_PLAIN: Final = {
    "popularity": "best-sellers",
    "groups": "best-sellers among similar people",
    "item_knn": "also-bought lists (item-kNN)",
    "bought_together": "bought-together lists",
}
"""Simple models in words of the shop."""
_LIBRARIES: Final = ("numpy", "scipy", "scikit-learn", "implicit", "lightgbm", "pandas")
_BY_VALIDATION: Final = "chosen on purchases hidden below the held-out ones"
_BY_TEST: Final = "the strongest on this test"
_FITTED_BY: Final = ("cleaning", "variants", "model", "rules", "evaluation")  # sections of the configuration


@dataclass(frozen=True)
class Measured:
    """What was measured of one model.

    Attributes:
        name: As it is to be shown.
        figures: Mean over customers with its 95 % interval, by metric.
        shares: Figures without interval, such as coverage.
        plain: What it does, for people who know no model by name; empty where ``name`` says it.
        leads: How far the evaluated model is ahead of it, customer by customer, by metric.
    """

    name: str
    figures: Mapping[str, Interval]
    shares: Mapping[str, float] = field(default_factory=dict[str, float])
    plain: str = ""
    leads: Mapping[str, Interval] = field(default_factory=dict[str, Interval])

    @classmethod
    def from_evaluation(cls, found: Evaluation | Baseline, name: str, k: int, *, several: bool) -> Self:
        """The figures of an evaluation; with one held-out product a customer, without metrics that are then equal."""
        names = [f"{metric}@{k}" for metric in (_OF_SEVERAL if several else _OF_ONE)]
        shares = {_LISTS.get(what, what): value for what, value in found.lists.items()}
        return cls(name, {metric.upper(): found.figures[metric] for metric in names if metric in found.figures}, shares)

    @classmethod
    def from_baseline(cls, found: Baseline, k: int, *, several: bool) -> Self:
        """The figures of a simple model, under its name with what was chosen for it."""
        chosen = f" ({found.settings})" if found.settings else ""
        measured = cls.from_evaluation(
            found, f"{_NAMES.get(found.name, found.name.replace('_', ' '))}{chosen}", k, several=several
        )
        leads = {metric.upper(): lead for metric, lead in found.leads.items()}
        return replace(measured, plain=f"{_PLAIN[found.name]}{chosen}" if found.name in _PLAIN else "", leads=leads)


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
        baselines: Figures of simple models on the same customers, the strongest first.
        strongest_by: How the strongest of them was found, in a few words.
        slices: Figures by part of the customers.
        few: Customers that a part needs to be judged by itself.
        families: Weights and settings of the model families.
        parameters: Every other parameter that shapes model or figures, by dotted name.
        knowledge: What is known of ingredients.
        limits: What this data cannot show, one sentence each.
        costs: Time of an answer and size of the bundle.
        changes: What differs from the champion: what, before, now.
        software: Version of each library that shapes the model.
        said: Each check's result in plain words, by name.
        advice: What would change each refusal, by name.
        made: When the card was made.
        unjudged: Version of a champion that this version of the platform cannot judge; None where there is none.
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
    strongest_by: str = _BY_TEST
    slices: tuple[Slice, ...] = ()
    few: int = 0
    families: Mapping[str, Any] = field(default_factory=dict[str, Any])
    parameters: Mapping[str, Any] = field(default_factory=dict[str, Any])
    knowledge: Mapping[str, str] = field(default_factory=dict[str, str])
    limits: tuple[str, ...] = ()
    costs: Mapping[str, str] = field(default_factory=dict[str, str])
    changes: tuple[tuple[str, str, str], ...] = ()
    software: Mapping[str, str] = field(default_factory=dict[str, str])
    said: Mapping[str, str] = field(default_factory=dict[str, str])
    advice: Mapping[str, str] = field(default_factory=dict[str, str])
    made: str = ""
    unjudged: str | None = None

    @property
    def strongest(self) -> Measured | None:
        """The strongest simple model; None where none was tried."""
        return self.baselines[0] if self.baselines else None

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
        *,
        made: str = "",
        unjudged: str | None = None,
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
        several = len(challenger.judged) > challenger.customers
        measured = partial(Measured.from_evaluation, k=challenger.k, several=several)
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
            baselines=tuple(Measured.from_baseline(baseline, challenger.k, several=several) for baseline in baselines),
            strongest_by=_BY_VALIDATION if any(one.validation is not None for one in baselines) else _BY_TEST,
            slices=tuple(Slice.from_row(row, challenger.k) for row in challenger.slices),
            few=config.evaluation.gate.minimum_slice,
            families=families,
            parameters=dict(by_dotted_name(parameters)),
            knowledge=_knowledge(catalogue),
            limits=limits_of_data(challenger, catalogue, config.evaluation.gate.minimum_slice),
            costs={"median answer": f"{challenger.milliseconds:.1f} ms", "bundle": f"{challenger.megabytes:,.1f} MB"},
            changes=changes_since(challenger, champion) if champion else (),
            said={check.name: check.plain or check.reason for check in decision.checks},
            advice={check.name: check.advice for check in decision.checks if check.advice and not check.passed},
            made=made,
            unjudged=unjudged,
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
