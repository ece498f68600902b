"""H&M: articles, customers and purchases; ids begin with a 0, and equal rows are further pieces."""

from collections.abc import Iterator
from pathlib import Path

from tests.support.exports.shopping import Shop
from tests.support.exports.tables import Row, write_csv

ARTICLES = (
    "article_id,product_code,prod_name,product_type_no,product_type_name,product_group_name,"
    "graphical_appearance_no,graphical_appearance_name,colour_group_code,colour_group_name,department_no,"
    "department_name,index_code,index_name,index_group_no,index_group_name,section_no,section_name,"
    "garment_group_no,garment_group_name,detail_desc"
)
CUSTOMERS = "customer_id,FN,Active,club_member_status,fashion_news_frequency,age,postal_code"
PURCHASES = "t_dat,customer_id,article_id,price,sales_channel_id"


def person(number: int) -> str:
    return f"{number:064x}"


def article(number: int, family: int) -> str:
    return f"0{family:06d}{number % 1000:03d}"


def write(shop: Shop, folder: Path) -> None:
    write_csv(folder / "articles.csv", ARTICLES, _articles(shop))
    write_csv(folder / "transactions_train.csv", PURCHASES, _purchases(shop))
    people = (
        {"customer_id": person(customer.number), "club_member_status": "ACTIVE", "fashion_news_frequency": "NONE",
         "age": 2020 - customer.birth_year if customer.number % 4 else ""}
        for customer in shop.customers
    )  # fmt: skip
    write_csv(folder / "customers.csv", CUSTOMERS, people)


def _articles(shop: Shop) -> Iterator[Row]:
    for product in shop.products:
        yield {
            "article_id": article(product.number, product.family), "product_code": f"0{product.family:06d}"[:7],
            "prod_name": product.title, "product_type_name": product.category[2],
            "product_group_name": product.category[1],
            "index_group_name": product.category[0], "colour_group_name": product.variant,
            "detail_desc": f"{product.title}, in {product.variant}." if product.number % 6 else "",
        }  # fmt: skip


def _purchases(shop: Shop) -> Iterator[Row]:
    for order in shop.known_orders:
        for line in order.sold:
            for _ in range(line.quantity):
                yield {
                    "t_dat": f"{order.time:%Y-%m-%d}", "price": line.product.price / 590, "sales_channel_id": 2,
                    "customer_id": person(order.customer_number),
                    "article_id": article(line.product.number, line.product.family),
                }  # fmt: skip
