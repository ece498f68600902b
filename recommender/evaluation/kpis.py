"""What success is measured by: every measure defined once, for gate, reports, experiments, dashboards and alerts."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, get_args

from infrastructure import documents

Stage = Literal["before", "live"]
Unit = Literal["share", "1 to 5", "the shop's currency", "score from 0 to 1", "products"]
Direction = Literal["up", "down"]
Role = Literal["goal", "guardrail", "watched"]

# What is known of one answer: columns of the join (``feedback.join``), one row an answer, all numbers.
ANSWERS: Final = "answers"
CLICKED: Final = "clicked"
BOUGHT: Final = "bought"
REVENUE: Final = "revenue"
BOUGHT_ANY: Final = "bought_any"
HIT: Final = "hit"
RATING_SUM: Final = "rating_sum"
RATINGS: Final = "ratings"
NEEDS_MET: Final = "needs_met"
NEEDS: Final = "needs"
VIOLATED: Final = "violated"
IMPERSONAL: Final = "impersonal"
TIMED: Final = "timed"
SLOW: Final = "slow"

_HEADINGS: Final[dict[Stage, str]] = {"before": "Before a model goes live", "live": "Once it is live"}
SHOWN_AND_DONE: Final = "impressions joined to events"


@dataclass(frozen=True, slots=True)
class Kpi:
    """One measure.

    Attributes:
        name: For programs.
        label: For people.
        definition: What is counted, over what.
        unit: Of the figure.
        source: Where it is read.
        direction: Which way is better.
        role: A goal is what is aimed at; a guardrail must hold whatever the goal gains; the rest is watched.
        stage: Before a model goes live, or once it is.
        parts: Columns of the join whose sums over answers are divided; None where it is not read from the join.
        tolerance: Of a guardrail that is read from the join: how much worse it may get, as a share of its value; 0
            with no margin admits no case at all.
        margin: The same in points of the measure, beside the tolerance.
    """

    name: str
    label: str
    definition: str
    unit: Unit
    source: str
    direction: Direction
    role: Role
    stage: Stage = "live"
    parts: tuple[str, str] | None = None
    tolerance: float | None = None
    margin: float = 0.0

    @property
    def is_share(self) -> bool:
        """Whether it is a share of cases, so that its interval lies within 0 and 1."""
        return self.unit == "share"


HELD_OUT: Final = "held-out purchases"

KPIS: Final = (
    Kpi("hr", "HR@10", "customers whose held-out product is among the ten shown, of all tested customers",
        "share", HELD_OUT, "up", "goal", "before"),
    Kpi("ndcg", "NDCG@10", "the same, and how far up it stands: the measure that models are compared by",
        "score from 0 to 1", HELD_OUT, "up", "goal", "before"),
    Kpi("coverage", "Coverage", "products that are shown to anybody, of all that may be shown",
        "share", HELD_OUT, "up", "guardrail", "before"),
    Kpi("slices", "NDCG@10 by part", "the same for each part of the customers: for whom it works and for whom not",
        "score from 0 to 1", HELD_OUT, "up", "guardrail", "before"),
    Kpi("rules", "Rule violations", "recommended products that should not have been shown: none, without exception",
        "products", HELD_OUT, "down", "guardrail", "before"),
    Kpi("click_rate", "Click-through rate", "answers of which a shown product was clicked, of all answers",
        "share", SHOWN_AND_DONE, "up", "watched", parts=(CLICKED, ANSWERS)),
    Kpi("conversion", "Conversion", "answers of which a shown product was bought, of all answers",
        "share", SHOWN_AND_DONE, "up", "goal", parts=(BOUGHT, ANSWERS)),
    Kpi("revenue", "Revenue per impression", "price of the shown products that were bought, over all answers",
        "the shop's currency", SHOWN_AND_DONE, "up", "watched", parts=(REVENUE, ANSWERS)),
    Kpi("uplift", "Uplift", "conversion with the challenger over conversion with the champion, less 1",
        "share", "experiments", "up", "goal"),
    Kpi("satisfaction", "Satisfaction", "mean of the ratings that customers gave to shown products",
        "1 to 5", SHOWN_AND_DONE, "up", "watched", parts=(RATING_SUM, RATINGS)),
    Kpi("hit_rate", "Online HR@10",
        "answers with what was bought among the first ten, of those after which anything was bought in reply",
        "share", SHOWN_AND_DONE, "up", "watched", parts=(HIT, BOUGHT_ANY)),
    Kpi("need_coverage", "Need coverage",
        "declared concerns that a shown product names, or serves by its ingredients like the strongest twentieth of "
        "the products that serve it, of all concerns declared by the customers answered",
        "share", "impressions, customers, products", "up", "watched", parts=(NEEDS_MET, NEEDS)),
    Kpi("violations", "Violations", "answers that showed an ingredient that the customer had declared to avoid",
        "share", "impressions, customers, products", "down", "guardrail", parts=(VIOLATED, ANSWERS), tolerance=0.0),
    Kpi("fallback", "Fallback share", "answers that were not personal because something was missing",
        "share", "impressions", "down", "guardrail", parts=(IMPERSONAL, ANSWERS), tolerance=0.1),
    Kpi("latency", "Slow answers",
        "answers that took longer than monitoring.feedback.slow_seconds from the request's arrival, of all timed ones",
        "share", "impressions", "down", "guardrail", parts=(SLOW, TIMED), tolerance=0.0, margin=0.01),
)  # fmt: skip

BY_NAME: Final = {kpi.name: kpi for kpi in KPIS}


def kpis_from_join() -> tuple[Kpi, ...]:
    """The measures that are read from the join."""
    return tuple(kpi for kpi in KPIS if kpi.parts)


def publish_measures(folder: Path | None) -> None:
    """Print every measure with its definition, or write the page ``measures`` into ``folder``."""
    documents.publish(_measures(), "reference/measures", folder, "beauty kpis")


def _measures() -> str:
    return "\n\n".join(f"## {_HEADINGS[stage]}\n\n{_table(kpis_of_stage(stage))}" for stage in get_args(Stage))


def _table(kpis: Iterable[Kpi]) -> str:
    heads = ("Measure", "Definition", "Unit", "Source", "Better", "Role")
    rows = [(kpi.label, kpi.definition, kpi.unit, kpi.source, kpi.direction, kpi.role) for kpi in kpis]
    return documents.table(heads, rows, "l" * len(heads))


def kpis_of_stage(stage: Stage) -> tuple[Kpi, ...]:
    """The measures of one stage."""
    return tuple(kpi for kpi in KPIS if kpi.stage == stage)
