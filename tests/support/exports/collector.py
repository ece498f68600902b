"""This platform's collector: the events that a run exports, by the product's own code, and a catalogue beside it."""

from collections.abc import Iterator
from pathlib import Path

from feedback.event_log import EventLog
from feedback.events import parse_events
from feedback.log_reader import read_events
from feedback.training_export import write_feedback
from tests.support.exports.shopping import Shop
from tests.support.exports.tables import Row, write_csv


def write(shop: Shop, folder: Path) -> None:
    log = EventLog(folder / "events.sqlite")
    events, rejected = parse_events(list(_events(shop)))
    assert not rejected
    log.add(events)
    log.close()
    exported = folder / "feedback"
    write_feedback(read_events(folder / "events.sqlite"), exported)
    (exported / "events.parquet").rename(folder / "events.parquet")
    exported.rmdir()
    (folder / "events.sqlite").unlink()
    rows = (
        {"code": product.sku, "title": product.title, "brand": product.brand, "category": " > ".join(product.category)}
        for product in shop.products
    )
    write_csv(folder / "catalogue.csv", "code,title,brand,category", rows)


def _events(shop: Shop) -> Iterator[Row]:
    for order, visit in zip(shop.known_orders, shop.visits, strict=True):
        base = {"customer_id": visit.customer.email, "session_id": f"s{order.number}"}
        for at, product in enumerate(visit.viewed):
            yield {
                **base,
                "event_id": f"v{order.number}-{at}",
                "type": "view",
                "time": visit.time.isoformat(),
                "product_id": product.sku,
            }
        for at, line in enumerate(order.sold):
            yield {
                **base, "event_id": f"p{order.number}-{at}", "type": "purchase", "time": order.time.isoformat(),
                "product_id": line.product.sku, "value": float(line.quantity),
            }  # fmt: skip
    yield {**base, "event_id": "q1", "type": "search", "time": visit.time.isoformat(), "query": "serum"}
