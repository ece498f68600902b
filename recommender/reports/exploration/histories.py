"""How much is known of each customer, and how long customers wait between purchases."""

import pandas as pd

from recommender.contract import columns as c
from recommender.contract.tables import Tables
from recommender.reports import plots, wording
from recommender.reports.bands import whole_bands
from recommender.reports.page import Plot, Section

_LENGTHS = (1, 2, 3, 4, 5, 6, 8, 11, 21, 51)
_DAYS = (1, 8, 31, 61, 91, 181, 366)


def histories_section(tables: Tables, uses: pd.DataFrame) -> Section | None:
    """Lengths of histories and, where there are times, the days between purchases."""
    if uses.empty:
        return None
    lengths = uses[c.CUSTOMER_ID].value_counts()
    figures = {"median_history": float(lengths.median()), "mean_history": float(lengths.mean())}
    waits = waiting_days(uses)
    if not len(waits):
        return Section("Customers' histories", (_lengths_plot(tables, lengths),), figures)
    figures["median_days_between"] = float(waits.median())
    return Section("Customers' histories", (_lengths_plot(tables, lengths), _waits_plot(uses, waits)), figures)


def waiting_days(uses: pd.DataFrame) -> pd.Series:
    """Whole days from each day on which a customer buys to that customer's next; days are in UTC."""
    dated = uses[[c.CUSTOMER_ID, c.TIME]].dropna()
    days = pd.DataFrame({c.CUSTOMER_ID: dated[c.CUSTOMER_ID], c.TIME: dated[c.TIME].dt.floor("D")})
    days = days.drop_duplicates().sort_values([c.CUSTOMER_ID, c.TIME])
    return days.groupby(c.CUSTOMER_ID, sort=False)[c.TIME].diff().dropna().dt.days


def _lengths_plot(tables: Tables, lengths: pd.Series) -> Plot:
    bands = whole_bands(lengths, _LENGTHS)
    says = (
        f"A customer has {wording.amount(float(lengths.median()))} interactions in the median and "
        f"{wording.amount(float(lengths.mean()))} on average; {wording.share(float((lengths == 1).mean()))} have one "
        f"only.{_without(tables, lengths)}"
    )
    drawing = plots.columns(list(bands.index), bands.tolist(), x="interactions of a customer", y="customers")
    return Plot("How long the histories are", says, drawing)


def _without(tables: Tables, lengths: pd.Series) -> str:
    if tables.customers is None:
        return ""
    idle = int((~tables.customers[c.CUSTOMER_ID].isin(lengths.index)).sum())
    return f" {wording.count_of(idle, 'known customer has', 'known customers have')} none." if idle else ""


def _waits_plot(uses: pd.DataFrame, waits: pd.Series) -> Plot:
    bands = whole_bands(waits, _DAYS)
    dated = uses[[c.CUSTOMER_ID, c.TIME]].dropna()
    followers = len(dated) - dated[c.CUSTOMER_ID].nunique()
    same_day = 1 - len(waits) / followers if followers else 0.0
    says = (
        f"Customers come back after {wording.count(float(waits.median()))} days in the median; besides, "
        f"{wording.share(same_day)} of all follow-on interactions fall on the same day as the one before."
    )
    drawing = plots.columns(list(bands.index), bands.tolist(), x="days to the next day with a purchase", y="returns")
    return Plot("Days between purchases", says, drawing)
