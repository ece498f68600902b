"""Google Analytics 4 in BigQuery: events of days, as Parquet of nested columns or as JSON lines."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from tests.support.exports.shopping import Customer, Line, Product, Shop
from tests.support.exports.tables import Row, write_jsonl

_ITEM = pa.struct(
    [(name, pa.string()) for name in ("item_id", "item_name", "item_brand", "item_variant", "item_category",
                                      "item_category2", "item_category3")]
    + [("price", pa.float64()), ("quantity", pa.int64())]
)  # fmt: skip
_VALUE = pa.struct([("string_value", pa.string()), ("int_value", pa.int64())])
SCHEMA = pa.schema(
    [("event_date", pa.string()), ("event_timestamp", pa.int64()), ("event_name", pa.string()),
     ("event_params", pa.list_(pa.struct([("key", pa.string()), ("value", _VALUE)]))), ("user_id", pa.string()),
     ("user_pseudo_id", pa.string()), ("platform", pa.string()),
     ("ecommerce", pa.struct([("transaction_id", pa.string()), ("purchase_revenue", pa.float64())])),
     ("items", pa.list_(_ITEM))]
)  # fmt: skip


def write(shop: Shop, folder: Path) -> None:
    rows = list(_rows(shop))
    for year in sorted({row["event_date"][:4] for row in rows}):
        table = pa.Table.from_pylist([row for row in rows if row["event_date"].startswith(year)], SCHEMA)
        pq.write_table(table, folder / f"events_{year}.parquet")


def write_json(shop: Shop, folder: Path) -> None:
    """As ``bq extract`` writes JSON: whole numbers of 64 bits are texts, and empty fields are left out."""
    rows = ({**row, "event_timestamp": str(row["event_timestamp"])} for row in _rows(shop))
    write_jsonl(folder / "events_2024.jsonl", ({name: cell for name, cell in row.items() if cell} for row in rows))


def visitor(number: int) -> str:
    return f"{number}.1700000000"


def _rows(shop: Shop) -> Iterator[Row]:
    for order, visit in zip(shop.known_orders, shop.visits, strict=True):
        yield _event("page_view", visit.time, visit.customer, [])
        for product in visit.viewed:
            yield _event("view_item", visit.time, visit.customer, [_item(Line(product, 1))])
        yield _event("add_to_cart", visit.time, visit.customer, [_item(Line(product, 1)) for product in visit.carted])
        if not order.cancelled:
            bought = _event("purchase", order.time, visit.customer, [_item(line) for line in order.lines])
            yield {**bought, "ecommerce": {"transaction_id": f"T{order.number}", "purchase_revenue": order.total}}
    words = [{"key": "search_term", "value": {"string_value": "serum", "int_value": None}}]
    yield {**_event("view_search_results", visit.time, visit.customer, []), "event_params": words}
    # Without consent there is no visitor.
    yield {
        **_event("view_item", visit.time, visit.customer, [_item(Line(shop.products[0], 1))]),
        "user_pseudo_id": None,
    }


def _event(name: str, time: datetime, customer: Customer, items: list[Any]) -> dict[str, Any]:
    return {
        "event_date": f"{time:%Y%m%d}", "event_timestamp": round(time.timestamp() * 1e6), "event_name": name,
        "event_params": [{"key": "ga_session_id", "value": {"string_value": None, "int_value": 1700}}], "user_id": None,
        "user_pseudo_id": visitor(customer.number), "platform": "WEB", "ecommerce": None, "items": items,
    }  # fmt: skip


def _item(line: Line) -> dict[str, Any]:
    product: Product = line.product
    return {
        "item_id": product.sku, "item_name": product.title, "item_brand": product.brand, "item_variant": "(not set)",
        "item_category": product.category[0], "item_category2": product.category[1], "item_category3": "(not set)",
        "price": product.price, "quantity": line.quantity,
    }  # fmt: skip
