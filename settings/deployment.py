"""How a new model replaces the old one in a cluster's service."""

from typing import Annotated

from pydantic import Field, field_validator

from infrastructure.settings import Settings


class DeploymentSettings(Settings):
    """How a new model replaces the old one in a cluster's service; the environment says which cluster."""

    ready_seconds: float = Field(
        default=300, gt=0, description="how long pods of a new model may take to be ready before it is taken back"
    )
    poll_seconds: float = Field(default=1.0, gt=0, description="how often the state of a rollout is checked")
    settle_seconds: float = Field(
        default=60,
        ge=0,
        description="how long requests may still reach pods of the old model after the new ones are ready: for so "
        "long a failed trial is repeated",
    )
    canary_shares: tuple[Annotated[float, Field(gt=0, lt=1)], ...] = Field(
        default=(),
        description="shares of the customers who get a new model, in steps before all do; empty: all at once",
    )
    canary_minutes: float = Field(default=30, gt=0, description="how long each of these shares is held and watched")
    canary_customers: int = Field(
        default=20, ge=1, description="customers of a share who must have seen the new model before the next share"
    )

    @field_validator("canary_shares")
    @classmethod
    def _rising(cls, value: tuple[float, ...]) -> tuple[float, ...]:
        if list(value) != sorted(set(value)):
            raise ValueError("shares should rise")
        return value
