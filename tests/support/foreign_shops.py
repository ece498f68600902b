"""Small made-up exports of shops in several languages and structures, and which column of theirs is which of ours."""

import csv
import json
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

_BRANDS = ("Sol", "Luna", "Mare", "Terra")
_KINDS = ("Cream", "Serum", "Toner")
_NAMES = ("Aqua", "Glycerin", "Niacinamide", "Panthenol", "Linalool", "Limonene", "Tocopherol")
PRODUCTS = 30
CUSTOMERS = 40


@dataclass(frozen=True)
class Export:
    """An export: what writes it into a folder, and by our tables and columns theirs."""

    write: Callable[[Path], None]
    truth: dict[str, dict[str, str | list[str]]]


def write_csv(
    path: Path, header: Sequence[str], rows: Iterable[Sequence[object]], mark: str = ",", encoding: str = "utf-8",
    before: Sequence[str] = (),
) -> None:  # fmt: skip
    """A csv file, with lines before its header."""
    with path.open("w", encoding=encoding, newline="") as file:
        file.writelines(f"{line}\n" for line in before)
        writer = csv.writer(file, delimiter=mark)
        writer.writerow(header)
        writer.writerows(rows)


def moment(at: int) -> datetime:
    """A time that goes forward with ``at``."""
    return datetime(2024, 1, 3, 9, 0) + timedelta(hours=17 * at)


def product_name(at: int) -> str:
    return f"{_BRANDS[at % 4]} {_KINDS[at % 3]} Number {at}"


def label(at: int) -> str:
    return ", ".join(_NAMES[(at + step) % 7] for step in range(6))


def _german(folder: Path) -> None:
    skins = ("trocken", "fettig", "Mischhaut", "normal", "empfindlich")
    concerns = ("Falten", "Rötungen", "Unreinheiten")
    write_csv(
        folder / "kunden.csv", ["Kundennr", "Nachname", "Jahrgang", "Hauttyp", "Hautprobleme", "Registriert am"],
        ([1000 + i, "Müller", 1960 + i, skins[i % 5], f"{concerns[i % 3]}/{concerns[(i + 1) % 3]}",
          moment(i * 9).strftime("%d.%m.%Y")] for i in range(CUSTOMERS)), ";", "cp1252",
    )  # fmt: skip
    write_csv(
        folder / "artikel.csv",
        ["ArtNr", "Bezeichnung", "Marke", "Warengruppe", "Inhaltsstoffe", "VK-Preis", "Lagerbestand"],
        ([f"A{i:03}", product_name(i), _BRANDS[i % 4], f"Gesicht > {_KINDS[i % 3]}", label(i), f"{i + 5},90", i]
         for i in range(PRODUCTS)), ";", "cp1252",
    )  # fmt: skip
    write_csv(
        folder / "bestellpositionen.csv", ["Belegnr", "Kundennr", "ArtNr", "Menge", "Einzelpreis", "Datum", "Status"],
        ([500 + i // 2, 1000 + i % CUSTOMERS, f"A{i * 7 % PRODUCTS:03}", i % 3 + 1, f"{i % 40 + 5},90",
          moment(i).strftime("%d.%m.%Y"), ("geliefert", "storniert", "retourniert")[i % 3]]
           for i in range(200)), ";", "cp1252",
    )  # fmt: skip


def _vietnamese(folder: Path) -> None:
    header = [
        "Mã đơn hàng",
        "Khách hàng",
        "SĐT",
        "Mã SP",
        "Tên sản phẩm",
        "Thương hiệu",
        "Số lượng",
        "Đơn giá",
        "Ngày đặt",
    ]
    write_csv(
        folder / "don_hang.csv", header,
        ([f"DH{i // 2:04}", f"KH{i % CUSTOMERS:03}", f"0901234{i:03}", f"SP{i * 7 % PRODUCTS:02}",
          product_name(i * 7 % PRODUCTS), _BRANDS[i * 7 % PRODUCTS % 4], i % 3 + 1, f"{i % 40 + 59}.000đ",
          moment(i).strftime("%d/%m/%Y %H:%M")] for i in range(200)),
    )  # fmt: skip


def _korean(folder: Path) -> None:
    write_csv(
        folder / "상품.csv", ["상품코드", "상품명", "브랜드", "전성분", "판매가", "재고수량"],
        ([f"G{i:03}", f"{product_name(i)} 크림", _BRANDS[i % 4], "정제수, 글리세린, 부틸렌글라이콜, 나이아신아마이드",
          f"{i + 9},000원", i] for i in range(PRODUCTS)), ",", "cp949",
    )  # fmt: skip
    write_csv(
        folder / "상품평.csv", ["회원번호", "피부타입", "상품코드", "별점", "작성일"],
        ([f"M{i % CUSTOMERS:03}", ("건성", "지성", "복합성")[i % CUSTOMERS % 3], f"G{i * 7 % PRODUCTS:03}", i % 5 + 1,
          moment(i).strftime("%Y.%m.%d")] for i in range(200)), ",", "cp949",
    )  # fmt: skip


def _report(folder: Path) -> None:
    write_csv(
        folder / "sales report.csv",
        ["Invoice No", "Stock Code", "Description", "Qty", "Invoice Date", "Price", "Customer ID"],
        ([536365 + i // 4, f"2{i * 7 % PRODUCTS:04}", product_name(i * 7 % PRODUCTS), i % 9 + 1, 45292 + i * 0.4,
          4.25 + i % 7, 17000 + i % CUSTOMERS] for i in range(200)), before=["Sales report 2024", "Made by finance"],
    )  # fmt: skip


def _head_and_lines(folder: Path) -> None:
    write_csv(
        folder / "order_header.csv", ["order_id", "cust_no", "ordered_on", "order_status"],
        ([9000 + i, f"C{i % CUSTOMERS}", moment(i).strftime("%m/%d/%Y"), ("complete", "canceled", "refunded")[i % 3]]
         for i in range(100)),
    )  # fmt: skip
    write_csv(
        folder / "order_lines.csv", ["line_id", "order_id", "sku", "units", "unit_price"],
        ([i, 9000 + i % 100, f"SKU{i * 7 % PRODUCTS:02}", i % 3 + 1, f"${i % 9 + 3}.50"] for i in range(250)),
    )  # fmt: skip
    write_csv(
        folder / "catalog.csv", ["sku", "product_title", "vendor", "list_price", "inventory_qty"],
        ([f"SKU{i:02}", product_name(i), _BRANDS[i % 4], f"${i + 4}.99", i] for i in range(PRODUCTS)),
    )  # fmt: skip


def _reviews(folder: Path) -> None:
    rows = (
        {"reviewerID": f"A{i % CUSTOMERS:03}X", "itemId": f"B{i * 7 % PRODUCTS:03}", "stars": float(i % 5 + 1),
         "reviewText": "It smells good and my skin is soft", "ts": int(moment(i).timestamp() * 1000)}
        for i in range(200)
    )  # fmt: skip
    (folder / "reviews.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    products = (
        {"itemId": f"B{i:03}", "title": product_name(i), "categories": ["Beauty", _KINDS[i % 3]], "price": i + 0.5}
        for i in range(PRODUCTS)
    )
    (folder / "meta.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in products))


def _clicks(folder: Path) -> None:
    write_csv(
        folder / "clickstream.csv",
        ["event_time", "action", "prod_id", "category_path", "brand_name", "visitor", "visit_id"],
        ([f"{moment(i)} UTC", ("view", "view", "cart", "purchase")[i % 4], 5000 + i * 7 % PRODUCTS, "face.cream",
          _BRANDS[i * 7 % PRODUCTS % 4], 700000 + i % CUSTOMERS, f"{i // 3 + 2**60:016x}"] for i in range(200)),
    )  # fmt: skip


def _abbreviated(folder: Path) -> None:
    write_csv(
        folder / "tbl_sls.csv", ["doc_no", "cust_cd", "art_cd", "art_desc", "qty_sold", "trx_dt"],
        ([i // 2, f"{i % CUSTOMERS:06}", f"{i * 7 % PRODUCTS:08}", product_name(i * 7 % PRODUCTS), i % 4 + 1,
          moment(i).strftime("%Y%m%d")] for i in range(200)), "|",
    )  # fmt: skip


def _polish(folder: Path) -> None:
    header = [
        "nr zamówienia",
        "id klienta",
        "kod produktu",
        "nazwa towaru",
        "ilość",
        "cena brutto",
        "data sprzedaży",
        "godzina",
    ]
    write_csv(
        folder / "sprzedaz.csv", header,
        ([f"Z/{i // 2}", 100 + i % CUSTOMERS, f"K{i * 7 % PRODUCTS:02}",
          f"{product_name(i * 7 % PRODUCTS)} łagodzący krem",
          i % 3 + 1, f"{i % 9 + 3},50 zł", moment(i).strftime("%Y-%m-%d"), moment(i).strftime("%H:%M")]
         for i in range(200)), ";", "cp1250",
    )  # fmt: skip


def _nested(folder: Path) -> None:
    rows = (
        {"id": 7000 + i, "created_at": f"{moment(i).isoformat()}+01:00",
         "customer": {"id": i % CUSTOMERS, "email": "a@b.c"},
         "line_items": [{"sku": f"S{j * 7 % PRODUCTS}", "title": product_name(j * 7 % PRODUCTS), "quantity": j % 3 + 1,
                         "price": f"{j % 9 + 4}.50"} for j in range(i, i + i % 2 + 1)]}
        for i in range(120)
    )  # fmt: skip
    (folder / "orders.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows))


def _database(folder: Path) -> None:
    with sqlite3.connect(folder / "shop.sqlite") as shop:
        shop.execute("create table users(id integer primary key, email text, skin text, created_at text)")
        shop.execute("create table products(id integer primary key, name text, brand_id int, price_cents int)")
        shop.execute("create table brands(id integer primary key, name text)")
        shop.executemany("insert into brands values (?, ?)", enumerate(_BRANDS))
        shop.execute("create table orders(id integer primary key, user_id int, created_at text, status text)")
        shop.execute("create table order_items(id integer primary key, order_id int, product_id int, quantity int)")
        skins = ("dry", "oily", "combo", "normal")
        users = [(i, f"u{i}@example.org", skins[i % 4], str(moment(i))) for i in range(1, CUSTOMERS + 1)]
        shop.executemany("insert into users values (?, ?, ?, ?)", users)
        products = [(i, product_name(i), i % 4, 1990 + i) for i in range(1, PRODUCTS + 1)]
        shop.executemany("insert into products values (?, ?, ?, ?)", products)
        orders = [(i, i % CUSTOMERS + 1, str(moment(i)), ("paid", "cancelled")[i % 2]) for i in range(1, 101)]
        shop.executemany("insert into orders values (?, ?, ?, ?)", orders)
        lines = [(i, i % 100 + 1, i * 7 % PRODUCTS + 1, i % 3 + 1) for i in range(1, 251)]
        shop.executemany("insert into order_items values (?, ?, ?, ?)", lines)
    shop.close()


def write_ambiguous_orders(folder: Path) -> None:
    """Orders whose dates may have the day or the month first, in no order of time."""
    draw = Random(0)
    dates = [f"{draw.randint(1, 9):02}/{draw.randint(1, 9):02}/2024" for _ in range(60)]
    write_csv(
        folder / "orders.csv", ["order_id", "customer_id", "sku", "product_name", "date"],
        ([i, i % 9, f"S{i % 5}", product_name(i % 5), date] for i, date in enumerate(dates)),
    )  # fmt: skip


EXPORTS: dict[str, Export] = {
    "german": Export(_german, {
        "customers": {"customer_id": "Kundennr", "birth_year": "Jahrgang", "skin_type": "Hauttyp",
                      "concerns": "Hautprobleme", "signup_time": "Registriert am"},
        "products": {"product_id": "ArtNr", "name": "Bezeichnung", "brand": "Marke", "category": "Warengruppe",
                     "ingredients": "Inhaltsstoffe", "price": "VK-Preis", "stock": "Lagerbestand"},
        "transactions": {"transaction_id": "Belegnr", "customer_id": "Kundennr", "product_id": "ArtNr",
                         "quantity": "Menge", "unit_price": "Einzelpreis", "time": "Datum"}}),
    "vietnamese": Export(_vietnamese, {
        "products": {"product_id": "Mã SP", "name": "Tên sản phẩm", "brand": "Thương hiệu", "price": "Đơn giá"},
        "transactions": {"transaction_id": "Mã đơn hàng", "customer_id": "Khách hàng", "product_id": "Mã SP",
                         "quantity": "Số lượng", "unit_price": "Đơn giá", "time": "Ngày đặt"}}),
    "korean": Export(_korean, {
        "customers": {"customer_id": "회원번호", "skin_type": "피부타입"},
        "products": {"product_id": "상품코드", "name": "상품명", "brand": "브랜드", "ingredients": "전성분",
                     "price": "판매가", "stock": "재고수량"},
        "ratings": {"customer_id": "회원번호", "product_id": "상품코드", "rating": "별점", "time": "작성일"}}),
    "report": Export(_report, {
        "products": {"product_id": "Stock Code", "name": "Description", "price": "Price"},
        "transactions": {"transaction_id": "Invoice No", "customer_id": "Customer ID", "product_id": "Stock Code",
                         "quantity": "Qty", "unit_price": "Price", "time": "Invoice Date"}}),
    "head and lines": Export(_head_and_lines, {
        "products": {"product_id": "sku", "name": "product_title", "brand": "vendor", "price": "list_price",
                     "stock": "inventory_qty"},
        "transactions": {"transaction_id": "order_id", "customer_id": "cust_no", "product_id": "sku",
                         "quantity": "units", "unit_price": "unit_price", "time": "ordered_on"}}),
    "reviews": Export(_reviews, {
        "products": {"product_id": "itemId", "name": "title", "category": "categories", "price": "price"},
        "ratings": {"customer_id": "reviewerID", "product_id": "itemId", "rating": "stars", "time": "ts"}}),
    "clicks": Export(_clicks, {
        "products": {"product_id": "prod_id", "name": "prod_id", "brand": "brand_name", "category": "category_path"},
        "events": {"customer_id": "visitor", "session_id": "visit_id", "type": "action", "product_id": "prod_id",
                   "time": "event_time"}}),
    "abbreviated": Export(_abbreviated, {
        "products": {"product_id": "art_cd", "name": "art_desc"},
        "transactions": {"transaction_id": "doc_no", "customer_id": "cust_cd", "product_id": "art_cd",
                         "quantity": "qty_sold", "time": "trx_dt"}}),
    "polish": Export(_polish, {
        "products": {"product_id": "kod produktu", "name": "nazwa towaru", "price": "cena brutto"},
        "transactions": {"transaction_id": "nr zamówienia", "customer_id": "id klienta", "product_id": "kod produktu",
                         "quantity": "ilość", "unit_price": "cena brutto", "time": ["data sprzedaży", "godzina"]}}),
    "nested": Export(_nested, {
        "products": {"product_id": "line_items.sku", "name": "line_items.title", "price": "line_items.price"},
        "transactions": {"transaction_id": "id", "customer_id": "customer.id", "product_id": "line_items.sku",
                         "quantity": "line_items.quantity", "unit_price": "line_items.price", "time": "created_at"}}),
    "database": Export(_database, {
        "customers": {"customer_id": "id", "skin_type": "skin", "signup_time": "created_at"},
        "products": {"product_id": "id", "name": "name", "brand": "brand.name", "price": "price_cents"},
        "transactions": {"transaction_id": "order_id", "customer_id": "head.user_id", "product_id": "product_id",
                         "quantity": "quantity", "time": "head.created_at"}}),
}  # fmt: skip
