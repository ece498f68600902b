"""How a challenger is compared with the champion: in an experiment with customers, and in a user test with raters."""

from datetime import datetime

from pydantic import Field

from infrastructure.settings import Settings


class ExperimentSettings(Settings):
    """The experiment in which a challenger is tried: who gets it, the goal, and how certain a verdict must be."""

    name: str = Field(
        default="first", min_length=1, max_length=64, description="salt: a new name assigns customers anew"
    )
    share: float = Field(default=0.5, ge=0, le=1, description="of the customers who get the challenger")
    goal: str = Field(default="conversion", description="the measure that decides (a live one: `beauty kpis`)")
    effect: float = Field(
        default=0.1, gt=0, lt=10, description="relative gain of the goal that the experiment is planned to find"
    )
    power: float = Field(default=0.8, gt=0.5, lt=1, description="chance that a true gain of `effect` is found")
    confidence: float = Field(
        default=0.95,
        gt=0.5,
        lt=1,
        description="chance that no look at it finds a difference where there is none",
    )
    sample_ratio_alarm: float = Field(
        default=0.001, gt=0, lt=0.5, description="chance of a false alarm that customers are not drawn as planned"
    )
    minimum_cases: int = Field(
        default=20, ge=2, description="customers with a case (a purchase, say) that each variant needs for a verdict"
    )
    start: datetime | None = Field(
        default=None,
        description="with a time zone; answers before do not count, purchases before reduce variance (CUPED)",
    )


class SurveySettings(Settings):
    """The user test: whose lists are shown to raters, and when their answers are enough."""

    customers: int = Field(default=30, ge=1, le=1_000, description="customers whose lists of both models are rated")
    k: int = Field(default=5, ge=1, le=20, description="products in each list")
    minimum_customers: int = Field(
        default=20, ge=2, description="customers with ratings; with fewer, the report says that they are too few"
    )
    confidence: float = Field(default=0.95, gt=0.5, lt=1, description="of the report's intervals")
