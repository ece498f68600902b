"""How unevenly the products are used: the long tail."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from recommender.contract import columns as c
from recommender.contract.tables import Tables
from recommender.evaluation.metrics import gini_of
from recommender.reports import plots, wording
from recommender.reports.bands import whole_bands
from recommender.reports.page import Plot, Section

_STARTS = (0, 1, 2, 5, 10, 20, 50, 100, 500)


def popularity_section(tables: Tables, uses: pd.DataFrame) -> Section | None:
    """The Lorenz curve of product use and how many products are used how often."""
    if uses.empty:
        return None
    counts = uses_by_product(tables, uses)
    gini, head = gini_of(counts), head_share(counts, 0.1)
    figures = {"gini": gini, "top_tenth_share": head, "unused_products": float((counts == 0).sum())}
    return Section("The long tail", (_lorenz_plot(counts, gini, head), _bands_plot(counts)), figures)


def uses_by_product(tables: Tables, uses: pd.DataFrame) -> npt.NDArray[np.int64]:
    """Interactions of each product of the catalogue, fewest first."""
    counted = uses[c.PRODUCT_ID].value_counts().reindex(tables.products[c.PRODUCT_ID], fill_value=0)
    return np.sort(counted.to_numpy().astype(np.int64))


def head_share(ascending: npt.NDArray[np.int64], part: float) -> float:
    """The share of all uses that the most used ``part`` of the products has."""
    head = max(1, round(part * len(ascending)))
    return float(ascending[-head:].sum() / ascending.sum())


def _lorenz_plot(counts: npt.NDArray[np.int64], gini: float, head: float) -> Plot:
    reached = np.concatenate([[0.0], np.cumsum(counts) / counts.sum()])
    at = np.linspace(0, 1, 201)
    curve = np.interp(at, np.linspace(0, 1, len(reached)), reached)
    half = int(np.searchsorted(np.cumsum(counts[::-1]), counts.sum() / 2) + 1)
    says = (
        f"The most used tenth of the products has {wording.share(head)} of all interactions "
        f"(Gini coefficient {gini:.2f}); "
        f"{wording.count_of(half, 'product')} of {wording.count(len(counts))} make half of them."
    )
    return Plot("How interactions are shared out", says, plots.lorenz(at, curve))


def _bands_plot(counts: npt.NDArray[np.int64]) -> Plot:
    bands = whole_bands(pd.Series(counts), _STARTS)
    rare = float((counts < 5).mean())
    says = (
        f"{wording.share(rare)} of the products have fewer than five interactions, "
        f"{wording.count_of(int((counts == 0).sum()), 'product has', 'products have')} none; "
        f"a model can place these by their content only."
    )
    drawing = plots.columns(list(bands.index), bands.tolist(), x="interactions of a product", y="products")
    return Plot("Products by how often they are used", says, drawing)
