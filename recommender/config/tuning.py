"""How parameters are searched for."""

from pydantic import Field

from infrastructure.settings import Settings


class TuningSettings(Settings):
    """The search over blend weights and re-ranker parameters, on purchases hidden below the held-out ones."""

    trials: int = Field(default=100, ge=1, description="blends tried")
    trials_alone: int = Field(default=6, ge=1, description="settings tried of each family alone")
    trials_ranker: int = Field(default=10, ge=0, description="re-rankers tried; 0 leaves its parameters as they are")
    customers: int = Field(
        default=4000, ge=10, description="customers that a trial is judged on; what it finds is confirmed on all"
    )
    draws: int = Field(
        default=4, ge=1, description="purchases hidden from each customer, one at a time, where there are no dates"
    )
    startup: int = Field(default=20, ge=1, description="trials drawn at random before the sampler learns from them")
