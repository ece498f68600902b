"""What is watched, and when a retraining starts."""

from pydantic import Field

from infrastructure.settings import Settings


class CollectorSettings(Settings):
    """What the collector of events accepts."""

    maximum_events: int = Field(default=1000, ge=1, description="events in one request")
    maximum_bytes: int = Field(default=2_000_000, ge=1, description="size of one request's body")
    clock_skew_seconds: float = Field(default=300, ge=0, description="how far the clock of an app may be ahead of ours")
    online_seconds: float = Field(
        default=5,
        gt=0,
        description="how often waiting events are written to the online store, also without new events; after a failed "
        "write requests do not try again until then",
    )


class FeedbackSettings(Settings):
    """How events are joined to the recommendations that they respond to."""

    attribution_days: float = Field(default=7, gt=0, description="for how long after a request events count for it")
    k: int = Field(default=10, ge=1, le=100, description="list length of the online hit rate")
    window: int = Field(default=5_000, ge=50, description="latest answers that are compared with the earlier ones")
    confidence: float = Field(default=0.95, gt=0.5, lt=1, description="of the intervals of rates")
    slow_seconds: float = Field(
        default=0.25, gt=0, description="an answer that took longer, from the request's arrival, counts as slow"
    )
    minimum_part: int = Field(default=100, ge=1, description="answers that a group needs to get figures of its own")


class DriftSettings(Settings):
    """When a column counts as drifted."""

    psi: float = Field(default=0.1, gt=0, description="population stability index from which a column has drifted")
    share: float = Field(default=0.25, gt=0, le=1, description="share of drifted columns that fires the trigger")
    false_alarms: float = Field(
        default=0.01,
        gt=0,
        lt=1,
        description="chance that any column of a round's comparisons counts as drifted though nothing changed: raises "
        "`psi` for small samples",
    )
    values: int = Field(
        default=10, ge=2, description="most frequent reference values that are compared one by one in each column"
    )
    minimum_share: float = Field(default=0.02, ge=0, lt=1, description="rarer reference values are grouped")
    maximum_rows: int = Field(default=100_000, ge=100, description="rows sampled from each side")
    minimum_rows: int = Field(default=200, ge=1, description="recent purchases, or answers, needed for a comparison")
    window: int = Field(
        default=5_000, ge=50, description="latest purchases, or answers, that are compared with the reference"
    )
    first_answers: int = Field(
        default=2_000,
        ge=50,
        description="a champion's first answers, with which later ones are compared: about those of a week",
    )


class TriggerSettings(Settings):
    """When a retraining starts."""

    minimum_rows: int = Field(default=500, ge=1, description="new events needed for any trigger but age")
    performance_fall: float = Field(
        default=0.05,
        ge=0,
        lt=1,
        description="certain fall of a watched rate, as a share of before, that fires",
    )
    new_rows: int = Field(default=50_000, ge=1, description="new events that fire by themselves")
    maximum_age_days: float = Field(default=30, gt=0, description="age of the champion that fires")
    cooldown_hours: float = Field(default=24, ge=0, description="pause after a retraining was started")
    retry_hours: float = Field(
        default=1, ge=0, description="pause after one that failed; doubles with each failure, up to the cooldown"
    )
    weekly_budget: int = Field(default=7, ge=1, description="retrainings that may be started within seven days")


class RetrainingSettings(Settings):
    """How a retraining on Kubeflow Pipelines is followed; for one in a local process there is nothing to set."""

    run_seconds: float = Field(default=14_400, gt=0, description="how long a run may take before it counts as failed")
    poll_seconds: float = Field(default=15, gt=0, description="how often the state of a run is checked")
    request_seconds: float = Field(
        default=30,
        gt=0,
        description="how long one request may take, and how long a run is looked for whose creation got no answer",
    )
    patience_seconds: float = Field(
        default=600, gt=0, description="how long the API may be unavailable before the retraining counts as failed"
    )


class MonitoringSettings(Settings):
    """What is watched, and when a retraining starts."""

    collector: CollectorSettings = CollectorSettings()
    feedback: FeedbackSettings = FeedbackSettings()
    drift: DriftSettings = DriftSettings()
    trigger: TriggerSettings = TriggerSettings()
    retraining: RetrainingSettings = RetrainingSettings()
