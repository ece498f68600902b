"""Shopify: orders_export_1.csv and products_export_1.csv."""

from collections.abc import Iterator
from pathlib import Path

from tests.support.exports.shopping import Order, Shop
from tests.support.exports.tables import Row, write_csv

ORDERS = (
    "Name,Email,Financial Status,Paid at,Fulfillment Status,Fulfilled at,Accepts Marketing,Currency,Subtotal,"
    "Shipping,Taxes,Total,Discount Code,Discount Amount,Shipping Method,Created at,Lineitem quantity,"
    "Lineitem name,Lineitem price,Lineitem compare at price,Lineitem sku,Lineitem requires shipping,"
    "Lineitem taxable,Lineitem fulfillment status,Billing Name,Billing Zip,Billing Country,Shipping Name,"
    "Shipping Zip,Shipping Country,Notes,Cancelled at,Payment Method,Refunded Amount,Vendor,Id,Tags,Risk Level,"
    "Source,Lineitem discount"
)
PRODUCTS = (
    "Handle,Title,Body (HTML),Vendor,Product Category,Type,Tags,Published,Option1 Name,Option1 Value,"
    "Option2 Name,Option2 Value,Variant SKU,Variant Grams,Variant Inventory Tracker,Variant Inventory Qty,"
    "Variant Inventory Policy,Variant Price,Variant Compare At Price,Variant Barcode,Image Src,Image Position,"
    "Gift Card,SEO Title,Status"
)


NEWER = {
    "Handle": "URL handle", "Body (HTML)": "Description", "Product Category": "Product category",
    "Published": "Published on online store", "Option1 Name": "Option1 name", "Option1 Value": "Option1 value",
    "Option2 Name": "Option2 name", "Option2 Value": "Option2 value", "Variant SKU": "SKU", "Variant Price": "Price",
    "Variant Inventory Qty": "Inventory quantity", "Variant Barcode": "Barcode", "Image Src": "Product image URL",
    "Image Position": "Image position", "Gift Card": "Gift card", "SEO Title": "SEO title",
}  # fmt: skip
"""What columns of products are called since 2024."""


def write_newer(shop: Shop, folder: Path) -> None:
    """With the newer names of columns."""
    write_csv(folder / "orders_export_1.csv", ORDERS, _order_rows(shop))
    columns = ",".join(NEWER.get(name, name) for name in PRODUCTS.split(","))
    rows = ({NEWER.get(name, name): cell for name, cell in row.items()} for row in _product_rows(shop))
    write_csv(folder / "products_export_1.csv", columns, rows)


def write(shop: Shop, folder: Path) -> None:
    write_csv(folder / "orders_export_1.csv", ORDERS, _order_rows(shop))
    write_csv(folder / "products_export_1.csv", PRODUCTS, _product_rows(shop))


def _order_rows(shop: Shop) -> Iterator[Row]:
    for order in reversed(shop.orders):
        head = _head(order)
        for line in order.lines:
            yield {
                **head, "Name": f"#{order.number}", "Lineitem quantity": line.quantity,
                "Lineitem name": f"{line.product.title} - {line.product.variant}",
                "Lineitem price": f"{line.product.price:.2f}", "Lineitem sku": line.product.sku,
                "Lineitem requires shipping": "true", "Vendor": line.product.brand, "Lineitem discount": "0.00",
            }  # fmt: skip
            head = {}
    first = shop.orders[0]
    # A gratuity and a thing that was typed in by hand, which has no SKU.
    yield {**_head(first), "Name": "#900", "Lineitem quantity": 1, "Lineitem name": "Tip", "Lineitem price": "2.00"}
    yield {"Name": "#900", "Lineitem quantity": 1, "Lineitem name": "Gift wrap, red", "Lineitem price": "1.50"}


def _head(order: Order) -> Row:
    """What stands on an order's first line only."""
    at = f"{order.time:%Y-%m-%d %H:%M:%S} +0000"
    status = "voided" if order.cancelled else "refunded" if order.refunded else "paid"
    if status == "paid" and any(line.returned for line in order.lines):
        status = "partially_refunded"
    customer = order.customer
    return {
        "Email": customer.email if customer else "", "Financial Status": status, "Paid at": at, "Currency": "EUR",
        "Fulfillment Status": "unfulfilled" if order.cancelled else "fulfilled", "Subtotal": order.total,
        "Total": order.total, "Created at": at, "Cancelled at": at if order.cancelled else "",
        "Shipping Country": customer.country if customer else "", "Shipping Zip": "'01067", "Source": "web",
        "Id": f"54{order.number:011d}", "Notes": 'Please ring, "loudly"',
    }  # fmt: skip


def _product_rows(shop: Shop) -> Iterator[Row]:
    seen: set[int] = set()
    for product in shop.products:
        head = {
            "Title": product.title, "Body (HTML)": f"<p>{product.title} by <b>{product.brand}</b> &amp; friends</p>",
            "Vendor": product.brand, "Product Category": "Health & Beauty > Personal Care", "Type": product.category[2],
            "Tags": "new, vegan", "Published": "true", "Option1 Name": "Size", "Gift Card": "false", "Status": "active",
        }  # fmt: skip
        yield {
            **({} if product.family in seen else head), "Handle": product.handle, "Option1 Value": product.variant,
            "Variant SKU": product.sku, "Variant Price": f"{product.price:.2f}", "Variant Inventory Qty": 0,
            "Variant Inventory Policy": "deny", "Image Src": "https://cdn.example/1.jpg", "Image Position": 1,
        }  # fmt: skip
        if product.family not in seen:  # A second picture.
            yield {"Handle": product.handle, "Image Src": "https://cdn.example/2.jpg", "Image Position": 2}
        seen.add(product.family)
    yield {
        "Handle": "gift-card", "Title": "Gift Card", "Option1 Value": "€25", "Variant SKU": "GIFT-25",
        "Variant Price": "25.00", "Gift Card": "true", "Status": "active",
    }  # fmt: skip
