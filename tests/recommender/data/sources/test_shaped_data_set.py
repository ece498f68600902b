"""Data sets whose tables are in another shape than ours, from their files to clean tables."""

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import sqlalchemy
import yaml

from recommender.contract import columns as c
from recommender.data.cleaning.prepare import prepare
from recommender.data.raw_tables import RawTables
from recommender.data.sources.ingest import ingest
from settings.config import Config
from tests.support.paths import ROOT
from tests.support.shaped_tables import written

ORDERS = """Name,Email,Financial Status,Created at,Lineitem sku,Lineitem quantity,Lineitem price
#1,a@x,paid,2025-01-01 10:00:00 +0100,p1,1,12.50
#1,,,,p2,2,8.00
#2,b@x,voided,2025-01-02 10:00:00 +0100,p1,1,12.50
#2,,,,GIFT,1,0.00
#3,,paid,2025-01-03 10:00:00 +0100,p2,1,8.00
#3,,,,GIFT,1,0.00
"""
SHOP = """
name: shop
tables:
  products:
    file: products.jsonl
    columns: {product_id: sku, name: title, brand: vendor.name, category: {from: tree.name, literal: true}}
  transactions:
    file: orders.csv
    fill_down: {columns: [Email, Financial Status, Created at], within: Name}
    where: {Financial Status: paid, Lineitem sku: {is_not: GIFT}}
    columns:
      transaction_id: Name
      customer_id: Email
      product_id: Lineitem sku
      quantity: Lineitem quantity
      unit_price: Lineitem price
      time: {from: Created at, format: "%Y-%m-%d %H:%M:%S %z"}
"""
PRODUCTS: list[dict[str, Any]] = [
    {"sku": "p1", "title": "Cream", "vendor": {"name": "Lumi"}, "tree": [{"name": "Face"}, {"name": "Creams"}]},
    {"sku": "p2", "title": "Gel", "vendor": "Lumi", "tree": []},
]


def raw(folder: Path, source: str, files: dict[str, Any]) -> RawTables:
    for file, content in files.items():
        written(folder, file, content)
    (folder / "source.yaml").write_text(source, encoding="utf-8")
    return ingest(folder / "source.yaml")


def rows(table: pd.DataFrame | None, *columns: str) -> list[list[Any]]:
    assert table is not None
    found = table[[*columns]].astype(object)
    return found.where(found.notna(), None).to_numpy().tolist()


def test_orders_whose_first_line_alone_says_who_bought(tmp_path: Path) -> None:
    read = raw(tmp_path, SHOP, {"orders.csv": ORDERS, "products.jsonl": PRODUCTS})
    assert {name: origin.left_out for name, origin in read.origins.items()} == {"products": 0, "transactions": 3}
    prepared = prepare(read, Config())
    assert rows(prepared.tables.transactions, c.TRANSACTION_ID, c.CUSTOMER_ID, c.PRODUCT_ID, c.UNIT_PRICE) == [
        ["#1", "a@x", "p1", 12.5], ["#1", "a@x", "p2", 8.0],
    ]  # fmt: skip
    assert rows(prepared.tables.products, c.PRODUCT_ID, c.BRAND, c.CATEGORY) == [
        ["p1", "Lumi", "Face > Creams"], ["p2", None, None],
    ]  # fmt: skip
    assert rows(prepared.tables.guest_baskets, c.TRANSACTION_ID, c.PRODUCT_ID) == [["#3", "p2"]]
    assert prepared.quarantine.empty
    assert "Lumi" in prepared.repairs[c.REASON].tolist()[0]


def test_counts_of_rows_left_out_come_back_from_the_folder(tmp_path: Path) -> None:
    read = raw(tmp_path, SHOP, {"orders.csv": ORDERS, "products.jsonl": PRODUCTS})
    read.write(tmp_path / "raw")
    assert RawTables.read(tmp_path / "raw").origins == read.origins


BROKEN = [
    {"id": 1, "who": "a", "at": "2025-01-01", "lines": [{"sku": "p1", "n": 1}, {"sku": "p2", "n": 2}]},
    {"id": 2, "who": "a", "at": "2025-01-02", "lines": '[{"sku": "p1"'},
    {"id": 3, "who": "b", "at": "2025-01-03", "lines": []},
    {"id": 4, "who": '{"x": 1}', "at": "2025-01-03", "lines": [{"sku": {"a": 1}, "n": [1]}]},
]


def test_what_is_broken_is_kept_in_the_quarantine_with_its_reason(tmp_path: Path) -> None:
    source = yaml.safe_load(SHOP)
    columns = {
        "transaction_id": "id",
        "customer_id": "who",
        "product_id": "lines.sku",
        "quantity": "lines.n",
        "time": "at",
    }
    source["tables"]["transactions"] = {"file": "o.jsonl", "explode": {"column": "lines"}, "columns": columns}
    read = raw(tmp_path, yaml.safe_dump(source), {"o.jsonl": BROKEN, "products.jsonl": PRODUCTS})
    prepared = prepare(read, Config())
    assert rows(prepared.tables.transactions, c.PRODUCT_ID, c.QUANTITY) == [["p1", 1], ["p2", 2]]
    found = prepared.quarantine[[c.ROW, c.RULE]].to_numpy().tolist()
    assert found == [[2, "unreadable_id"], [3, "missing_product"], [4, "unreadable_id"]]
    assert '[{"sku": "p1"' in json.loads(prepared.quarantine[c.CONTENT].iloc[0])["product_id"]


SQL = """
name: shop
tables:
  products: {file: products.jsonl, columns: {product_id: sku, name: title}}
  transactions:
    sql: {database: SHOP_DATABASE, query: select * from sales, cursor: changed}
    join: {file: who.csv, on: customer}
    where: {status: [paid, sent]}
    columns: {transaction_id: id, customer_id: mail, product_id: sku, time: changed}
"""


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    url = f"sqlite:///{tmp_path}/shop.db"
    monkeypatch.setenv("SHOP_DATABASE", url)
    engine = sqlalchemy.create_engine(url)
    with engine.begin() as connection:
        connection.execute(sqlalchemy.text("create table sales (id, customer, sku, status, changed)"))
    yield engine
    engine.dispose()


def sell(database: Any, *sales: tuple[int, int, str, str, str]) -> None:
    with database.begin() as connection:
        for sale in sales:
            connection.execute(sqlalchemy.text(f"delete from sales where id = {sale[0]}"))
            connection.execute(sqlalchemy.text(f"insert into sales values {sale}"))


def test_only_new_rows_are_read_and_one_that_is_wanted_no_more_goes(tmp_path: Path, database: Any) -> None:
    written(tmp_path, "products.jsonl", PRODUCTS)
    written(tmp_path, "who.csv", "customer,mail\n1.0,a@x\n2,b@x\n")
    (tmp_path / "source.yaml").write_text(SQL, encoding="utf-8")

    def read() -> list[list[Any]]:
        table = ingest(tmp_path / "source.yaml", tmp_path / "store").tables["transactions"]
        return rows(table, c.TRANSACTION_ID, c.CUSTOMER_ID)

    sell(
        database,
        (1, 1, "p1", "paid", "2025-01-01"),
        (2, 2, "p2", "paid", "2025-01-02"),
        (3, 2, "p1", "new", "2025-01-02"),
    )
    assert read() == [["1", "a@x"], ["2", "b@x"]]
    assert read() == [["1", "a@x"], ["2", "b@x"]]
    sell(database, (3, 2, "p1", "sent", "2025-01-03"), (1, 1, "p1", "cancelled", "2025-01-03"))
    assert read() == [["2", "b@x"], ["3", "b@x"]]
    sell(database, (3, 2, "p1", "cancelled", "2025-01-04"), (4, 9, "p1", "new", "2025-01-04"))
    assert read() == [["2", "b@x"]]


INGREDIENTS = "sku;what;name\np1;inci;Aqua\np1;inci;Linalool\np2;inci;Aqua, Parfum\np1;inci;Glycerin\np1;inci;Aqua\n"
AVOIDED = "mail,no\na@x,nuts;soap\nb@x,fragrance\na@x,\na@x,linalool;nuts\n"


JOIN = {"file": "i.csv", "delimiter": ";", "on": "sku"}


@pytest.mark.parametrize(
    "shape",
    [
        {"file": "p.csv", "join": {**JOIN, "as": "i"}},
        {"file": "p.csv", "join": {"file": "j.csv", "on": "sku", "as": "i", "join": JOIN}},
        {"file": "i.csv", "delimiter": ";", "pivot": {"key": "sku", "property": "what", "value": "name"}},
    ],
)
def test_no_ingredient_and_no_avoidance_is_lost_where_several_rows_become_one(tmp_path: Path, shape: Any) -> None:
    ingredients = "inci" if "pivot" in shape else "i.name"
    join = {"file": "no.csv", "on": {"mail": "mail"}}
    customers = {"customer_id": "mail", "avoided_ingredients": {"from": "no", "separator": ";"}}
    tables = {
        "products": {**shape, "columns": {"product_id": "sku", "name": "sku", "ingredients": ingredients}},
        "customers": {"file": "c.csv", "join": join, "columns": customers},
        "transactions": {"file": "t.csv", "columns": {name: name for name in ("product_id", "customer_id")}},
    }
    files = {
        "p.csv": "sku\np1\np2\n", "i.csv": INGREDIENTS, "j.csv": "sku\np1\np2\n", "no.csv": AVOIDED,
        "c.csv": "mail\na@x\nb@x\n", "t.csv": "product_id,customer_id\np1,a@x\np2,b@x\n",
    }  # fmt: skip
    prepared = prepare(raw(tmp_path, yaml.safe_dump({"name": "shop", "tables": tables}), files), Config())
    assert rows(prepared.tables.products, c.PRODUCT_ID, c.INGREDIENTS) == [
        ["p1", ["Aqua", "Linalool", "Glycerin"]], ["p2", ["Aqua", "Parfum"]],
    ]  # fmt: skip
    assert rows(prepared.tables.customers, c.CUSTOMER_ID, c.AVOIDED_INGREDIENTS) == [
        ["a@x", ["nuts", "soap", "linalool"]], ["b@x", ["fragrance"]],
    ]  # fmt: skip


PRODUCTS_FILE = "{file: products.csv, columns: {product_id: sku, name: title}}"


def test_the_example_of_the_page_works(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "data" / "shapes.md").read_text(encoding="utf-8")
    example = page.split("```yaml\n")[1].split("```")[0]
    read = raw(
        tmp_path,
        f"name: shop\ntables:\n  products: {PRODUCTS_FILE}\n{example}",
        {
            "products.csv": "sku,title\np1,Cream\np2,Gel\n",
            "orders.csv": "Name,Email,Status,Day,Clock,lines\n"
            '#1,a@x,paid,01.02.2025,10:00,"[{""sku"": ""p1"", ""pieces"": 2}, {""sku"": ""p2"", ""pieces"": 1}]"\n'
            '#1,,,,,"[{""sku"": ""GIFT-1"", ""pieces"": 1}]"\n'
            '#2,b@x,void,2025-02-02,,"[{""sku"": ""p1"", ""pieces"": 1}]"\n'
            '#3,b@x,paid,2025-02-03,,"[{""sku"": ""p1"", ""pieces"": 1}]"\n',
            "prices.csv": "Name;sku;price\n#1;p1;12,50\n#1;p2;8\n",
        },
    )
    assert rows(read.tables["transactions"], *read.tables["transactions"]) == [
        ["#1", "a@x", "p1", 2, 12.5, pd.Timestamp("2025-02-01T09:00Z")],
        ["#1", "a@x", "p2", 1, 8.0, pd.Timestamp("2025-02-01T09:00Z")],
        ["#3", "b@x", "p1", 1, None, pd.Timestamp("2025-02-02T23:00Z")],
    ]
