"""The made-up export of each system, read by nothing but ``like``, becomes the shop that it was made from."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from recommender.contract import columns as c
from recommender.data.cleaning.prepare import Prepared, prepare
from recommender.data.sources.ingest import ingest
from settings.config import Config
from tests.support.exports import ga4
from tests.support.exports.registry import EXPORTS, Export, write_export
from tests.support.exports.shopping import Line, Order, Shop

BUYING = [name for name, export in EXPORTS.items() if c.RATINGS not in export.tables or c.TRANSACTIONS in export.tables]
REFUNDS = ("shopify", "woocommerce", "magento-2")
"""Systems that say what came back; of Shopify whole orders only."""


@pytest.fixture(scope="module", params=EXPORTS)
def read(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Shop, Prepared]:
    shop, source = write_export(request.param, tmp_path_factory.mktemp(request.param))
    return request.param, shop, prepare(ingest(source), Config())


def lines(shop: Shop) -> Iterator[tuple[Order, Line]]:
    return ((order, line) for order in shop.known_orders if not order.cancelled for line in order.lines)


def pieces_left(name: str, order: Order, line: Line) -> int:
    says = name.startswith(REFUNDS) and (not name.startswith("shopify") or order.refunded)
    return line.quantity - (line.returned if says else 0)


def uses_of(name: str, shop: Shop) -> Counter[tuple[str, str]]:
    """How often each customer bought each product, by their ids in the export."""
    export = EXPORTS[name]
    return Counter(
        (export.customer(order.customer), export.product(line.product))
        for order, line in lines(shop)
        if order.customer and pieces_left(name, order, line)
    )


def rows_of(table: pd.DataFrame | None) -> Counter[tuple[str, str]]:
    assert table is not None
    return Counter(zip(table[c.CUSTOMER_ID], table[c.PRODUCT_ID], strict=True))


def purchases(export: Export, prepared: Prepared) -> pd.DataFrame | None:
    if c.TRANSACTIONS in export.tables or "transactions:" in export.own:
        return prepared.tables.transactions
    events = prepared.tables.events
    return None if events is None else events[events[c.TYPE] == "purchase"]


def test_what_was_bought_is_what_was_bought(read: tuple[str, Shop, Prepared]) -> None:
    name, shop, prepared = read
    if name not in BUYING:
        pytest.skip("an export of ratings alone")
    assert rows_of(purchases(EXPORTS[name], prepared)) == uses_of(name, shop)


def test_pieces_are_those_that_did_not_come_back(read: tuple[str, Shop, Prepared]) -> None:
    name, shop, prepared = read
    export, found = EXPORTS[name], prepared.tables.transactions
    if not export.pieces or found is None:
        pytest.skip("an export that does not say how many")
    wanted: Counter[tuple[str, str]] = Counter()
    for order, line in lines(shop):
        assert order.customer
        wanted[export.customer(order.customer), export.product(line.product)] += pieces_left(name, order, line)
    pieces = found.groupby([c.CUSTOMER_ID, c.PRODUCT_ID])[c.QUANTITY].sum()
    assert pieces.to_dict() == +wanted


def test_the_last_rating_is_kept(read: tuple[str, Shop, Prepared]) -> None:
    name, shop, prepared = read
    if c.RATINGS not in EXPORTS[name].tables:
        pytest.skip("an export without ratings")
    wanted: dict[tuple[str, str], int] = {}
    for order, line in lines(shop):
        assert order.customer
        # Olist's review is of an order.
        stars = order.lines[0].rating if name == "olist" else line.rating
        if stars:
            wanted[EXPORTS[name].customer(order.customer), EXPORTS[name].product(line.product)] = stars
    found = prepared.tables.ratings
    assert found is not None
    last = found.sort_values(c.TIME, kind="stable").drop_duplicates([c.CUSTOMER_ID, c.PRODUCT_ID], keep="last")
    pairs = zip(last[c.CUSTOMER_ID], last[c.PRODUCT_ID], strict=True)
    assert dict(zip(pairs, last[c.RATING], strict=True)) == wanted


def test_orders_are_baskets_and_have_their_time(read: tuple[str, Shop, Prepared]) -> None:
    name, shop, prepared = read
    found = prepared.tables.transactions
    if found is None:
        pytest.skip("an export without orders")
    first = shop.orders[0]
    product = EXPORTS[name].product(first.lines[0].product)
    its = found[found[c.PRODUCT_ID] == product]
    row = (its.sort_values(c.TIME) if c.TIME in its else its).iloc[0]
    basket = found[found[c.TRANSACTION_ID] == row[c.TRANSACTION_ID]]
    assert set(basket[c.PRODUCT_ID]) == {EXPORTS[name].product(line.product) for line in first.lines}
    if name == "instacart":
        assert c.TIME not in found or found[c.TIME].isna().all()
        return
    # Olist's clock is Brazil's; H&M tells the day.
    away = (
        pd.Timedelta(days=1)
        if name == "h-and-m"
        else pd.Timedelta(hours=3)
        if name == "olist"
        else pd.Timedelta(minutes=1)
    )
    assert abs(row[c.TIME] - pd.Timestamp(first.time)) <= away


def test_the_catalogue_is_whole_and_of_families(read: tuple[str, Shop, Prepared]) -> None:
    name, shop, prepared = read
    export, products = EXPORTS[name], prepared.tables.products
    known = {export.product(product) for product in shop.products}
    found = set(products[c.PRODUCT_ID])
    derived = name in ("shopify-orders", "woocommerce-orders", "rees46-events", "ga4-bigquery-events")
    # A catalogue of Open Beauty Facts holds a product of which nothing is known.
    assert (found <= known) if derived else (known == found - {"0000000000017"})
    if c.FAMILY_ID in products and products[c.FAMILY_ID].notna().any():
        theirs = {export.product(product): product.family for product in shop.products}
        pairs = products[products[c.FAMILY_ID].notna()]
        families = {theirs[one]: family for one, family in zip(pairs[c.PRODUCT_ID], pairs[c.FAMILY_ID], strict=True)}
        assert len(set(families.values())) == len(families)
    else:
        assert name not in ("shopify", "shopify-newer", "woocommerce", "magento-2", "h-and-m")


def test_categories_are_paths_and_brands_are_there(read: tuple[str, Shop, Prepared]) -> None:
    name, shop, prepared = read
    products = prepared.tables.products
    without = {"shopify-orders", "woocommerce-orders"}
    if name not in without:
        assert products[c.CATEGORY].dropna().str.contains(" > ").mean() > (0.3 if name != "olist" else -1)
        assert products[c.CATEGORY].notna().mean() > 0.8
    if name not in {"retailrocket", "olist", "instacart", "h-and-m", "woocommerce-orders"}:
        brands = {product.brand.lower() for product in shop.products}
        assert {brand.lower() for brand in products[c.BRAND].dropna()} == brands


def test_only_what_is_odd_is_rejected(read: tuple[str, Shop, Prepared]) -> None:
    name, _, prepared = read
    rules = {
        "shopify": {"returned", "missing_customer", "missing_product"},
        "woocommerce": {"returned", "missing_customer", "missing_product"},
        "magento": {"returned", "missing_customer"},
        "rees46": {"refund", "duplicate"},
        "olist": {"duplicate"},
        "h": {"duplicate"},
        "retailrocket": {"unknown_product"},
        "ga4": {"missing_customer"},
    }
    found = set(prepared.quarantine[c.RULE])
    assert found <= rules.get(name.split("-")[0], set()), prepared.quarantine[[c.TABLE, c.RULE, c.REASON]].to_string()


def test_events_of_ga4_are_the_same_from_json(tmp_path: Path) -> None:
    frames: list[pd.DataFrame] = []
    for writer in (ga4.write, ga4.write_json):
        folder = tmp_path / writer.__name__
        folder.mkdir()
        shop, source = write_export("ga4-bigquery-events", folder)
        for path in folder.glob("events_*"):
            path.unlink()
        writer(shop, folder)
        events = prepare(ingest(source), Config()).tables.events
        assert events is not None
        frames.append(events.drop(columns=c.EVENT_ID))
    pd.testing.assert_frame_equal(*frames)
    assert {"view", "add_to_cart", "search"} == set(frames[0][c.TYPE])
    assert frames[0][c.SESSION_ID].notna().any()
    assert frames[0][c.QUERY].dropna().unique().tolist() == ["serum"]
