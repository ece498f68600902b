"""Prices in several currencies: refused without a word about them, else converted by the source's rates."""

import logging
from typing import Any

import pytest

from infrastructure.errors import ConfigError, DataError
from recommender.data.cleaning.prepare import prepare
from recommender.data.sources.ingest import ingest
from settings.config import Config
from tests.support.small_data_set import DataSet

SALES = (
    "transaction_id,customer_id,product_id,quantity,unit_price,code,time\n"
    "t1,c1,p1,1,$10,,2025-01-01\n"
    "t2,c1,p2,2,8 €,,2025-01-09\n"
    "t3,c2,p3,1,20,GBP,2025-02-01T10:30:00Z\n"
    "t4,c2,p3,1,30,,2025-02-01T10:30:00Z\n"
)


def prices(data_set: DataSet, currency: Any = None, column: Any = "unit_price", sales: str = SALES) -> list[Any]:
    data_set.add("transactions", "transactions.csv", sales)
    columns = data_set.described["tables"]["transactions"]["columns"]
    columns.pop("code", None)
    columns["unit_price"] = column
    if currency is not None:
        data_set.described["currency"] = currency
    cells = ingest(data_set.source).tables["transactions"]["unit_price"].astype(object)
    return cells.where(cells.notna(), None).tolist()


BESIDE = {"from": "unit_price", "currency": "code"}


def test_several_currencies_without_a_word_about_them_stop_the_run(data_set: DataSet) -> None:
    with pytest.raises(
        DataError, match=r"(?s)2 currencies.*unit_price.*EUR, USD.*'currency: \{to: EUR, rates: \{USD: …"
    ):
        prices(data_set)
    with pytest.raises(DataError, match="3 currencies"):
        prices(data_set, column=BESIDE)


def test_one_currency_written_in_several_ways_is_one(data_set: DataSet) -> None:
    sales = SALES.replace("$10", "EUR 10").replace("GBP", "")
    assert prices(data_set, sales=sales) == [10, 8, 20, 30]


def test_prices_are_converted_by_rates_in_the_source(data_set: DataSet) -> None:
    currency = {"to": "EUR", "rates": {"USD": 0.9, "GBP": 1.2}}
    assert prices(data_set, currency, BESIDE) == [9, 8, 24, 30]


def test_a_sign_of_several_currencies_is_what_the_rates_say(data_set: DataSet) -> None:
    currency = {"to": "EUR", "rates": {"$": 0.5, "USD": 0.9, "GBP": 1.2}}
    assert prices(data_set, currency, BESIDE)[0] == 5


def test_a_price_without_a_rate_is_emptied_with_its_reason(data_set: DataSet, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "infrastructure.progress")
    found = prices(data_set, {"to": "EUR", "rates": {"USD": 0.9}}, BESIDE)
    assert [float(cell) for cell in found[:2]] == [9, 8]
    assert "20 GBP (no rate to EUR)" in found[2]
    assert any("no rate of GBP" in record.message and record.figures["rows"] == 1 for record in caplog.records)
    clean = prepare(ingest(data_set.source), Config())
    cleaned = clean.tables.transactions
    assert cleaned is not None
    assert cleaned.set_index("transaction_id")["unit_price"].isna().to_dict() == {
        "t1": False, "t2": False, "t3": True, "t4": False,
    }  # fmt: skip


def test_a_file_of_rates_has_one_for_each_day_until_the_next(data_set: DataSet) -> None:
    (data_set.folder / "rates.csv").write_text(
        "day;code;worth\n2025-01-05;USD;0,8\n2024-12-30;USD;0,9\n2025-02-01;GBP;1,2\n2025-02-02;GBP;1,5\n"
    )
    rates = {"file": "rates.csv", "currency": "code", "rate": "worth", "date": "day", "delimiter": ";", "decimal": ","}
    currency = {"to": "EUR", "rates": rates}
    sales = SALES.replace("8 €", "$100")
    assert prices(data_set, currency, BESIDE, sales) == [9, 80, 24, 30]
    early = sales.replace("2025-01-01", "2024-12-01")
    assert "(no rate to EUR)" in prices(data_set, currency, BESIDE, early)[0]


def test_without_dates_the_last_rate_of_a_file_holds(data_set: DataSet) -> None:
    (data_set.folder / "rates.csv").write_text("currency,rate\nUSD,0.9\nGBP,1.2\n")
    assert prices(data_set, {"to": "EUR", "rates": {"file": "rates.csv"}}, BESIDE) == [9, 8, 24, 30]


@pytest.mark.parametrize(
    ("row", "said"), [("USD,x", "rate.*'x'.*a number above 0"), ("XXX,1", "currency.*'XXX'"), ("USD,-1", "'-1'")]
)
def test_a_rate_that_is_none_is_named(data_set: DataSet, row: str, said: str) -> None:
    (data_set.folder / "rates.csv").write_text(f"currency,rate\nGBP,1\n{row}\n")
    with pytest.raises(DataError, match=f"(?s)rates.csv.*{said}"):
        prices(data_set, {"to": "EUR", "rates": {"file": "rates.csv"}}, BESIDE)


def test_products_have_the_last_rate_and_a_table_its_own_currency(data_set: DataSet) -> None:
    data_set.add("products", "products.csv", "product_id,name,price\np1,Cream,209.000đ\np2,Gel,10\np3,Mask,99.000 ₫\n")
    data_set.described["tables"]["products"]["thousands"] = "."
    data_set.described["tables"]["products"]["currency"] = {"to": "EUR", "rates": {"VND": 0.00004}}
    assert ingest(data_set.source).tables["products"]["price"].tolist() == pytest.approx([8.36, 10, 3.96])


@pytest.mark.parametrize(
    ("currency", "field"),
    [
        ({"to": "EURO"}, "currency.to"),
        ({"to": "EUR", "rates": {"DOLLARS": 1.0}}, "currency.rates"),
        ({"to": "EUR", "rates": {"USD": 0}}, "currency.rates"),
        ({"to": "EUR", "rates": {"file": "x.csv", "rates": "y"}}, "currency.rates"),
    ],
)
def test_what_is_no_currency_or_rate_is_refused(data_set: DataSet, currency: Any, field: str) -> None:
    data_set.described["currency"] = currency
    with pytest.raises(ConfigError, match=field):
        ingest(data_set.source)


def test_only_a_price_has_a_currency(data_set: DataSet) -> None:
    data_set.described["tables"]["products"]["columns"]["name"] = {"from": "name", "currency": "price"}
    with pytest.raises(ConfigError, match=r"columns\.name\.currency"):
        ingest(data_set.source)
