"""Which table and column is which, in exports of several languages and structures."""

import pytest

from recommender.onboarding.looking.places import look
from recommender.onboarding.matching import match
from recommender.onboarding.matching.match import propose
from recommender.onboarding.matching.presets import Recognised
from recommender.onboarding.onboard import begin
from recommender.onboarding.questions import questions
from tests.support.foreign_shops import EXPORTS, PRODUCTS, moment, product_name, write_ambiguous_orders, write_csv


def proposed(folder):
    return begin([str(folder)], folder / "source.yaml", "shop")


def columns(proposal):
    return {one.table: {ours: list(guess.columns) for ours, guess in one.guesses.items()} for one in proposal.tables}


def table(proposal, name):
    return next(one for one in proposal.tables if one.table == name)


@pytest.mark.parametrize("name", EXPORTS)
def test_every_column_is_found_without_a_question(tmp_path, name):
    export = EXPORTS[name]
    export.write(tmp_path)

    proposal = proposed(tmp_path)

    expected = {
        table: {ours: [theirs] if isinstance(theirs, str) else theirs for ours, theirs in pairs.items()}
        for table, pairs in export.truth.items()
    }
    found = columns(proposal)
    assert {table: {ours: found[table].get(ours) for ours in pairs} for table, pairs in expected.items()} == expected
    assert not proposal.lacks
    assert questions(proposal) == []


def test_no_column_is_used_that_is_none_of_ours(tmp_path):
    EXPORTS["german"].write(tmp_path)

    assert table(proposed(tmp_path), "customers").unused == ["Nachname"]


def test_words_of_skin_and_concerns_are_translated(tmp_path):
    EXPORTS["german"].write(tmp_path)

    guesses = table(proposed(tmp_path), "customers").guesses

    assert guesses["skin_type"].keys["values"] == {
        "trocken": "dry", "fettig": "oily", "Mischhaut": "combination", "empfindlich": "sensitive",
    }  # fmt: skip
    assert guesses["concerns"].keys == {
        "from": "Hautprobleme", "separator": "/",
        "values": {"Falten": "ageing", "Rötungen": "redness", "Unreinheiten": "acne"},
    }  # fmt: skip


def test_orders_that_did_not_come_about_are_left_out_and_those_that_came_back_named(tmp_path):
    EXPORTS["german"].write(tmp_path)

    sales = table(proposed(tmp_path), "transactions")

    assert sales.where == {"Status": {"is_not": ["storniert"]}}
    assert sales.returned == {"Status": ["retourniert"]}


def test_lines_of_orders_are_joined_with_their_heads(tmp_path):
    EXPORTS["head and lines"].write(tmp_path)

    sales = table(proposed(tmp_path), "transactions")

    (join,) = sales.joins
    assert (join.found.name, join.on, join.named) == ("order_header.csv", "order_id", "")
    assert sales.where == {"order_status": {"is_not": ["canceled"]}}
    assert sales.guesses["time"].keys == {"from": "ordered_on", "format": "%m/%d/%Y"}


def test_columns_of_the_same_name_in_a_joined_table_are_told_apart(tmp_path):
    EXPORTS["database"].write(tmp_path)

    sales = table(proposed(tmp_path), "transactions")

    (join,) = sales.joins
    assert (join.on, join.named) == ({"order_id": "id"}, "head")
    assert sales.where == {"head.status": {"is_not": ["cancelled"]}}


def test_names_of_brands_are_joined(tmp_path):
    EXPORTS["database"].write(tmp_path)

    (join,) = table(proposed(tmp_path), "products").joins

    assert (join.found.name, join.on, join.named, join.columns) == (
        "table brands",
        {"brand_id": "id"},
        "brand",
        ("id", "name"),
    )


def test_lists_of_objects_become_rows(tmp_path):
    EXPORTS["nested"].write(tmp_path)

    proposal = proposed(tmp_path)

    assert table(proposal, "transactions").found.reading["explode"] == {"column": "line_items"}
    assert proposal.unused == {}


@pytest.mark.parametrize(
    ("export", "table_name", "column", "keys"),
    [
        ("vietnamese", "transactions", "time", {"format": "%d/%m/%Y %H:%M"}),
        ("report", "transactions", "time", {"format": "excel"}),
        ("reviews", "ratings", "time", {"format": "ms"}),
        ("abbreviated", "transactions", "time", {"format": "%Y%m%d"}),
        ("polish", "transactions", "time", {"format": "%Y-%m-%d %H:%M"}),
        ("database", "products", "price", {"scale": 0.01}),
        ("clicks", "events", "type", {"values": {"cart": "add_to_cart"}}),
    ],
)
def test_how_a_column_is_read_is_found(tmp_path, export, table_name, column, keys):
    EXPORTS[export].write(tmp_path)

    found = table(proposed(tmp_path), table_name).guesses[column].keys

    assert {key: found.get(key) for key in keys} == keys


@pytest.mark.parametrize(
    ("export", "settings"),
    [("german", {"decimal": ","}), ("vietnamese", {"decimal": ","}), ("korean", {"thousands": ","}), ("report", {})],
)
def test_marks_of_numbers_are_found(tmp_path, export, settings):
    EXPORTS[export].write(tmp_path)

    found = table(proposed(tmp_path), "products").settings

    assert {key: value for key, value in found.items() if key in ("decimal", "thousands")} == settings


def test_customers_and_products_are_read_from_what_customers_did_where_they_have_no_table(tmp_path):
    EXPORTS["korean"].write(tmp_path)
    assert table(proposed(tmp_path), "customers").settings["one_row_per"] == "customer_id"
    for file in tmp_path.iterdir():
        file.unlink()
    EXPORTS["vietnamese"].write(tmp_path)
    assert table(proposed(tmp_path), "products").settings["one_row_per"] == "product_id"


def test_the_key_that_joins_goes_before_the_better_name(tmp_path):
    write_csv(
        tmp_path / "products.csv", ["product_id", "code", "name"],
        ([i, f"X-{i:03}", product_name(i)] for i in range(PRODUCTS)),
    )  # fmt: skip
    write_csv(
        tmp_path / "orders.csv", ["order_id", "customer_id", "product", "date"],
        ([i, i % 9, f"X-{i % PRODUCTS:03}", moment(i)] for i in range(200)),
    )  # fmt: skip

    assert columns(proposed(tmp_path))["products"]["product_id"] == ["code"]


def test_a_category_in_several_columns_goes_from_coarse_to_fine(tmp_path):
    EXPORTS["abbreviated"].write(tmp_path)
    write_csv(
        tmp_path / "articles.csv", ["art_cd", "art_desc", "sub_category", "main_category"],
        ([f"{i:08}", product_name(i), f"kind {i % 6}", f"group {i % 6 % 2}"] for i in range(PRODUCTS)),
    )  # fmt: skip

    assert columns(proposed(tmp_path))["products"]["category"] == ["main_category", "sub_category"]


def test_a_column_that_says_what_is_sold_out_is_turned(tmp_path):
    EXPORTS["abbreviated"].write(tmp_path)
    write_csv(
        tmp_path / "articles.csv", ["art_cd", "art_desc", "out_of_stock"],
        ([f"{i:08}", product_name(i), i % 2] for i in range(PRODUCTS)),
    )  # fmt: skip

    keys = table(proposed(tmp_path), "products").guesses["stock"].keys
    assert keys == {"from": "out_of_stock", "values": {"0": 1, "1": 0}}


def test_what_is_missing_is_said_with_its_reason(tmp_path):
    write_csv(tmp_path / "stock.csv", ["sku", "name"], ([f"S{i}", product_name(i)] for i in range(PRODUCTS)))

    (lack,) = proposed(tmp_path).lacks

    assert lack.what == "transactions, ratings or events"
    assert "learned from what customers did" in lack.why
    assert "customer_id" in lack.mend


def test_days_that_may_be_months_are_asked_about(tmp_path):
    write_ambiguous_orders(tmp_path)

    proposal = proposed(tmp_path)

    (question,) = questions(proposal)
    assert question.ours == "time"
    assert [choice.guess.keys["format"] for choice in question.choices[:2]] == ["%d/%m/%Y", "%m/%d/%Y"]


def test_a_preset_goes_before_all_guesses(tmp_path, monkeypatch):
    EXPORTS["german"].write(tmp_path)
    keys = {"columns": {"customer_id": "Kundennr", "birth_year": "Jahrgang", "region": "Ort"}}
    monkeypatch.setattr(
        match, "recognised",
        lambda found: [Recognised("erp", "customers", 0.9, ("region",), keys)] if found.name == "kunden.csv" else [],
    )  # fmt: skip

    proposal = propose(look([str(tmp_path)], tmp_path, "SHOP"), "shop")

    customers = table(proposal, "customers")
    assert (customers.like, list(customers.guesses)) == ("erp", ["customer_id", "birth_year"])
    assert {one.table for one in proposal.tables} == {"customers", "products", "transactions"}


def test_products_are_read_from_a_table_that_a_preset_knows_where_they_have_none(tmp_path, monkeypatch):
    EXPORTS["clicks"].write(tmp_path)
    write_csv(tmp_path / "kinds.csv", ["kind", "label"], [[1, "one"], [2, "two"], [3, "three"]])
    keys = {"columns": {"customer_id": "visitor", "type": "action", "product_id": "prod_id", "time": "event_time"},
            "join": [{"file": "kinds.csv", "on": "kind"}]}  # fmt: skip
    monkeypatch.setattr(
        match, "recognised",
        lambda found: [Recognised("clicks", "events", 0.9, (), keys)] if found.name == "clickstream.csv" else [],
    )  # fmt: skip

    proposal = proposed(tmp_path)

    assert columns(proposal)["products"]["product_id"] == ["prod_id"]
    assert (table(proposal, "events").like, proposal.lacks, proposal.unused) == ("clicks", (), {})
