"""Open Beauty Facts: its catalogue, and receipts of a shop of our own that sells by barcode."""

from collections.abc import Iterator
from pathlib import Path

from tests.support.exports.shopping import Shop
from tests.support.exports.tables import Row, write_csv

FACTS = (
    "code,url,creator,created_t,created_datetime,last_modified_t,product_name,generic_name,quantity,packaging,"
    "brands,brands_tags,categories,categories_tags,categories_en,countries_en,ingredients_text,allergens,traces,"
    "image_url"
)
RECEIPTS = "receipt,customer,product_id,pieces,paid,day"


def write(shop: Shop, folder: Path) -> None:
    names = FACTS.split(",")
    lines = ["\t".join(names), *("\t".join(str(row.get(name, "")) for name in names) for row in _facts(shop))]
    text = "".join(f"{line}\n" for line in lines)
    (folder / "en.openbeautyfacts.org.products.csv").write_text(text, encoding="utf-8")
    write_csv(folder / "receipts.csv", RECEIPTS, _receipts(shop))


def _facts(shop: Shop) -> Iterator[Row]:
    for product in shop.products:
        yield {
            "code": product.barcode, "creator": "kiliweb", "created_t": 1552000000, "brands": f"{product.brand},Group",
            # Quotes are text here.
            "product_name": f'{product.title} "{product.variant}', "categories": "Soins, Visage",
            "categories_en": ",".join(product.category), "ingredients_text": ", ".join(product.ingredients),
        }  # fmt: skip
    yield {"code": "0000000000017", "creator": "openbeautyfacts-contributors", "created_t": 1552000001}


def _receipts(shop: Shop) -> Iterator[Row]:
    for order in shop.known_orders:
        for line in order.sold:
            yield {
                "receipt": order.number, "customer": order.customer.number if order.customer else "",
                "product_id": line.product.barcode, "pieces": line.quantity, "paid": line.product.price,
                "day": f"{order.time:%Y-%m-%d %H:%M}",
            }  # fmt: skip
