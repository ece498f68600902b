"""What happens in the simulated year, and when."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from benchmarks.live_shop.shop import Phase
from recommender.synthetic.settings import SimulatedDriftSettings, SyntheticSettings, WithdrawalSettings

WEEK_DAYS: Final = 7
RECORDED_DAYS: Final = 366

#: What goes wrong with the shop's export, by name: its catalogue breaks off, or products stand beside other rows.
Fault = Literal["cut off", "shifted"]


@dataclass(frozen=True)
class ScheduledEvent:
    """A change or fault in the year.

    Attributes:
        name: Its name for people.
        first: Number of its first week, from 0.
        last: Number of its last week.
        answer_by: Number of the last week in which it explains that drift or performance fires the trigger.
        kind: A real change, which a model should follow, or a data fault, which none should be trained on.
    """

    name: str
    first: int
    last: int
    answer_by: int
    kind: Literal["change", "fault"]

    def lasts(self, week: int) -> bool:
        """Whether it is going on in a week."""
        return self.first <= week <= self.last

    def is_answered(self, week: int) -> bool:
        """Whether firing in a week is not a false alarm."""
        return self.first <= week <= self.answer_by


WITHDRAWAL: Final = ScheduledEvent("a product line is withdrawn", 8, 8, 13, "change")
BAD_EVENTS: Final = ScheduledEvent("bots and broken apps send events", 15, 16, 16, "fault")
SEASON: Final = ScheduledEvent("summer comes", 17, 25, 25, "change")
TASTES: Final = ScheduledEvent("tastes shift", 30, 30, 37, "change")
CUT_OFF: Final = ScheduledEvent("the pipeline breaks", 31, 32, 32, "fault")
SHIFTED: Final = ScheduledEvent("the export is broken", 42, 44, 44, "fault")
SCHEDULE: Final = (WITHDRAWAL, BAD_EVENTS, SEASON, TASTES, CUT_OFF, SHIFTED)


@dataclass(frozen=True)
class YearPlan:
    """The year's size.

    Attributes:
        begins: The first simulated day; the year before it is recorded.
        weeks: How many are simulated.
        customers: Of the shop, at the end.
        products: Of the shop.
        visits: With recommendations, a week.
        seed: Of every draw.
    """

    begins: date = date(2025, 1, 1)
    weeks: int = 52
    customers: int = 1200
    products: int = 400
    visits: int = 300
    seed: int = 0

    @property
    def settings(self) -> SyntheticSettings:
        """The shop over both years."""
        return SyntheticSettings(
            seed=self.seed,
            customers=self.customers,
            products=self.products,
            days=RECORDED_DAYS + WEEK_DAYS * self.weeks,
            end=self.week(self.weeks).first - timedelta(days=1),
            drift=SimulatedDriftSettings(at=self.week(TASTES.first).first, strength=2.0),
            withdrawal=WithdrawalSettings(at=self.week(WITHDRAWAL.first).first, brands=2),
        )

    @property
    def recorded(self) -> date:
        """The last recorded day."""
        return self.begins - timedelta(days=1)

    def week(self, number: int) -> Phase:
        """A week, counted from 0."""
        return Phase(self.begins + timedelta(days=WEEK_DAYS * number), WEEK_DAYS)


def fault_of(week: int) -> Fault | None:
    """What is wrong with the export that is made after a week."""
    if CUT_OFF.lasts(week):
        return "cut off"
    return "shifted" if SHIFTED.lasts(week) else None
