"""What is sold: brands, categories, prices."""

import pandas as pd

from recommender.contract import columns as c
from recommender.contract.tables import Tables
from recommender.models.products.catalogue import CATEGORY_SEPARATOR
from recommender.reports import plots, wording
from recommender.reports.bands import price_bands
from recommender.reports.page import Bars, Block, Plot, Section, share_bars

_SHOWN = 12
_LEVELS = 2  # of a category's path


def catalogue_section(tables: Tables, uses: pd.DataFrame) -> Section | None:
    """The most used brands and categories, and the prices."""
    products = tables.products
    blocks: list[Block] = []
    if _known(products, c.BRAND):
        blocks.append(_most_used(products, products[c.BRAND], uses, "brand", "brands"))
    if _known(products, c.CATEGORY):
        parts = products[c.CATEGORY].dropna().str.split(CATEGORY_SEPARATOR)
        upper_levels = parts.str[:_LEVELS].str.join(CATEGORY_SEPARATOR)
        blocks.append(_most_used(products, upper_levels, uses, "category", "categories"))
    if _known(products, c.PRICE):
        blocks.append(_prices(products[c.PRICE].dropna().astype(float)))
    return Section("The catalogue", tuple(blocks)) if blocks else None


def _known(products: pd.DataFrame, column: str) -> bool:
    return column in products and bool(products[column].notna().any())


def _most_used(products: pd.DataFrame, kinds: pd.Series, uses: pd.DataFrame, kind: str, kinds_name: str) -> Bars:
    """The kinds of product with the most interactions."""
    kind_of = kinds.set_axis(products.loc[kinds.index, c.PRODUCT_ID])
    used = uses[c.PRODUCT_ID].map(kind_of).value_counts(normalize=True)
    if used.empty:
        used = kinds.value_counts(normalize=True)
    top = used.head(_SHOWN)
    says = (
        f"{wording.count_of(int(kinds.nunique()), kind, kinds_name)}; the {len(top)} shown have "
        f"{wording.share(float(top.sum()))} of the interactions whose {kind} is known."
    )
    return Bars(f"Most used {kinds_name}", says, share_bars(top, longest=top.iloc[0]))


def _prices(prices: pd.Series) -> Plot:
    bands = price_bands(prices)
    low, middle, high = prices.quantile([0.1, 0.5, 0.9])
    says = (
        f"The median price is {wording.amount(middle)}; four products in five cost between "
        f"{wording.amount(low)} and {wording.amount(high)} (in the data's own currency)."
    )
    return Plot("Prices", says, plots.columns(list(bands.index), bands.tolist(), x="price", y="products"))
