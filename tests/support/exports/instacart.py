"""Instacart: orders without dates, their products in two files, and the catalogue with aisles and departments."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tests.support.exports.shopping import CATEGORIES, Order, Shop
from tests.support.exports.tables import Row, write_csv

ORDERS = "order_id,user_id,eval_set,order_number,order_dow,order_hour_of_day,days_since_prior_order"
LINES = "order_id,product_id,add_to_cart_order,reordered"
DEPARTMENTS = ("Skin", "Hair", "Make-up")


def write(shop: Shop, folder: Path) -> None:
    kept = [order for order in shop.known_orders if not order.cancelled]
    half = len(kept) // 2
    write_csv(folder / "orders.csv", ORDERS, _orders(kept))
    write_csv(folder / "order_products__prior.csv", LINES, _lines(kept[:half]))
    write_csv(folder / "order_products__train.csv", LINES, _lines(kept[half:]))
    write_csv(folder / "products.csv", "product_id,product_name,aisle_id,department_id", _products(shop))
    write_csv(
        folder / "aisles.csv",
        "aisle_id,aisle",
        ({"aisle_id": at, "aisle": path[2]} for at, path in enumerate(CATEGORIES, 1)),
    )
    rows = ({"department_id": at, "department": name} for at, name in enumerate(DEPARTMENTS, 1))
    write_csv(folder / "departments.csv", "department_id,department", rows)


def _orders(orders: list[Order]) -> Iterator[Row]:
    numbers: Counter[int] = Counter()
    for order in orders:
        user = order.customer_number
        numbers[user] += 1
        yield {
            "order_id": order.number, "user_id": user, "eval_set": "prior", "order_number": numbers[user],
            "order_dow": order.time.weekday(), "order_hour_of_day": f"{order.time:%H}",
            "days_since_prior_order": "" if numbers[user] == 1 else "30.0",
        }  # fmt: skip
    # An order of the test set, whose products are not told.
    yield {
        "order_id": 1,
        "user_id": orders[0].customer_number,
        "eval_set": "test",
        "order_number": 99,
    }


def _lines(orders: list[Order]) -> Iterator[Row]:
    for order in orders:
        for at, line in enumerate(order.lines, 1):
            yield {"order_id": order.number, "product_id": line.product.number, "add_to_cart_order": at, "reordered": 0}


def _products(shop: Shop) -> Iterator[Row]:
    for product in shop.products:
        yield {
            "product_id": product.number, "product_name": f'{product.title}, "{product.variant}"',
            "aisle_id": CATEGORIES.index(product.category) + 1,
            "department_id": DEPARTMENTS.index(product.category[0]) + 1,
        }  # fmt: skip
