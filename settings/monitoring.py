"""What is watched, and when a retraining starts."""

from pydantic import Field

from infrastructure.settings import Settings


class CollectorSettings(Settings):
    """What the collector of events takes."""

    maximum_events: int = Field(default=1000, ge=1, description="events in one request")
    maximum_bytes: int = Field(default=2_000_000, ge=1, description="size of one request's body")
    clock_skew_seconds: float = Field(default=300, ge=0, description="how far ahead of ours an app's clock may be")
    online_seconds: float = Field(
        default=5,
        gt=0,
        description="how often the online store is told of what waits for it, also without new events; requests leave "
        "one that failed alone until then",
    )


class FeedbackSettings(Settings):
    """How events are joined to the recommendations they answer."""

    attribution_days: float = Field(default=7, gt=0, description="an event counts for a request this long after it")
    k: int = Field(default=10, ge=1, le=100, description="list length of the online hit rate")
    window: int = Field(default=5_000, ge=50, description="latest answers that are compared with the earlier ones")
    confidence: float = Field(default=0.95, gt=0.5, lt=1, description="of the intervals of rates")
    slow_seconds: float = Field(
        default=0.25, gt=0, description="an answer that took longer, from the request's arrival, counts as slow"
    )
    minimum_part: int = Field(default=100, ge=1, description="answers below which a part of them gets no figures")


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
    values: int = Field(default=10, ge=2, description="most frequent reference values kept apart in each column")
    minimum_share: float = Field(default=0.02, ge=0, lt=1, description="rarer reference values are taken together")
    maximum_rows: int = Field(default=100_000, ge=100, description="rows sampled from each side")
    minimum_rows: int = Field(
        default=200, ge=1, description="recent purchases, or answers, below which they are not compared"
    )
    window: int = Field(
        default=5_000, ge=50, description="latest purchases, or answers, that are compared with the reference"
    )
    first_answers: int = Field(
        default=2_000,
        ge=50,
        description="answers of a champion, its first, that later ones are compared with: about those of a week",
    )


class TriggerSettings(Settings):
    """When a retraining starts."""

    minimum_rows: int = Field(default=500, ge=1, description="new events without which nothing fires but age")
    performance_fall: float = Field(
        default=0.05, ge=0, lt=1, description="certain fall of a watched rate, as a share of the earlier, that fires"
    )
    new_rows: int = Field(default=50_000, ge=1, description="new events that fire by themselves")
    maximum_age_days: float = Field(default=30, gt=0, description="age of the champion that fires")
    cooldown_hours: float = Field(default=24, ge=0, description="pause after a retraining was started")
    retry_hours: float = Field(
        default=1, ge=0, description="pause after one that failed; doubles with each failure, up to the cooldown"
    )
    weekly_budget: int = Field(default=7, ge=1, description="retrainings that may be started within seven days")


class RetrainingSettings(Settings):
    """How a retraining on Kubeflow Pipelines is followed; one that is a process of its own is waited for."""

    run_seconds: float = Field(default=14_400, gt=0, description="how long a run may take before it counts as failed")
    poll_seconds: float = Field(default=15, gt=0, description="how often a run's state is asked for")
    request_seconds: float = Field(
        default=30,
        gt=0,
        description="how long one request may take; a run that a lost answer told of is looked for so long",
    )
    patience_seconds: float = Field(
        default=600, gt=0, description="how long the API may be away or busy before the retraining counts as failed"
    )


class MonitoringSettings(Settings):
    """What is watched, and when a retraining starts."""

    collector: CollectorSettings = CollectorSettings()
    feedback: FeedbackSettings = FeedbackSettings()
    drift: DriftSettings = DriftSettings()
    trigger: TriggerSettings = TriggerSettings()
    retraining: RetrainingSettings = RetrainingSettings()
