"""How the endpoint answers, and how a new model replaces the old one in a cluster's service."""

from typing import Annotated, Final

from pydantic import Field, field_validator

from infrastructure.settings import Settings

COMMONLY_AVOIDED: Final = (
    "fragrance",
    "parabens",
    "formaldehyde releasers",
    "isothiazolinones",
    "halogenated preservatives",
    "phenoxyethanol",
    "sulfates",
    "drying alcohols",
    "silicones",
    "pegs",
    "ethanolamines",
    "mineral oil",
    "phthalates",
    "bha and bht",
    "talc",
    "aluminium compounds",
    "colorants",
    "sunscreens chemical",
    "salicylates",
    "retinoids",
    "not in pregnancy",
    "animal-derived",
    "bee products",
    "lanolin",
    "milk",
    "gluten",
    "nuts",
    "soy",
    "sesame",
)
"""What people avoid for allergies, pregnancy or conviction, as named in recommender/knowledge/families.yaml."""


class ServingSettings(Settings):
    """How the endpoint answers."""

    default_k: int = Field(default=10, ge=1, le=100, description="products in an answer where the request gives no k")
    maximum_batch: int = Field(default=256, ge=1, le=10_000, description="customers in one request")
    maximum_avoided_characters: int = Field(
        default=10_000,
        ge=200,
        description="characters of all different ingredients to avoid in one request: reading unknown ones takes time",
    )
    maximum_body_bytes: int = Field(default=1_000_000, ge=1_000, description="largest body of a request")
    log_requests: bool = Field(default=False, description="whether each request leaves a line in the log")
    maximum_waiting: int = Field(
        default=100, ge=0, description="requests that may wait in one worker; more are refused at once"
    )
    maximum_wait_seconds: float = Field(
        default=1.0, gt=0, description="a request that has waited longer is refused: the client has given up"
    )
    answered_together: int = Field(
        default=16,
        ge=1,
        description="customers answered in one batch while requests wait: fewer mean less waiting, more mean less work",
    )
    open_health: bool = Field(default=True, description="whether health needs no token, where tokens are asked for")
    open_metrics: bool = Field(default=True, description="whether /metrics needs no token, where tokens are asked for")
    reload_seconds: float = Field(default=1.0, gt=0, description="how often the pointer to the champion is checked")
    store_timeout_seconds: float = Field(
        default=0.05, gt=0, description="how long a request waits for the online store before it answers without"
    )
    store_retry_seconds: float = Field(
        default=1.0, gt=0, description="how long the service does not use a store after a failure"
    )
    remembered_customers: int = Field(
        default=5_000,
        ge=0,
        description="customers read last that a worker remembers in case the store fails",
    )
    remembered_seconds: float = Field(
        default=60.0, ge=0, description="for how long a remembered customer may be used when the store fails"
    )
    remembered_answers: int = Field(
        default=5_000,
        ge=0,
        description="latest answers that a worker caches for equal requests; 0 for none",
    )
    commonly_avoided: tuple[str, ...] = Field(
        default=COMMONLY_AVOIDED,
        description="ingredient families that no recommended product may hold while the store cannot be read and the "
        "customer is not remembered",
    )
    impressions_queue: int = Field(
        default=10_000, ge=1, description="impressions waiting to be written; more are dropped and counted"
    )
    impressions_flush_seconds: float = Field(default=0.5, gt=0, description="longest wait before a batch is written")
    shadow: bool = Field(
        default=False, description="the challenger answers nobody: it scores the champion's requests, for the log only"
    )
    shadow_queue: int = Field(
        default=1_000,
        ge=1,
        description="customers waiting for the shadow model; more are dropped and counted",
    )
    customer_salt: str = Field(
        default="", max_length=64, description="secret mixed into the customer hashes of the log"
    )


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
