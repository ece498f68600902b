"""How interactions spread over time: growth and seasons."""

import calendar

import pandas as pd

from recommender.contract import columns as c
from recommender.reports import plots, wording
from recommender.reports.exploration.overview import period
from recommender.reports.page import Block, Plot, Section, Text

_YEAR = 12  # months


def seasons_section(uses: pd.DataFrame) -> Section | None:
    """Interactions by month and, where there are two years, each calendar month against an even year."""
    months = whole_months(uses)
    if len(months) < 2:
        return None
    return Section("Over time", (_months_plot(months, uses[c.TIME].max()), _season_block(months)))


def whole_months(uses: pd.DataFrame) -> pd.Series:
    """Interactions in each calendar month (UTC) that the data covers to its last day, by its first day."""
    span = period(uses)
    if span is None:
        return pd.Series(dtype=int)
    times = uses[c.TIME].dropna().dt.tz_convert(None)
    counts = times.dt.to_period("M").value_counts().sort_index()
    counts = counts.reindex(pd.period_range(counts.index.min(), counts.index.max(), freq="M"), fill_value=0)
    last = span[1].tz_convert(None)
    if last.day < last.days_in_month:
        counts = counts.iloc[:-1]
    return counts.set_axis(counts.index.to_timestamp())


def season_index(months: pd.Series) -> pd.Series | None:
    """Each calendar month's interactions as a ratio to the year around it (1 = an even month).

    Ratio to the centred twelve-month moving average, so growth does not pass for a season; ratios of
    several years are weighted by size. None where not every calendar month has a whole year around it.
    """
    trend = months.rolling(_YEAR).mean().rolling(2).mean().shift(-_YEAR // 2)
    covered = pd.DataFrame({"uses": months, "trend": trend}).dropna()
    calendar_months = pd.DatetimeIndex(covered.index).month
    if calendar_months.nunique() < _YEAR:
        return None
    sums = covered.groupby(calendar_months).sum()
    return sums["uses"] / sums["trend"]


def _months_plot(months: pd.Series, last: pd.Timestamp) -> Plot:
    starts = pd.DatetimeIndex(months.index)
    peak = starts[int(months.argmax())]
    says = (
        f"A month has {wording.count(float(months.median()))} interactions in the median; the most, "
        f"{wording.count(months.max())}, fell in {calendar.month_name[peak.month]} {peak.year}."
        f"{' The last month is not whole and left out.' if last.month != starts[-1].month else ''}"
    )
    return Plot("Interactions a month", says, plots.series(starts, months.tolist(), y="interactions"))


def _season_block(months: pd.Series) -> Block:
    index = season_index(months)
    if index is None:
        return Text(("The data is too short to tell a season from growth: that takes two whole years.",))
    high, low = int(index.idxmax()), int(index.idxmin())
    says = (
        f"{calendar.month_name[high]} lies {_departure(index[high])} the average of the year around it, "
        f"{calendar.month_name[low]} {_departure(index[low])} it."
    )
    names = [calendar.month_abbr[month] for month in index.index]
    drawing = plots.columns(names, index.tolist(), x="month", y="against an even month", shares=True, even=1.0)
    return Plot("Seasons, with growth removed", says, drawing)


def _departure(ratio: float) -> str:
    return f"{wording.share(abs(ratio - 1))} {'above' if ratio >= 1 else 'below'}"
