"""The purchases that drift is measured on, with what is known of customer and product; and the reference ones."""

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from feedback.live_metrics import decade
from infrastructure.files import read_json_if_present, replace_folder, write_json
from recommender.contract import columns as c
from recommender.contract.tables import Tables
from recommender.data.cleaning.imputation import without_imputed_values
from recommender.data.interactions import interactions
from recommender.knowledge.knowledge import Knowledge
from recommender.models.products.catalogue import CATEGORY_SEPARATOR

#: Purchases that the reference holds: the latest ones, as those are what "now" was at the training.
REFERENCE_ROWS: Final = 10_000

# Columns of the comparison that no table has.
BIRTH_DECADE: Final = "birth_decade"
DEPARTMENT: Final = "department"
PRICE_BAND: Final = "price_band"
CONCERN: Final = "concern"

_FILE: Final = "purchases.parquet"
_PERIOD: Final = "period.json"
_CATEGORY_LEVELS: Final = 2
#: Ingredients that count for a product's concern; those below on the label are there in traces.
_LEADING_INGREDIENTS: Final = 12


def write_reference(tables: Tables, folder: Path) -> None:
    """Write what recent traffic will be compared with: the latest purchases that the model was trained on."""
    with replace_folder(folder) as partial:
        purchases, period = latest_purchases(tables, REFERENCE_ROWS)
        purchases.to_parquet(partial / _FILE, index=False)
        write_json(partial / _PERIOD, {"period": period})


def read_reference(folder: Path) -> pd.DataFrame | None:
    """What :func:`write_reference` wrote, or None where there is nothing yet."""
    path = folder / _FILE
    return pd.read_parquet(path) if path.is_file() else None


def read_period(folder: Path) -> str:
    """When the purchases of the reference were made, as :func:`period_text` says it; "" where that is not known."""
    return str((read_json_if_present(folder / _PERIOD) or {}).get("period", ""))


def latest_purchases(tables: Tables, rows: int) -> tuple[pd.DataFrame, str]:
    """The latest ``rows`` of :func:`purchase_frame`, and when they were made, as :func:`period_text` says it."""
    tables = without_imputed_values(tables)
    purchases = _unprompted_purchases(tables).tail(rows)
    return _with_attributes(purchases, tables), period_text(purchases[c.TIME])


def period_text(times: "pd.Series[pd.Timestamp]") -> str:
    """From which day to which, after a comma; "" where no time is known."""
    known = times.dropna()
    return f", {known.min():%Y-%m-%d} to {known.max():%Y-%m-%d}" if len(known) else ""


def purchase_frame(tables: Tables) -> pd.DataFrame:
    """One row a purchase, oldest first: customer_id, and the columns that are compared, all texts or missing.

    The same function makes both sides of the comparison. Purchases in response to a recommendation are left out of
    both: the model influences what they are, so they would show as drift whenever the model changes.
    """
    tables = without_imputed_values(tables)
    return _with_attributes(_unprompted_purchases(tables), tables)


def _unprompted_purchases(tables: Tables) -> pd.DataFrame:
    """Interactions that no recommendation led to, oldest first."""
    return interactions(_unprompted(tables)).sort_values(c.TIME, kind="stable", na_position="first")


def _with_attributes(purchases: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    rows = purchases[[c.CUSTOMER_ID, c.PRODUCT_ID]].merge(product_columns(tables.products), how="left", on=c.PRODUCT_ID)
    rows = rows.merge(customer_columns(tables.customers), how="left", on=c.CUSTOMER_ID)
    return rows.drop(columns=c.PRODUCT_ID)


def _unprompted(tables: Tables) -> Tables:
    events = tables.events
    if events is None or c.REQUEST_ID not in events:
        return tables
    return replace(tables, events=events[events[c.REQUEST_ID].isna()])


def product_columns(products: pd.DataFrame) -> pd.DataFrame:
    """The compared attributes of products: one row a product, product_id and texts or missing."""
    columns = {
        DEPARTMENT: _column(products, c.CATEGORY).map(_department, na_action="ignore"),
        c.BRAND: _column(products, c.BRAND),
        PRICE_BAND: _column(products, c.PRICE).astype("float64").map(_price_band, na_action="ignore"),
        CONCERN: _column(products, c.INGREDIENTS).map(_concern, na_action="ignore"),
    }
    return pd.DataFrame({c.PRODUCT_ID: products[c.PRODUCT_ID], **columns})


def customer_columns(customers: pd.DataFrame | None) -> pd.DataFrame:
    """The compared attributes of customers: one row a customer, customer_id and texts or missing."""
    if customers is None:
        return pd.DataFrame({c.CUSTOMER_ID: [], c.SKIN_TYPE: [], c.REGION: [], BIRTH_DECADE: []}, dtype=object)
    columns = {
        c.SKIN_TYPE: _column(customers, c.SKIN_TYPE),
        c.REGION: _column(customers, c.REGION),
        BIRTH_DECADE: _column(customers, c.BIRTH_YEAR).map(decade, na_action="ignore"),
    }
    return pd.DataFrame({c.CUSTOMER_ID: customers[c.CUSTOMER_ID], **columns}, dtype=object)


def _column(table: pd.DataFrame, name: str) -> pd.Series:
    return table[name] if name in table else pd.Series(None, index=table.index, dtype=object)


def _department(category: str) -> str:
    """The first levels of a category path: the deeper ones have too many values to compare."""
    return CATEGORY_SEPARATOR.join(category.split(CATEGORY_SEPARATOR)[:_CATEGORY_LEVELS])


def _price_band(price: float) -> str:
    """The price's band between powers of two, which does not depend on other products' prices."""
    low = 2 ** int(np.floor(np.log2(price))) if price >= 1 else 0
    return f"{low} to {low * 2 or 1}"


def _concern(ingredients: Any) -> str | None:
    """The concern that most of a product's leading ingredients serve, None where none does."""
    knowledge = Knowledge.load()
    served = Counter(concern for name in ingredients[:_LEADING_INGREDIENTS] for concern in knowledge.concerns_of(name))
    return min(served, key=lambda concern: (-served[concern], concern)) if served else None
