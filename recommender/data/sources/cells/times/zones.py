"""Local times in UTC: hours that a change of the clocks makes come twice or not at all, and zones named in the text."""

import re
from typing import Any, Final

import numpy as np
import pandas as pd

from recommender.data.sources.cells.times.formats import parsed
from recommender.data.sources.description.time_settings import is_zone

UTC_TYPE: Final[Any] = "datetime64[us, UTC]"

_ZONE: Final = r"^(.*?)\s*([A-Za-z][A-Za-z0-9_+/-]*)$"
_HOUR: Final = 3_600

_OFFSETS: Final = {
    # RFC 5322, section 4.3.
    "UT": 0, "GMT": 0, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7,
    # The zones of the European Union (directive 2000/84/EC), and what is no abbreviation.
    "WET": 0, "WEST": 1, "CET": 1, "CEST": 2, "EET": 2, "EEST": 3, "UTC": 0, "Z": 0,
}  # fmt: skip
"""Hours east of Greenwich of names that are the same to everybody, unless the source's own zone uses them otherwise."""


def in_utc(local: "pd.Series[Any]", zone: str) -> tuple["pd.Series[Any]", "pd.Series[Any]"]:
    """Times of a zone's clocks in UTC.

    Args:
        local: What the clocks showed, as if it were UTC.
        zone: The IANA's name.

    Returns:
        The times: missing where the clocks never showed that (the hour left out in spring), and the first of the two
        where they showed it twice; and for each time the second of the two, or the same again.
    """
    naive = local.dt.tz_localize(None)
    first, second = (
        naive.dt.tz_localize(zone, ambiguous=np.full(len(naive), summer), nonexistent="NaT").dt.tz_convert("UTC")
        for summer in (True, False)
    )
    return first.astype(UTC_TYPE), second.astype(UTC_TYPE)


def with_named_zones(texts: "pd.Series[Any]", form: str, zone: str | None) -> tuple["pd.Series[Any]", "pd.Series[Any]"]:
    """Texts that end in a zone's name, read by ``form`` without its ``%Z``: as :func:`in_utc` gives them.

    A name is an abbreviation that ``zone`` uses at that time, one that everybody uses alike, or one of the IANA's.
    """
    parts = texts.str.extract(_ZONE)
    local, names = parsed(parts[0], re.sub(r"\s*%Z$", "", form)), parts[1]
    first = pd.Series(pd.NaT, index=texts.index, dtype=UTC_TYPE)
    second = first.copy()
    for name in names.dropna().unique():
        chosen = names == name
        first[chosen], second[chosen] = _of_name(local[chosen], name, zone)
    return first, second


def _of_name(local: "pd.Series[Any]", name: str, zone: str | None) -> tuple["pd.Series[Any]", "pd.Series[Any]"]:
    usual = _usual(local, name)
    if zone is None:
        return usual
    own = pd.Series(pd.NaT, index=local.index, dtype=UTC_TYPE)
    for times in in_utc(local, zone):
        own = own.fillna(
            times.where(times.dt.tz_convert(zone).map(lambda time: time.tzname(), na_action="ignore") == name)
        )
    return own.fillna(usual[0]), own.fillna(usual[1])


def _usual(local: "pd.Series[Any]", name: str) -> tuple["pd.Series[Any]", "pd.Series[Any]"]:
    if name.upper() in _OFFSETS:
        times = local - pd.Timedelta(seconds=_OFFSETS[name.upper()] * _HOUR).as_unit("us")
        return times, times
    if is_zone(name):
        return in_utc(local, name)
    nothing = pd.Series(pd.NaT, index=local.index, dtype=UTC_TYPE)
    return nothing, nothing
