"""How the endpoint answers."""

from typing import Final

from pydantic import Field

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

    default_k: int = Field(default=10, ge=1, le=100, description="products in an answer when the request says nothing")
    maximum_batch: int = Field(default=256, ge=1, le=10_000, description="customers in one request")
    maximum_body_bytes: int = Field(default=1_000_000, ge=1_000, description="size of a request's body")
    log_requests: bool = Field(default=False, description="whether each request leaves a line in the log")
    maximum_waiting: int = Field(
        default=100, ge=0, description="requests that may wait for their turn in one worker; more are refused at once"
    )
    maximum_wait_seconds: float = Field(
        default=1.0, gt=0, description="a request that has waited longer is refused: who asked has given up"
    )
    answered_together: int = Field(
        default=16,
        ge=1,
        description="customers answered together where requests wait: fewer wait for each other, more share the work",
    )
    open_health: bool = Field(default=True, description="whether health needs no token, where tokens are asked for")
    open_metrics: bool = Field(default=True, description="whether /metrics needs no token, where tokens are asked for")
    reload_seconds: float = Field(default=1.0, gt=0, description="how often the champion's pointer is looked at")
    store_timeout_seconds: float = Field(
        default=0.05, gt=0, description="how long a request waits for the online store before it answers without"
    )
    store_retry_seconds: float = Field(
        default=1.0, gt=0, description="how long a store that failed is left alone before it is asked again"
    )
    remembered_customers: int = Field(
        default=5_000,
        ge=0,
        description="customers, the latest read, that a worker remembers for when the store fails",
    )
    remembered_seconds: float = Field(
        default=60.0, ge=0, description="how long what the store said of a customer is good enough when it fails"
    )
    remembered_answers: int = Field(
        default=5_000,
        ge=0,
        description="answers, the latest asked for, that a worker remembers for who asks the same again; 0 for none",
    )
    commonly_avoided: tuple[str, ...] = Field(
        default=COMMONLY_AVOIDED,
        description="families that no product shown to a customer may hold while the store cannot be read and it is "
        "not remembered what the customer avoids",
    )
    impressions_queue: int = Field(
        default=10_000, ge=1, description="impressions waiting to be written; more are dropped and counted"
    )
    impressions_flush_seconds: float = Field(default=0.5, gt=0, description="longest wait before a batch is written")
    shadow: bool = Field(
        default=False, description="the challenger answers nobody: it scores what the champion is asked, for the log"
    )
    shadow_queue: int = Field(
        default=1_000, ge=1, description="customers waiting to be scored in the shadow; more are dropped and counted"
    )
    customer_salt: str = Field(
        default="", max_length=64, description="secret mixed into the customer hashes of the log"
    )
