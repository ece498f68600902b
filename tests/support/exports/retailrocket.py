"""Retailrocket: events, properties of products in two files, and the tree of categories."""

from collections.abc import Iterator
from pathlib import Path

from tests.support.exports.shopping import CATEGORIES, START, Shop
from tests.support.exports.tables import Row, milliseconds, write_csv

EVENTS = "timestamp,visitorid,event,itemid,transactionid"
PROPERTIES = "timestamp,itemid,property,value"
TOPS = {"Skin": 101, "Hair": 102, "Make-up": 103}


def write(shop: Shop, folder: Path) -> None:
    write_csv(folder / "events.csv", EVENTS, _events(shop))
    properties = list(_properties(shop))
    half = len(properties) // 2
    write_csv(folder / "item_properties_part1.csv", PROPERTIES, properties[:half])
    write_csv(folder / "item_properties_part2.csv", PROPERTIES, properties[half:])
    tree = [{"categoryid": 200 + at, "parentid": TOPS[path[0]]} for at, path in enumerate(CATEGORIES)]
    write_csv(
        folder / "category_tree.csv",
        "categoryid,parentid",
        [*tree, *({"categoryid": top} for top in TOPS.values())],
    )


def _events(shop: Shop) -> Iterator[Row]:
    for order, visit in zip(shop.known_orders, shop.visits, strict=True):
        base = {"timestamp": milliseconds(visit.time), "visitorid": visit.customer.number}
        for product in visit.viewed:
            yield {**base, "event": "view", "itemid": product.number}
        for product in visit.carted:
            yield {**base, "event": "addtocart", "itemid": product.number}
        for line in order.sold:
            bought = {"event": "transaction", "itemid": line.product.number, "transactionid": order.number}
            yield {**base, "timestamp": milliseconds(order.time), **bought}
    # Of a product without properties.
    yield {"timestamp": milliseconds(START), "visitorid": shop.customers[0].number, "event": "view", "itemid": 99}


def _properties(shop: Shop) -> Iterator[Row]:
    """The category of each product changes once; the rows stand in no order."""
    weeks = 1431226800000, 1439694000000
    for product in shop.products:
        category = 200 + CATEGORIES.index(product.category)
        rows = [
            (weeks[1], "categoryid", category), (weeks[0], "categoryid", 200), (weeks[0], "available", 0),
            (weeks[1], "available", 1), (weeks[0], "790", f"n{product.price * 1000:.3f}"),
            (weeks[0], "888", "1116713 960601 n277.200"),
        ]  # fmt: skip
        for time, name, value in rows:
            yield {"timestamp": time, "itemid": product.number, "property": name, "value": value}
