"""What may be shown where a request does not say."""

from typing import Literal

from pydantic import Field

from recommender.config.base import Settings


class RuleSettings(Settings):
    """What may be shown where a request does not say."""

    unknown_ingredients: Literal["refuse", "allow"] = Field(
        default="refuse",
        description="products without a known ingredient list, for customers who avoid an ingredient: "
        "what is not known cannot be called safe",
    )
    rebuy: bool = Field(default=False, description="whether products the customer already has may be shown")
    cached_wishes: int = Field(default=512, ge=1, description="product masks of avoided ingredients kept in memory")
