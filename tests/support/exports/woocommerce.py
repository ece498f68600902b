"""WooCommerce: a product export of its own, and orders with a row for each product from an export extension."""

from collections.abc import Iterator
from pathlib import Path

from tests.support.exports.shopping import Order, Shop
from tests.support.exports.tables import Row, write_csv

PRODUCTS = (
    "ID,Type,SKU,Name,Published,Is featured?,Visibility in catalog,Short description,Description,Tax status,"
    "In stock?,Stock,Backorders allowed?,Sale price,Regular price,Categories,Tags,Images,Parent,Position,Brands,"
    "Attribute 1 name,Attribute 1 value(s),Attribute 1 visible,Attribute 1 global,Meta: _wp_page_template"
)
ORDERS = (
    "order_id,order_number,order_date,paid_date,status,shipping_total,discount_total,order_total,order_currency,"
    "payment_method,customer_id,billing_first_name,billing_last_name,billing_email,billing_country,customer_note,"
    "item_id,item_product_id,item_name,item_sku,item_quantity,item_subtotal,item_total,item_refunded,"
    "item_refunded_qty,item_meta,item_price"
)


def write(shop: Shop, folder: Path) -> None:
    write_csv(folder / "wc-product-export-1-7-2025.csv", PRODUCTS, _product_rows(shop), mark=True)
    write_csv(folder / "orders-export-2025-07-01.csv", ORDERS, _order_rows(shop))


def _product_rows(shop: Shop) -> Iterator[Row]:
    """Families of several are a frame and its variations; the others are simple products."""
    sizes = [product.family for product in shop.products]
    framed: set[int] = set()
    for product in shop.products:
        whole = {
            "Name": product.title, "Categories": f"{product.category[0]}, {' > '.join(product.category)}",
            "Description": f"<p>{product.title}</p>\\n", "Published": 1, "In stock?": 1, "Brands": product.brand,
        }  # fmt: skip
        if sizes.count(product.family) == 1:
            yield {**whole, "ID": product.number, "Type": "simple", "Regular price": product.price, "SKU": product.sku}
            continue
        frame = f"F-{product.family}"
        if product.family not in framed:
            framed.add(product.family)
            yield {**whole, "ID": product.family, "Type": "variable", "SKU": frame}
        yield {
            "ID": product.number, "Type": "variation", "SKU": product.sku,
            "Name": f"{product.title} - {product.variant}",
            "Published": 1, "In stock?": "backorder", "Regular price": product.price, "Parent": frame,
            "Brands": product.brand,
        }  # fmt: skip
    yield {"ID": 9, "Type": "simple", "Name": "Not yet for sale", "Published": -1, "In stock?": 1}


def _order_rows(shop: Shop) -> Iterator[Row]:
    for order in shop.orders:
        for at, line in enumerate(order.lines):
            customer = order.customer
            yield {
                "order_id": order.number, "order_number": order.number, "order_date": f"{order.time:%Y-%m-%d %H:%M:%S}",
                "status": _status(order), "order_total": order.total, "order_currency": "EUR",
                "customer_id": customer.number if customer else 0, "billing_email": customer.email if customer else "",
                "billing_country": customer.country if customer else "", "item_id": 10 * order.number + at,
                "item_product_id": line.product.number, "item_name": line.product.title, "item_sku": line.product.sku,
                "item_quantity": line.quantity, "item_total": line.product.price * line.quantity,
                "item_refunded_qty": -line.returned, "item_meta": 'size=50 ml, "new"', "item_price": line.product.price,
            }  # fmt: skip
    # An order whose product was deleted since.
    yield {"order_id": 900, "order_date": "2024-02-01 10:00:00", "status": "completed", "item_name": "Gone",
           "item_quantity": 1, "billing_email": shop.customers[0].email}  # fmt: skip


def _status(order: Order) -> str:
    return "cancelled" if order.cancelled else "refunded" if order.refunded else "completed"
