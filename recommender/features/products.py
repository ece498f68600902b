"""Features of products: sales, ratings, prices and the concerns that they serve."""

from typing import Any, Final

import ibis
import pandas as pd
import pyarrow as pa

from recommender.contract import columns as c
from recommender.features.concerns import strongest_columns
from recommender.features.definitions import INGREDIENT_EMBEDDING, PRIOR_RATINGS, RECENT_DAYS, SEASON_DAYS
from recommender.features.expressions import days_between, exact_mean, exact_sum, third_of
from recommender.features.ingredients import ingredient_vectors
from recommender.features.snapshot import Snapshot, exists_from

_SERVED: Final = 0.5  # strength from which a product counts as serving a concern


def product_statistics(snapshot: Snapshot) -> ibis.Table:
    """One row a product: :data:`~recommender.features.definitions.PRODUCT_STATISTICS`."""
    products = snapshot.tables[c.PRODUCTS]
    facts = products.select(
        c.PRODUCT_ID,
        family_id=products[c.FAMILY_ID] if c.FAMILY_ID in products.columns else ibis.null("string"),
        price=products[c.PRICE] if c.PRICE in products.columns else ibis.null("float64"),
        days_since_launch=days_between(snapshot.moment, exists_from(c.PRODUCTS, products)),
    )
    sold, rated = _uses(snapshot), _ratings(snapshot)
    joined = facts.left_join(sold, c.PRODUCT_ID).drop("product_id_right").left_join(rated, c.PRODUCT_ID)
    joined = joined.drop("product_id_right").join(_from_texts(snapshot), c.PRODUCT_ID)
    counts = {name: joined[name].fill_null(0) for name in ("popularity_30d", "popularity_90d", "popularity_all")}
    if not _dated(snapshot):
        counts |= {name: ibis.null("int64") for name in ("popularity_30d", "popularity_90d")}
    ratings = joined.ratings.fill_null(0)
    bayes = (PRIOR_RATINGS * _mean_rating(snapshot) + joined.stars.fill_null(0.0)) / (PRIOR_RATINGS + ratings)
    levels = third_of(facts, c.PRICE, snapshot.backend).name("price_tier")
    tiers = facts.select(c.PRODUCT_ID, levels)
    return joined.mutate(**counts, ratings=ratings, rating_bayes=bayes).join(tiers, c.PRODUCT_ID)


def _uses(snapshot: Snapshot) -> ibis.Table:
    uses = snapshot.uses
    within = {
        f"popularity_{days}d": (uses[c.TIME] > snapshot.moment - ibis.interval(days=days)).sum()
        for days in (RECENT_DAYS, SEASON_DAYS)
    }
    return uses.group_by(c.PRODUCT_ID).agg(**within, popularity_all=uses.count())


def _dated(snapshot: Snapshot) -> bool:
    times = snapshot.uses[c.TIME].count()
    return snapshot.backend.to_arrow(times.name("times").as_table())["times"][0].as_py() > 0


def _rated(snapshot: Snapshot) -> ibis.Table:
    """One rating for each product and customer who rated it: it is repeated at each of the uses."""
    uses = snapshot.uses
    return uses.filter(uses[c.RATING].notnull()).group_by(c.CUSTOMER_ID, c.PRODUCT_ID).agg(rating=uses[c.RATING].max())


def _ratings(snapshot: Snapshot) -> ibis.Table:
    rated = _rated(snapshot)
    return rated.group_by(c.PRODUCT_ID).agg(ratings=rated.count(), stars=exact_sum(rated[c.RATING]))


def _mean_rating(snapshot: Snapshot) -> Any:
    """Mean of all ratings; missing where nobody rated anything."""
    rated = _rated(snapshot)
    mean = snapshot.backend.to_arrow(rated.agg(mean=exact_mean(rated[c.RATING])))["mean"][0].as_py()
    return ibis.literal(mean, "float64")


def _from_texts(snapshot: Snapshot) -> ibis.Table:
    """Features that Python reads from the products' texts; both series have the same products in the same order."""
    served: Any = strongest_columns(snapshot.concerns, least=_SERVED)
    vectors: Any = ingredient_vectors(snapshot.described)
    columns = {
        c.PRODUCT_ID: pa.array(pd.Index(served.index).tolist(), pa.string()),
        c.CONCERNS: pa.array(served.tolist(), pa.list_(pa.string())),
        INGREDIENT_EMBEDDING: pa.array(vectors.tolist(), pa.list_(pa.float32())),
    }
    return snapshot.backend.from_arrow(pa.table(columns))
