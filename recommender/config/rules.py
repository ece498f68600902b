"""What may be shown where a request does not say."""

from typing import Literal

from pydantic import Field

from infrastructure.settings import Settings


class RebuySettings(Settings):
    """When a product that the customer has is shown again: people buy it again, and it is time."""

    places: int = Field(
        default=0,
        ge=0,
        le=100,
        description="places of a list, its first ones, for products due again; 0 never shows what a customer has",
    )
    minimum: int = Field(default=5, ge=1, description="customers who bought the product again, at least")
    share: float = Field(default=0.1, ge=0, le=1, description="share of its buyers who bought it again, at least")
    given_up: float = Field(
        default=3.0, gt=1, description="usual gaps since the last purchase after which it is not offered any more"
    )


class RuleSettings(Settings):
    """What may be shown where a request does not say."""

    unknown_ingredients: Literal["refuse", "allow"] = Field(
        default="refuse",
        description="products without an ingredient list that can be read, for customers who avoid an ingredient: "
        "what is not known cannot be called safe",
    )
    cached_wishes: int = Field(default=512, ge=1, description="product masks of avoided ingredients kept in memory")
    rebuy: RebuySettings = RebuySettings()
