"""Amazon Reviews 2023: reviews and items of one category as JSON lines, compressed."""

from collections.abc import Iterator
from pathlib import Path

from tests.support.exports.shopping import Product, Shop
from tests.support.exports.tables import Row, milliseconds, write_jsonl


def write(shop: Shop, folder: Path) -> None:
    write_jsonl(folder / "All_Beauty.jsonl.gz", _reviews(shop))
    write_jsonl(folder / "meta_All_Beauty.jsonl.gz", _items(shop))


def family(product: Product) -> str:
    return f"B0P{product.family:07d}"


def _reviews(shop: Shop) -> Iterator[Row]:
    for order in shop.known_orders:
        for at, line in enumerate(order.sold):
            if line.rating:
                yield {
                    "rating": float(line.rating), "title": "Fine", "text": "Just as told.<br />Again!", "images": [],
                    "asin": f"B0V{line.product.number:07d}", "parent_asin": family(line.product),
                    "user_id": user(order.customer_number),
                    "timestamp": milliseconds(order.time) + at, "helpful_vote": 0, "verified_purchase": True,
                }  # fmt: skip


def user(number: int) -> str:
    return f"AE{number:026d}"


def _items(shop: Shop) -> Iterator[Row]:
    for at, product in enumerate({product.family: product for product in shop.products}.values()):
        yield {
            "main_category": "All Beauty", "title": product.title, "average_rating": 4.3, "rating_number": 17,
            "features": [f"Contains {product.ingredients[1]}", "Vegan"],
            "description": [f"{product.title} by {product.brand}."],
            "price": (product.price, None, "None", "from 12.99")[at % 4], "images": [], "videos": [],
            "store": product.brand, "categories": list(product.category) if at % 3 else [],
            "details": {"Brand": product.brand, "Item Form": "Cream"}, "parent_asin": family(product),
            "bought_together": None,
        }  # fmt: skip
