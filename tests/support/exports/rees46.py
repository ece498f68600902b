"""REES46: a file of events for each month."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import groupby
from pathlib import Path

from tests.support.exports.shopping import Customer, Product, Shop
from tests.support.exports.tables import Row, write_csv

EVENTS = "event_time,event_type,product_id,category_id,category_code,brand,price,user_id,user_session"


def write(shop: Shop, folder: Path) -> None:
    rows = sorted(_rows(shop), key=lambda row: row["event_time"])
    for month, events in groupby(rows, lambda row: row["event_time"][:7]):
        write_csv(folder / f"{datetime.fromisoformat(f'{month}-01'):%Y-%b}.csv", EVENTS, events)


def session(number: int) -> str:
    return f"26dd6e6e-4dac-4778-8d2c-{number:012d}"


def _rows(shop: Shop) -> Iterator[Row]:
    for order, visit in zip(shop.known_orders, shop.visits, strict=True):
        place = session(order.number)
        for at, product in enumerate(visit.viewed):
            yield _row(visit.time + timedelta(seconds=at), "view", product, visit.customer, place)
        for at, product in enumerate(visit.carted):
            yield _row(visit.time + timedelta(minutes=5, seconds=at), "cart", product, visit.customer, place)
        for line in order.sold:
            for _ in range(line.quantity):  # Two pieces are two equal rows.
                yield _row(order.time, "purchase", line.product, visit.customer, place)
        if order.cancelled:
            yield _row(order.time, "remove_from_cart", order.lines[0].product, visit.customer, place)
    first = shop.visits[0]
    yield {**_row(first.time, "purchase", first.viewed[0], first.customer, session(1)), "price": "-79.37"}


def _row(time: datetime, kind: str, product: Product, customer: Customer, place: str) -> Row:
    code = ".".join(part.lower().replace("-", "") for part in product.category)
    return {
        "event_time": f"{time:%Y-%m-%d %H:%M:%S} UTC", "event_type": kind, "product_id": product.number,
        "category_id": 1487580005092295500 + len(product.category[2]), "price": f"{product.price:.2f}",
        "category_code": code if product.family % 3 else "",
        "brand": product.brand.lower() if product.family % 5 else "",
        "user_id": customer.number, "user_session": place,
    }  # fmt: skip
