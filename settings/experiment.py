"""The experiment that a challenger is tried in: who gets it, what is aimed at, how certain a verdict must be."""

from datetime import datetime

from pydantic import Field

from infrastructure.settings import Settings


class ExperimentSettings(Settings):
    """The experiment that a challenger is tried in."""

    name: str = Field(
        default="first", min_length=1, max_length=64, description="salt of the draw: a new name draws customers anew"
    )
    share: float = Field(default=0.5, ge=0, le=1, description="of the customers who get the challenger")
    goal: str = Field(default="conversion", description="the measure that decides (a live one: `monitoring kpis`)")
    effect: float = Field(
        default=0.1, gt=0, lt=10, description="relative gain of the goal that the experiment is planned to find"
    )
    power: float = Field(default=0.8, gt=0.5, lt=1, description="chance that a true gain of `effect` is found")
    confidence: float = Field(
        default=0.95, gt=0.5, lt=1, description="chance that no look at all finds a difference where none is"
    )
    sample_ratio_alarm: float = Field(
        default=0.001, gt=0, lt=0.5, description="chance of a false alarm that customers are not drawn as planned"
    )
    minimum_cases: int = Field(
        default=20, ge=2, description="customers with a case (a purchase, say) that each variant needs for a verdict"
    )
    start: datetime | None = Field(
        default=None, description="answers before are not counted; purchases before foretell (CUPED); with a time zone"
    )
