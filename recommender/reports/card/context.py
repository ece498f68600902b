"""Everything that a model card says, as plain values."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Interval:
    """A measured value and the bounds of its interval."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        """0.152 (0.147 to 0.157), with a dash for "to"."""
        return f"{self.value:.3f} ({self.low:.3f}\N{EN DASH}{self.high:.3f})"


@dataclass(frozen=True)
class Slice:
    """The metrics of one part of the tested customers."""

    name: str
    customers: int
    metrics: Mapping[str, Interval]


@dataclass(frozen=True)
class ModelCardContext:
    """Everything that a model card says.

    Attributes:
        version: Of the model that would be deployed.
        data_set: Name of the data set.
        data_version: Of the tables it was fitted on.
        rows: Rows of each table it was fitted on.
        split: One sentence that says what was held out of the judged model's training.
        tested: Customers tested.
        confidence: Of the intervals, 0 to 1.
        main_metric: The metric by which models are compared; a key of ``metrics``.
        metrics: Of this model, by name.
        champion: Version of the present champion, or None.
        champion_metrics: Of the champion on the same customers.
        baselines: Metrics of simpler models on the same customers, by the model's name.
        slices: Metrics by part of the customers.
        promoted: What the gate decided.
        reasons: Why.
        violations: Recommended products that break a rule, among all lists of the test.
        weights: Weight of each model family in the blend.
        parameters: Every other parameter, by dotted name.
        knowledge: How many ingredients, families and concerns are known, and the like.
        limits: What this data leaves open, one sentence each.
        seed: Of every random draw.
        software: Version of each library that shapes the model.
    """

    version: str
    data_set: str
    data_version: str
    rows: Mapping[str, int]
    split: str
    tested: int
    confidence: float
    main_metric: str
    metrics: Mapping[str, Interval]
    promoted: bool
    reasons: tuple[str, ...]
    violations: int
    seed: int
    champion: str | None = None
    champion_metrics: Mapping[str, Interval] = field(default_factory=dict[str, Interval])
    baselines: Mapping[str, Mapping[str, Interval]] = field(default_factory=dict[str, Mapping[str, Interval]])
    slices: tuple[Slice, ...] = ()
    weights: Mapping[str, float] = field(default_factory=dict[str, float])
    parameters: Mapping[str, object] = field(default_factory=dict[str, object])
    knowledge: Mapping[str, int | float | str] = field(default_factory=dict[str, int | float | str])
    limits: tuple[str, ...] = ()
    software: Mapping[str, str] = field(default_factory=dict[str, str])
