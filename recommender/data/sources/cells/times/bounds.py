"""Times that a source file names as the bounds of a column, in UTC."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pandas as pd


def at_least(bound: str, zone: str | None) -> pd.Timestamp:
    """The first moment of an ISO 8601 time or date, of the clocks of ``zone`` where it has no offset, else UTC."""
    return _moment(datetime.fromisoformat(bound), zone)


def at_most(bound: str, zone: str | None) -> pd.Timestamp:
    """The last moment of a date, or the time."""
    try:
        day = date.fromisoformat(bound)
    except ValueError:
        return _moment(datetime.fromisoformat(bound), zone)
    return _moment(datetime.combine(day + timedelta(days=1), time()), zone) - pd.Timedelta(microseconds=1)


def _moment(there: datetime, zone: str | None) -> pd.Timestamp:
    local = there if there.tzinfo else there.replace(tzinfo=ZoneInfo(zone) if zone else UTC)
    return pd.Timestamp(local).tz_convert("UTC")
