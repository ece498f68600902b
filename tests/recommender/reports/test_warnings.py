"""A first run says what would spoil it, and nothing about a sound shop."""

import pandas as pd
import pytest

from recommender.config.preparation import WarningSettings
from recommender.data.cleaning.prepare import prepare
from recommender.data.raw_tables import RawTables
from recommender.reports.explore import write_exploration
from recommender.reports.warnings import data_warnings
from recommender.synthetic.settings import SyntheticSettings
from recommender.synthetic.shop import generate
from settings.config import Config


def warned(**tables):
    products = {"product_id": [f"p{at}" for at in range(30)], "name": [f"Cream {at}" for at in range(30)]}
    raw = {name: pd.DataFrame(columns) for name, columns in ({"products": products} | tables).items()}
    prepared = prepare(RawTables("shop", raw), Config())
    return data_warnings(prepared.tables, prepared.quarantine, WarningSettings())


def sales(days, customers=10, products=3, **columns):
    rows = [(f"c{who}", f"p{(who + nth) % 30}", days[nth]) for who in range(customers) for nth in range(products)]
    return dict(zip(("customer_id", "product_id", "time"), map(list, zip(*rows, strict=True)), strict=True)) | columns


APART = ["2025-01-01", "2025-02-01", "2025-03-01"]


def test_a_sound_shop_is_warned_of_nothing():
    assert warned(transactions=sales(APART)) == []


def test_the_synthetic_shop_is_warned_of_nothing():
    # A robot's clicks are a large part of so few.
    shop = SyntheticSettings.model_validate({"customers": 250, "products": 120, "days": 300, "dirt": {"bots": 0}})
    prepared = prepare(RawTables("s", generate(shop)), Config())
    assert data_warnings(prepared.tables, prepared.quarantine, Config().warnings) == []


def test_much_quarantine_is_told_with_its_commonest_reason():
    spoilt = sales(APART)
    spoilt["product_id"][:6] = ["gone"] * 6
    (said,) = warned(transactions=spoilt)
    assert said == (
        "20.0% of the rows of transactions were set aside, most (6) by the rule unknown_product: "
        "a product id that the products table does not have, or of a row that was dropped."
    )


def test_histories_of_one_day_are_told():
    (said,) = warned(transactions=sales(["2025-01-01", "2025-01-01T10:00:00Z"], products=2))
    assert said.startswith("100% of the interactions are of the same day")


def test_customers_of_one_product_are_told():
    (said,) = warned(transactions=sales(APART, products=1))
    assert said.startswith("100% of the customers have one product")


@pytest.mark.parametrize(("value", "shown"), [("Lumi", "Lumi"), (["Aqua"], "['Aqua']")])
def test_a_column_of_one_value_is_told(value, shown):
    ids = [f"p{at}" for at in range(30)]
    column = {"brand" if isinstance(value, str) else "ingredients": [value] * 30}
    (said,) = warned(products={"product_id": ids, "name": ids} | column, transactions=sales(APART))
    assert said == f"products.{next(iter(column))} holds the same value in all 30 rows that have one: {shown}."


def test_a_few_rows_of_one_value_are_not():
    ids = ["p0", "p1", "p2"]
    products = {"product_id": ids, "name": ids, "brand": ["Lumi"] * 3}
    assert warned(products=products, transactions=sales(APART[:2], customers=2, products=2)) == []


def test_the_report_says_it_first(tmp_path, tables):
    target = tmp_path / "page.html"
    figures = write_exploration(tables, pd.DataFrame({"table": [], "rule": []}), target, ["Beware of <this>."])
    page = target.read_text()
    assert figures["warnings"] == 1
    assert page.index("Beware of &lt;this&gt;.") < page.index("What the data is</h2>")


def test_no_warning_names_a_customer():
    spoilt = sales(APART, customers=1)
    many = {
        "customer_id": ["ann"] * 300,
        "product_id": ["p1"] * 300,
        "time": ["2025-01-01"] * 300,
        "type": ["view"] * 300,
    }
    many["event_id"] = [f"e{at}" for at in range(300)]
    many["customer_id"][:20], many["time"][:20] = ["bob"] * 20, ["2025-02-01"] * 20
    said = warned(transactions=spoilt, events=many)
    assert any("by the rule bot" in words for words in said)
    assert any(words.startswith("events.customer_id holds the same value") for words in said)
    assert not any("ann" in words or "bob" in words for words in said)
