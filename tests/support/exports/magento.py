"""Magento 2: the export of products, and two tables of its database."""

from collections.abc import Iterator
from pathlib import Path

from tests.support.exports.shopping import Order, Shop
from tests.support.exports.tables import Row, write_csv

PRODUCTS = (
    "sku,store_view_code,attribute_set_code,product_type,categories,product_websites,name,description,"
    "short_description,weight,product_online,tax_class_name,visibility,price,special_price,url_key,created_at,"
    "updated_at,additional_attributes,qty,out_of_stock_qty,is_in_stock,configurable_variations,"
    "configurable_variation_labels"
)
ORDERS = (
    "entity_id,state,status,store_id,customer_id,base_grand_total,customer_is_guest,customer_dob,increment_id,"
    "order_currency_code,customer_email,customer_group_id,created_at,updated_at"
)
ITEMS = (
    "item_id,order_id,parent_item_id,store_id,created_at,product_id,product_type,product_options,sku,name,"
    "qty_canceled,qty_invoiced,qty_ordered,qty_refunded,qty_shipped,price,base_price,row_total"
)


def write(shop: Shop, folder: Path) -> None:
    write_csv(folder / "catalog_product_20250701_101500.csv", PRODUCTS, _product_rows(shop))
    write_csv(folder / "sales_order.csv", ORDERS, map(_order, shop.orders))
    write_csv(folder / "sales_order_item.csv", ITEMS, _items(shop))


def _product_rows(shop: Shop) -> Iterator[Row]:
    for product in shop.products:
        top, middle, last = product.category
        root = "Default Category"
        row = {
            "sku": product.sku, "attribute_set_code": "Default", "product_type": "simple", "name": product.title,
            "categories": f"{root}/{top},{root}/{top}/{middle},{root}/{top}/{middle}/{last}", "product_online": 1,
            "description": f"<p>{product.title}</p>", "price": f"{product.price:.4f}",
            "qty": "25.0000", "is_in_stock": 1,
            "additional_attributes": f"has_options=0,brand={product.brand},size={product.variant}",
            "created_at": "1/5/24, 9:30 AM",
        }  # fmt: skip
        yield row
        yield {
            "sku": product.sku,
            "store_view_code": "de",
            "name": f"{product.title} (de)",
        }
    for family in {product.family: None for product in shop.products}:
        members = [product for product in shop.products if product.family == family]
        if len(members) > 1:
            yield {
                "sku": f"F-{family}", "product_type": "configurable", "name": "Frame", "product_online": 1,
                "configurable_variations": "|".join(f"sku={one.sku},size={one.variant}" for one in members),
            }  # fmt: skip


def _order(order: Order) -> Row:
    customer = order.customer
    state = "canceled" if order.cancelled else "closed" if order.refunded else "complete"
    return {
        "entity_id": order.number, "state": state, "status": state, "customer_id": customer.number if customer else "",
        "customer_is_guest": 0 if customer else 1, "customer_email": customer.email if customer else "",
        "customer_dob": f"{customer.birth_year}-03-04 00:00:00" if customer else "",
        "increment_id": f"{order.number:09d}",
        "order_currency_code": "EUR", "created_at": f"{order.time:%Y-%m-%d %H:%M:%S}",
    }  # fmt: skip


def _items(shop: Shop) -> Iterator[Row]:
    """Every second product is bought as the choice of a configurable one: two rows."""
    number = 0
    for order in shop.orders:
        for line in order.lines:
            number += 2
            configurable = line.product.number % 2 == 0
            row = {
                "item_id": number, "order_id": order.number, "product_id": line.product.number,
                "sku": line.product.sku,
                "product_type": "configurable" if configurable else "simple", "name": line.product.title,
                "qty_ordered": f"{line.quantity}.0000", "qty_refunded": f"{line.returned}.0000",
                "price": f"{line.product.price:.4f}", "product_options": '{"info_buyRequest":{"qty":"1"}}',
            }  # fmt: skip
            yield row
            if configurable:
                yield {
                    **row,
                    "item_id": number + 1,
                    "parent_item_id": number,
                    "product_type": "simple",
                    "price": "0.0000",
                }
