"""How a new model takes its place in a cluster's service."""

from pydantic import Field

from recommender.config.base import Settings


class DeploymentSettings(Settings):
    """How a new model takes its place in a cluster's service; where that is, the environment says."""

    ready_seconds: float = Field(
        default=300, gt=0, description="how long pods of a new model may take to be ready before it is taken back"
    )
    poll_seconds: float = Field(default=1.0, gt=0, description="how often a rollout's state is asked for")
    settle_seconds: float = Field(
        default=60,
        ge=0,
        description="how long pods of the old model may still be reached after the new ones are ready: for so long a "
        "failed trial is repeated",
    )
