"""The demonstration's shop, and its days."""

from datetime import date, timedelta
from typing import Final

from benchmarks.live_shop.shop import Phase
from recommender.synthetic.settings import SimulatedDriftSettings, SyntheticSettings

NAME: Final = "drift"
RECORDED: Final = date(2025, 4, 30)
PHASE_DAYS: Final = 14
QUIET: Final = Phase(RECORDED + timedelta(days=1), PHASE_DAYS)
DRIFTED: Final = Phase(QUIET.first + timedelta(days=PHASE_DAYS), PHASE_DAYS)
SETTINGS: Final = SyntheticSettings(
    customers=2000,
    products=500,
    days=500,
    end=RECORDED + timedelta(days=2 * PHASE_DAYS),
    drift=SimulatedDriftSettings(at=DRIFTED.first, strength=2.0),
)
