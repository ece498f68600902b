"""How a new model takes its place in a cluster's service."""

from typing import Annotated

from pydantic import Field, field_validator

from infrastructure.settings import Settings


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
    canary_shares: tuple[Annotated[float, Field(gt=0, lt=1)], ...] = Field(
        default=(),
        description="shares of the customers who get a new model one after the other, before all do; without any all "
        "get it at once",
    )
    canary_minutes: float = Field(default=30, gt=0, description="how long each of these shares is held and watched")
    canary_customers: int = Field(
        default=20, ge=1, description="of a share, who have to be shown the new model's lists before the next share"
    )

    @field_validator("canary_shares")
    @classmethod
    def _rising(cls, value: tuple[float, ...]) -> tuple[float, ...]:
        if list(value) != sorted(set(value)):
            raise ValueError("shares should rise")
        return value
