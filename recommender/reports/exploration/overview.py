"""What the data is: how many, how dense, from when to when."""

import pandas as pd

from recommender.contract import columns as c
from recommender.contract.tables import Tables
from recommender.reports import wording
from recommender.reports.page import Section, Table, Text


def overview_section(tables: Tables, uses: pd.DataFrame) -> Section:
    """The size of each table and of the ``uses`` (``recommender.data.interactions``)."""
    figures = _figures(uses, products=len(tables.products))
    return Section("What the data is", (Text((_sentence(figures) + " " + _period(uses),)), _sizes(tables)), figures)


def period(uses: pd.DataFrame) -> tuple[pd.Timestamp, pd.Timestamp] | None:
    """The first and the last time of an interaction, or None where no time is known."""
    times = uses[c.TIME].dropna()
    return (times.min(), times.max()) if len(times) else None


def _figures(uses: pd.DataFrame, products: int) -> dict[str, float]:
    customers = uses[c.CUSTOMER_ID].nunique()
    pairs = len(uses[[c.CUSTOMER_ID, c.PRODUCT_ID]].drop_duplicates())
    cells = customers * products
    return {
        "interactions": float(len(uses)),
        "customers": float(customers),
        "products": float(products),
        "density": pairs / cells if cells else 0.0,
    }


def _sentence(figures: dict[str, float]) -> str:
    return (
        f"{wording.count(figures['customers'])} customers have {wording.count(figures['interactions'])} interactions "
        f"(purchases, ratings or purchase events) with a catalogue of {wording.count(figures['products'])} products: "
        f"{wording.share(figures['density'])} of all customer-product pairs."
    )


def _period(uses: pd.DataFrame) -> str:
    span = period(uses)
    if span is None:
        return "No interaction has a date, so nothing can be said about order, seasons or trends."
    dated = uses[c.TIME].notna().mean()
    known = "" if dated == 1 else f" ({wording.share(float(dated))} of the interactions have a date)"
    return f"They run from {wording.date_text(span[0])} to {wording.date_text(span[1])}{known}."


def _sizes(tables: Tables) -> Table:
    rows = tuple((name, wording.count(len(table)), ", ".join(table.columns)) for name, table in tables)
    missing = [name for name in c.TABLES if name not in tables.rows]
    lacking = f"This data set has no {wording.enumeration(missing)}."
    says = lacking if missing else "Every table of the contract is there."
    return Table("Tables", ("table", "rows", "columns"), rows, "lrl", says)
