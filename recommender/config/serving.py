"""How the endpoint answers."""

from pydantic import Field

from recommender.config.base import Settings


class ServingSettings(Settings):
    """How the endpoint answers."""

    default_k: int = Field(default=10, ge=1, le=100, description="products in an answer when the request says nothing")
    maximum_batch: int = Field(default=256, ge=1, le=10_000, description="customers in one request")
    maximum_body_bytes: int = Field(default=1_000_000, ge=1_000, description="size of a request's body")
    reload_seconds: float = Field(default=1.0, gt=0, description="how often the champion's pointer is looked at")
    store_timeout_seconds: float = Field(
        default=0.05, gt=0, description="how long a request waits for the online store before it answers without"
    )
    store_retry_seconds: float = Field(
        default=1.0, gt=0, description="how long a store that failed is left alone before it is asked again"
    )
    impressions_queue: int = Field(
        default=10_000, ge=1, description="impressions waiting to be written; more are dropped and counted"
    )
    impressions_flush_seconds: float = Field(default=0.5, gt=0, description="longest wait before a batch is written")
    customer_salt: str = Field(
        default="", max_length=64, description="secret mixed into the customer hashes of the log"
    )
