"""Features of customers: what they declare, what they used, and how."""

from typing import Any, Final

import ibis
import pyarrow as pa

from recommender.contract import columns as c
from recommender.contract import event_types
from recommender.data.engines.backend import ROW
from recommender.features import definitions
from recommender.features.expressions import (
    day_number,
    days_between,
    exact_mean,
    exact_sum,
    in_order,
    seconds,
    third_of,
)
from recommender.features.snapshot import PLACE, Snapshot
from recommender.knowledge.knowledge import Knowledge

_NOTICEABLE: Final = 0.1
"""How much more than the catalogue a customer's products must serve a concern for it to be inferred."""

_FACTS: Final = {c.PRICE: "float64", c.BRAND: "string", c.CATEGORY: "string"}


def customer_profile(snapshot: Snapshot) -> ibis.Table:
    """One row a customer: :data:`~recommender.features.definitions.CUSTOMER_PROFILE`."""
    customers = snapshot.tables.get(c.CUSTOMERS)
    declared = [] if customers is None else [customers.drop(ROW)]
    return _of_customers(snapshot, *declared, *_dismissed(snapshot))


def customer_history(snapshot: Snapshot) -> ibis.Table:
    """One row a customer: :data:`~recommender.features.definitions.CUSTOMER_HISTORY`."""
    uses = snapshot.uses
    backwards = ibis.row_number().over(group_by=c.CUSTOMER_ID, order_by=ibis.desc(PLACE))
    recent = uses.mutate(age=backwards).filter(ibis._.age < definitions.LONGEST_HISTORY)
    listed = recent.group_by(c.CUSTOMER_ID).agg(
        recent_products=in_order(recent[PLACE], recent[c.PRODUCT_ID]),
        times=in_order(recent[PLACE], seconds(recent[c.TIME])),
        undated=recent[c.TIME].isnull().any(),
    )
    times = ibis.ifelse(listed.undated, ibis.null("array<int64>"), listed.times)
    return _of_customers(snapshot, listed.select(c.CUSTOMER_ID, definitions.RECENT_PRODUCTS, recent_times=times))


def customer_activity(snapshot: Snapshot) -> ibis.Table:
    """One row a customer: :data:`~recommender.features.definitions.CUSTOMER_ACTIVITY`."""
    used = _facts(snapshot)
    days = day_number(used[c.TIME])
    summed = used.group_by(c.CUSTOMER_ID).agg(
        purchases=used.count(),
        products=used[c.PRODUCT_ID].nunique(),
        last=used[c.TIME].max(),
        days=days.nunique(),
        span=days.max() - days.min(),
        mean_price=exact_mean(used[c.PRICE]),
        mean_rating=exact_mean(used[c.RATING]),
        spend=exact_sum(used[c.PRICE] * used[c.QUANTITY]),
    )
    activity = snapshot.backend.materialise(
        summed.select(
            c.CUSTOMER_ID,
            "purchases",
            "products",
            "mean_price",
            "mean_rating",
            "spend",
            average_days_between=summed.span / (summed.days - 1).nullif(0),
            days_since_last=days_between(snapshot.moment, summed["last"]),
        )
    )
    levels = activity.mutate(spend_level=third_of(activity, "spend", snapshot.backend))
    tops = [_top_products(used), *(_most_used(used, name) for name in (c.BRAND, c.CATEGORY))]
    found = _of_customers(snapshot, levels, *tops, _inferred_concerns(snapshot), *_inferred_avoidances(snapshot))
    return found.mutate(purchases=found.purchases.fill_null(0), products=found.products.fill_null(0))


def _of_customers(snapshot: Snapshot, *parts: ibis.Table) -> ibis.Table:
    """Every customer, with the columns of each of the ``parts`` (one row a customer)."""
    found = snapshot.last_seen
    for part in parts:
        found = found.left_join(part, c.CUSTOMER_ID).drop(f"{c.CUSTOMER_ID}_right")
    return found


def _facts(snapshot: Snapshot) -> ibis.Table:
    """Uses with price, brand and category of the product, missing where the catalogue has no such column."""
    products = snapshot.tables[c.PRODUCTS]
    known = {name: products[name] if name in products.columns else ibis.null(kind) for name, kind in _FACTS.items()}
    return snapshot.uses.left_join(products.select(c.PRODUCT_ID, **known), c.PRODUCT_ID).drop(f"{c.PRODUCT_ID}_right")


def _dismissed(snapshot: Snapshot) -> list[ibis.Table]:
    """Products that each customer dismissed, in order of the first time."""
    events = snapshot.tables.get(c.EVENTS)
    if events is None or c.PRODUCT_ID not in events.columns:
        return []
    dismissals = events.filter((events[c.TYPE] == event_types.DISMISS) & events[c.PRODUCT_ID].notnull())
    early = ibis.row_number().over(group_by=(c.CUSTOMER_ID, c.PRODUCT_ID), order_by=(c.TIME, ROW))
    first = dismissals.mutate(nth=early).filter(ibis._.nth == 0)
    order = ibis.struct({"time": first[c.TIME], "row": first[ROW]})
    return [first.group_by(c.CUSTOMER_ID).agg(dismissed=in_order(order, first[c.PRODUCT_ID]))]


def _by_use(used: ibis.Table, column: str) -> ibis.Table:
    """Each customer's values of a column with their ``rank``: 0 is the most used, of equals the later used."""
    named = used.filter(used[column].notnull())
    counted = named.group_by(c.CUSTOMER_ID, column).agg(count=named.count(), last=named[PLACE].max())
    often = [ibis.desc("count"), ibis.desc("last")]
    return counted.mutate(rank=ibis.row_number().over(group_by=c.CUSTOMER_ID, order_by=often))


def _top_products(used: ibis.Table) -> ibis.Table:
    """Each customer's products used most often."""
    first = _by_use(used, c.PRODUCT_ID).filter(ibis._["rank"] < definitions.TOP_PRODUCTS)
    return first.group_by(c.CUSTOMER_ID).agg(top_products=in_order(first["rank"], first[c.PRODUCT_ID]))


def _most_used(used: ibis.Table, column: str) -> ibis.Table:
    """Each customer's most frequent value of a column."""
    first = _by_use(used, column).filter(ibis._["rank"] == 0)
    return first.select(c.CUSTOMER_ID, first[column].name(f"top_{column}"))


def _inferred_concerns(snapshot: Snapshot) -> ibis.Table:
    """Concerns that each customer's products serve more than the catalogue's mean product does."""
    strengths = snapshot.concerns
    excess = (strengths - strengths.mean()).rename(columns=str)
    columns = {str(name): pa.array(excess[name].to_numpy()) for name in excess}
    ids = pa.array(excess.index.tolist(), pa.string())
    products = snapshot.backend.from_arrow(pa.table({c.PRODUCT_ID: ids, **columns}))
    used = snapshot.uses.select(c.CUSTOMER_ID, c.PRODUCT_ID).join(products, c.PRODUCT_ID)
    means = used.group_by(c.CUSTOMER_ID).agg(**{name: exact_mean(used[name]) for name in columns})
    ranked = ibis.array(
        [
            ibis.struct({"least": -means[name], "place": ibis.literal(place, "int64"), "name": ibis.literal(name)})
            for place, name in enumerate(columns)
        ]
    )
    leading = ranked.filter(lambda entry: entry["least"] <= -_NOTICEABLE).sort().map(lambda entry: entry["name"])
    return means.select(c.CUSTOMER_ID, inferred_concerns=leading)


def _inferred_avoidances(snapshot: Snapshot) -> list[ibis.Table]:
    """What each customer's searches exclude, the most frequent first, equals by name."""
    events = snapshot.tables.get(c.EVENTS)
    if events is None or c.QUERY not in events.columns:
        return []
    searches = events.filter((events[c.TYPE] == event_types.SEARCH) & events[c.QUERY].notnull())
    terms = _excluded_by_searches(snapshot, searches)
    found = searches.select(c.CUSTOMER_ID, c.QUERY).join(terms, c.QUERY)
    counted = found.group_by(c.CUSTOMER_ID, "term").agg(count=found.count())
    order: Any = ibis.struct({"count": -counted["count"], "term": counted["term"]})
    return [counted.group_by(c.CUSTOMER_ID).agg(inferred_avoidances=in_order(order, counted["term"]))]


def _excluded_by_searches(snapshot: Snapshot, searches: ibis.Table) -> ibis.Table:
    """One row for each distinct search and each ``term`` that it excludes: every text is read once."""
    texts = snapshot.backend.to_arrow(searches.select(c.QUERY).distinct().order_by(c.QUERY))[c.QUERY].to_pylist()
    knowledge = Knowledge.load()
    read = [(text, term) for text in texts for term in sorted(knowledge.excluded_terms(text))]
    columns = {name: pa.array([pair[at] for pair in read], pa.string()) for at, name in enumerate((c.QUERY, "term"))}
    return snapshot.backend.from_arrow(pa.table(columns))
