"""The user test: whose lists are shown to raters, and when their answers are enough."""

from pydantic import Field

from infrastructure.settings import Settings


class SurveySettings(Settings):
    """The user test: whose lists are shown to raters, and when their answers are enough."""

    customers: int = Field(default=30, ge=1, le=1_000, description="customers whose lists of both models are rated")
    k: int = Field(default=5, ge=1, le=20, description="products in each list")
    minimum_customers: int = Field(
        default=20, ge=2, description="customers with ratings below whom the report says that they are too few"
    )
    confidence: float = Field(default=0.95, gt=0.5, lt=1, description="of the report's intervals")
