"""What customers think of what they used."""

import numpy as np
import pandas as pd

from recommender.contract import columns as c
from recommender.contract.tables import Tables
from recommender.reports import plots, wording
from recommender.reports.page import Plot, Section

_ENOUGH = 10  # ratings of a product, for its mean to be shown


def ratings_section(tables: Tables) -> Section | None:
    """How the ratings, and the products' mean ratings, are spread."""
    if tables.ratings is None or not tables.ratings[c.RATING].notna().any():
        return None
    rated = tables.ratings.dropna(subset=[c.RATING])
    means = rated.groupby(c.PRODUCT_ID)[c.RATING].agg(["mean", "size"])
    means = means.loc[means["size"] >= _ENOUGH, "mean"]
    blocks = (_stars_plot(rated[c.RATING]), _means_plot(means)) if len(means) else (_stars_plot(rated[c.RATING]),)
    return Section("Ratings", blocks, {"mean_rating": float(rated[c.RATING].mean())})


def _stars_plot(values: pd.Series) -> Plot:
    shares = values.round().astype(int).value_counts(normalize=True).reindex(range(1, 6), fill_value=0.0)
    says = (
        f"{wording.count_of(len(values), 'rating')} with a mean of {values.mean():.2f}; {wording.share(shares[5])} are "
        f"five stars and {wording.share(shares[1] + shares[2])} one or two."
    )
    drawing = plots.columns([str(star) for star in shares.index], shares.tolist(), x="stars", y="ratings", shares=True)
    return Plot("Ratings given", says, drawing)


def _means_plot(means: pd.Series) -> Plot:
    edges = np.arange(1, 5.01, 0.25)
    heights = np.histogram(means, edges)[0]
    first = int(np.flatnonzero(heights)[0])
    low, high = means.quantile([0.1, 0.9])
    says = (
        f"Of the {wording.count_of(len(means), 'product')} with at least {_ENOUGH} ratings, the middle four fifths "
        f"have a mean between {low:.2f} and {high:.2f}."
    )
    names = [wording.plain(edge) for edge in edges[first:-1]]
    drawing = plots.columns(names, heights[first:].tolist(), x="mean rating (from, in quarter stars)", y="products")
    return Plot("Products by their mean rating", says, drawing)
