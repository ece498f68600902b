"""Every preset with its made-up export, and the source file that a person would write for it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.support.exports import (
    amazon_reviews,
    collector,
    ga4,
    h_and_m,
    instacart,
    magento,
    olist,
    open_beauty_facts,
    rees46,
    retailrocket,
    shopify,
    woocommerce,
)
from tests.support.exports.shopping import Customer, Product, Shop, make_shop


@dataclass(frozen=True)
class Export:
    """How a system exports the made-up shop.

    Attributes:
        write: Writes its files into a folder.
        customer: Their id of a customer.
        product: Their id of a product.
        tables: Each table of ours and the preset that describes it.
        own: Further tables, which no preset describes, as YAML.
        pieces: Whether an order says how many pieces of a product were bought.
    """

    write: Callable[[Shop, Path], None]
    customer: Callable[[Customer], str]
    product: Callable[[Product], str]
    tables: dict[str, str]
    own: str = ""
    pieces: bool = True


def _email(customer: Customer) -> str:
    return customer.email


def _number(one: Customer | Product) -> str:
    return str(one.number)


def _sku(product: Product) -> str:
    return product.sku


def _all(preset: str, *tables: str) -> dict[str, str]:
    return dict.fromkeys(tables, preset)


_WHOLE = ("customers", "products", "transactions")
_RECEIPTS = """
  transactions:
    file: receipts.csv
    columns:
      transaction_id: receipt
      customer_id: customer
      product_id: product_id
      quantity: pieces
      unit_price: paid
      time: day
"""
_CATALOGUE = """
  products:
    file: catalogue.csv
    columns: {product_id: code, name: title, brand: brand, category: category}
"""
EXPORTS = {
    "shopify": Export(shopify.write, _email, _sku, {**_all("shopify-orders", *_WHOLE), "products": "shopify-products"}),
    "shopify-newer": Export(
        shopify.write_newer,
        _email,
        _sku,
        {**_all("shopify-orders", *_WHOLE), "products": "shopify-products-url-handle"},
    ),
    "shopify-orders": Export(shopify.write, _email, _sku, _all("shopify-orders", *_WHOLE)),
    "woocommerce": Export(
        woocommerce.write, _email, _number, {**_all("woocommerce-orders", *_WHOLE), "products": "woocommerce-products"}
    ),
    "woocommerce-orders": Export(woocommerce.write, _email, _number, _all("woocommerce-orders", *_WHOLE)),
    "magento-2": Export(magento.write, _email, _sku, _all("magento-2", *_WHOLE)),
    "rees46-events": Export(
        rees46.write, _number, _number, _all("rees46-events", "products", "transactions", "events"), pieces=False
    ),
    "amazon-reviews-2023": Export(
        amazon_reviews.write,
        lambda customer: amazon_reviews.user(customer.number),
        amazon_reviews.family,
        _all("amazon-reviews-2023", "products", "ratings"),
    ),
    "retailrocket": Export(
        retailrocket.write, _number, _number, _all("retailrocket", "products", "transactions", "events"), pieces=False
    ),
    "olist": Export(
        olist.write,
        lambda customer: olist.code("u", customer.number),
        lambda product: olist.code("p", product.number),
        _all("olist", *_WHOLE, "ratings"),
        pieces=False,
    ),
    "instacart": Export(instacart.write, _number, _number, _all("instacart", "products", "transactions"), pieces=False),
    "h-and-m": Export(
        h_and_m.write,
        lambda customer: h_and_m.person(customer.number),
        lambda product: h_and_m.article(product.number, product.family),
        _all("h-and-m", *_WHOLE),
        pieces=False,
    ),
    "open-beauty-facts": Export(
        open_beauty_facts.write,
        _number,
        lambda product: product.barcode,
        {"products": "open-beauty-facts"},
        own=_RECEIPTS,
    ),
    "ga4-bigquery-events": Export(
        ga4.write,
        lambda customer: ga4.visitor(customer.number),
        _sku,
        _all("ga4-bigquery-events", "products", "transactions", "events"),
    ),
    "beauty-collector": Export(
        collector.write, _email, _sku, {"events": "beauty-collector"}, own=_CATALOGUE, pieces=False
    ),
}


def write_export(name: str, folder: Path, customers: int = 8, seed: int = 0) -> tuple[Shop, Path]:
    """Write the made-up shop as one of ``EXPORTS`` into ``folder``.

    Returns:
        The shop, and the source file in ``folder``, in which each table is only ``like`` its preset.
    """
    shop, export = make_shop(customers, seed), EXPORTS[name]
    export.write(shop, folder)
    tables = "".join(f"\n  {table}: {{like: {preset}}}" for table, preset in export.tables.items())
    source = folder / "source.yaml"
    source.write_text(f"name: {name}\ntables:{tables}{export.own}\n", encoding="utf-8")
    return shop, source
