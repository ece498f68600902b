"""Olist: orders, items, customers, products, reviews and the translation of categories."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from tests.support.exports.shopping import CATEGORIES, Shop
from tests.support.exports.tables import Row, write_csv

ORDERS = (
    "order_id,customer_id,order_status,order_purchase_timestamp,order_approved_at,order_delivered_carrier_date,"
    "order_delivered_customer_date,order_estimated_delivery_date"
)
ITEMS = "order_id,order_item_id,product_id,seller_id,shipping_limit_date,price,freight_value"
CUSTOMERS = "customer_id,customer_unique_id,customer_zip_code_prefix,customer_city,customer_state"
PRODUCTS = (
    "product_id,product_category_name,product_name_lenght,product_description_lenght,product_photos_qty,"
    "product_weight_g,product_length_cm,product_height_cm,product_width_cm"
)
REVIEWS = (
    "review_id,order_id,review_score,review_comment_title,review_comment_message,review_creation_date,"
    "review_answer_timestamp"
)


def code(kind: str, number: int) -> str:
    """An id as theirs are: 32 hexadecimal digits."""
    return hashlib.md5(f"{kind}{number}".encode()).hexdigest()


def write(shop: Shop, folder: Path) -> None:
    def file(name: str, columns: str, rows: Iterator[Row]) -> None:
        write_csv(folder / name, columns, rows)

    file("olist_orders_dataset.csv", ORDERS, _orders(shop))
    file("olist_order_items_dataset.csv", ITEMS, _items(shop))
    file("olist_customers_dataset.csv", CUSTOMERS, _customers(shop))
    file("olist_products_dataset.csv", PRODUCTS, _products(shop))
    file("olist_order_reviews_dataset.csv", REVIEWS, _reviews(shop))
    names = [
        {"product_category_name": portuguese(path[2]), "product_category_name_english": path[2]} for path in CATEGORIES
    ]
    columns = "product_category_name,product_category_name_english"
    write_csv(folder / "product_category_name_translation.csv", columns, names, mark=True)


def portuguese(category: str) -> str:
    return f"{category.lower()}_e_beleza"


def _orders(shop: Shop) -> Iterator[Row]:
    for order in shop.known_orders:
        yield {
            "order_id": code("o", order.number), "customer_id": code("c", order.number),
            "order_status": "canceled" if order.cancelled else "delivered",
            "order_purchase_timestamp": f"{order.time:%Y-%m-%d %H:%M:%S}",
        }  # fmt: skip


def _items(shop: Shop) -> Iterator[Row]:
    for order in shop.known_orders:
        pieces = [line.product for line in order.lines for _ in range(line.quantity)]
        for at, product in enumerate(pieces, 1):
            yield {
                "order_id": code("o", order.number), "order_item_id": at, "product_id": code("p", product.number),
                "seller_id": code("s", 1), "price": f"{product.price:.2f}", "freight_value": "13.29",
            }  # fmt: skip


def _customers(shop: Shop) -> Iterator[Row]:
    for order in shop.known_orders:
        if order.customer:
            yield {
                "customer_id": code("c", order.number), "customer_unique_id": code("u", order.customer.number),
                "customer_zip_code_prefix": "01067",
                "customer_state": {"DE": "SP", "FR": "RJ", "VN": "BA"}[order.customer.country],
            }  # fmt: skip


def _products(shop: Shop) -> Iterator[Row]:
    for product in shop.products:
        name = "" if product.family == 501 else portuguese(product.category[2])
        yield {"product_id": code("p", product.number), "product_category_name": name, "product_photos_qty": 1}


def _reviews(shop: Shop) -> Iterator[Row]:
    """Some orders are reviewed twice, and the later one counts."""
    for order in shop.known_orders:
        score = order.lines[0].rating
        for stars in () if score is None else (1, score) if order.number % 7 == 0 else (score,):
            yield {
                "review_id": code("r", order.number), "order_id": code("o", order.number), "review_score": stars,
                "review_comment_message": "Muito bom,\nrecomendo",
                "review_creation_date": f"{order.time:%Y-%m-%d} 00:00:00",
            }  # fmt: skip
