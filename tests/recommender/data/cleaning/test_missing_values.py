"""Missing values: each column's choice, what it does, and who may rely on a value that was filled in."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from infrastructure.errors import ConfigError, DataError
from recommender.contract import columns as c
from recommender.contract.tables import Tables
from recommender.data.cleaning.imputation import ImputedColumn, drawn_values, lower_median, without_imputed_values
from recommender.data.cleaning.prepare import Prepared, prepare
from recommender.data.raw_tables import RawTables
from recommender.models.products.catalogue_building import build_catalogue
from settings.config import Config

NOW = datetime(2026, 1, 1, tzinfo=UTC)
SKINS = ("dry", "oily", "normal", "sensitive")

Build = Callable[..., RawTables]


def clean(raw: RawTables, missing: dict[str, dict[str, str]], seed: int = 0) -> Prepared:
    config = {"seed": seed, "cleaning": {"missing": missing}}
    return prepare(raw, Config.parse(config, where="test"), NOW)


def shop(**products: list[Any]) -> dict[str, Any]:
    """Five products, each bought once."""
    ids = [f"p{i}" for i in range(5)]
    bought = {"customer_id": ["c1"] * 5, "product_id": ids, "time": [f"2025-01-0{i + 1}" for i in range(5)]}
    return {"products": {"product_id": ids, "name": [f"Cream {i}" for i in ids]} | products, "transactions": bought}


def people(customers: int, **columns: list[Any]) -> dict[str, Any]:
    return shop() | {"customers": {"customer_id": [f"c{i}" for i in range(customers)]} | columns}


def test_without_a_choice_a_missing_value_stays_missing(raw: Build) -> None:
    prepared = clean(raw(**shop(price=[1, None, 3, 4, 5])), {})
    assert prepared.tables.products[c.PRICE].isna().tolist() == [False, True, False, False, False]
    assert "price_missing" not in prepared.tables.products
    assert prepared.filled == ()


def test_the_median_is_a_value_that_somebody_has_and_is_marked(raw: Build) -> None:
    prices = [1, None, "?", 4, 9]
    prepared = clean(raw(**shop(price=prices)), {"products": {"price": "median"}})
    assert prepared.tables.products[c.PRICE].tolist() == [1, 4, 4, 4, 9]
    assert prepared.tables.products["price_missing"].tolist() == [False, True, True, False, False]
    assert prepared.filled == (ImputedColumn("products", "price", "median", 2),)
    assert prepared.repairs[c.RULE].tolist() == ["unreadable_cell"]


def test_a_whole_number_stays_one(raw: Build) -> None:
    born = [1980, None, 1991, 1990]
    customers = clean(raw(**people(4, birth_year=born)), {"customers": {"birth_year": "median"}}).tables.customers
    assert customers is not None
    assert customers[c.BIRTH_YEAR].tolist() == [1980, 1990, 1991, 1990]
    assert str(customers[c.BIRTH_YEAR].dtype) == "Int64"


def test_the_word_unknown_is_written_and_needs_no_mark(raw: Build) -> None:
    products = clean(raw(**shop(brand=["A", None, "", "B", "A"])), {"products": {"brand": "unknown"}}).tables.products
    assert products[c.BRAND].tolist() == ["A", "unknown", "unknown", "B", "A"]
    assert "brand_missing" not in products


def test_draws_follow_the_known_values_and_the_seed_and_not_the_order(raw: Build) -> None:
    known = ["dry"] * 300 + ["oily"] * 100
    customers = people(4400, skin_type=[*known, *[None] * 4000])
    choice = {"customers": {"skin_type": "draw"}}

    def drawn(tables: dict[str, Any], seed: int = 0) -> pd.Series:
        rows = clean(raw(**tables), choice, seed).tables.customers
        assert rows is not None
        assert rows["skin_type_missing"].sum() == 4000
        return rows.set_index(c.CUSTOMER_ID)[c.SKIN_TYPE]

    first = drawn(customers)
    # Standard deviation of the share: .0068.
    assert abs((first.tail(4000) == "dry").mean() - 0.75) < 0.03
    assert first.head(400).tolist() == known
    backwards = customers | {"customers": {name: cells[::-1] for name, cells in customers["customers"].items()}}
    pd.testing.assert_series_equal(drawn(backwards).sort_index(), first.sort_index())
    assert (drawn(customers, seed=1) != first).sum() > 1000


@pytest.mark.parametrize("how", ["median", "draw"])
def test_a_column_without_any_value_stays_as_it_is(raw: Build, how: str) -> None:
    prepared = clean(raw(**shop(price=[None] * 5)), {"products": {"price": how}})
    assert prepared.tables.products[c.PRICE].isna().all()
    assert prepared.filled == (ImputedColumn("products", "price", how, 0),)


def test_a_column_that_the_source_does_not_have_is_not_made_up(raw: Build) -> None:
    choices = {"products": {"price": "median", "brand": "unknown", "stock": "drop"}}
    prepared = clean(raw(**shop()), choices)
    assert list(prepared.tables.products) == [c.PRODUCT_ID, c.NAME]
    assert prepared.quarantine.empty


def test_a_dropped_row_goes_to_the_quarantine_and_so_does_what_was_done_with_it(raw: Build) -> None:
    prepared = clean(raw(**shop(price=[1, None, -3, "free", 2])), {"products": {"price": "drop"}})
    assert prepared.tables.products[c.PRODUCT_ID].tolist() == ["p0", "p4"]
    assert prepared.counts["products"] == {"read": 5, "kept": 2, "quarantined": 3, "repaired": 0}
    assert prepared.counts["transactions"] == {"read": 5, "kept": 2, "quarantined": 3, "repaired": 0}
    of_products = prepared.quarantine[prepared.quarantine[c.TABLE] == c.PRODUCTS]
    assert of_products[c.RULE].tolist() == ["missing_value", "impossible_price", "unreadable_cell"]
    assert of_products[c.REASON].iloc[0] == "price is missing, and rows without it are dropped"
    assert "'free'" in of_products[c.REASON].iloc[2]


def test_a_dropped_customer_takes_what_they_did_along(raw: Build) -> None:
    tables = people(2, region=["north", None])
    tables["transactions"]["customer_id"] = ["c0", "c0", "c1", "c1", "c0"]
    prepared = clean(raw(**tables), {"customers": {"region": "drop"}})
    assert prepared.counts["transactions"]["kept"] == 3
    assert prepared.quarantine[c.RULE].tolist() == ["missing_value", "unknown_customer", "unknown_customer"]


def test_an_empty_list_is_no_value(raw: Build) -> None:
    labels = [["Aqua"], [], None, ["Glycerin"], ["Aqua"]]
    prepared = clean(raw(**shop(ingredients=labels)), {"products": {"ingredients": "drop"}})
    assert prepared.tables.products[c.PRODUCT_ID].tolist() == ["p0", "p3", "p4"]


def test_a_second_row_with_the_value_stands_for_the_dropped_one(raw: Build) -> None:
    tables = shop(price=[None, 2, 3, 4, 5])
    tables["products"] = {name: [*cells, cells[0]] for name, cells in tables["products"].items()}
    tables["products"]["price"][-1] = 9
    prepared = clean(raw(**tables), {"products": {"price": "drop"}})
    assert prepared.tables.products.set_index(c.PRODUCT_ID)[c.PRICE]["p0"] == 9
    assert prepared.counts["transactions"]["kept"] == 5


def test_a_column_that_misses_every_value_cannot_cost_every_row(raw: Build) -> None:
    with pytest.raises(DataError, match=r"No row of products can be used.*'missing_value'"):
        clean(raw(**shop(price=[None] * 5)), {"products": {"price": "drop"}})


@pytest.mark.parametrize(
    ("missing", "field", "expected"),
    [
        ({"products": {"stock": "median"}}, "cleaning.missing.products.stock", "'keep' or 'drop'"),
        ({"customers": {"skin_type": "unknown"}}, "cleaning.missing.customers.skin_type", "'keep', 'drop' or 'draw'"),
        ({"products": {"prize": "drop"}}, "cleaning.missing.products.prize", "price"),
        ({"transactions": {"unit_price": "median"}}, "cleaning.missing.transactions.unit_price", "'keep' or 'drop'"),
        ({"events": {"value": "drop"}}, "cleaning.missing.events", "customers"),
    ],
)
def test_a_choice_that_a_column_does_not_leave_is_refused(missing: Any, field: str, expected: str) -> None:
    with pytest.raises(ConfigError) as caught:
        Config.parse({"cleaning": {"missing": missing}}, where="test")
    assert caught.value.field == field
    assert expected in str(caught.value.expected)


def test_no_limit_rests_on_a_price_that_was_made_up(raw: Build) -> None:
    tables = clean(raw(**shop(price=[1, None, 3, 4, 5])), {"products": {"price": "draw"}}).tables
    assert tables.products[c.PRICE].notna().all()
    assert np.isnan(build_catalogue(tables).price).tolist() == [False, True, False, False, False]


def test_what_the_source_says_can_be_had_again(raw: Build) -> None:
    tables = shop(price=[1, None, 3, 4, 5]) | {"customers": {"customer_id": ["c1", "c2"], "skin_type": ["dry", None]}}
    choices = {"products": {"price": "median"}, "customers": {"skin_type": "draw"}}
    filled = clean(raw(**tables), choices).tables
    plain = clean(raw(**tables), {}).tables
    for name, rows in without_imputed_values(filled):
        pd.testing.assert_frame_equal(rows, dict(plain)[name])
    assert without_imputed_values(plain) is plain


def test_marks_survive_a_folder(raw: Build, tmp_path: Any) -> None:
    tables = clean(raw(**shop(price=[1, None, 3, 4, 5])), {"products": {"price": "median"}}).tables
    tables.write(tmp_path / "tables")
    pd.testing.assert_frame_equal(Tables.read(tmp_path / "tables").products, tables.products)


COUNTS = st.dictionaries(st.integers(-9, 9), st.integers(1, 5), min_size=1).map(
    lambda found: pd.Series(found).sort_index()
)


@given(COUNTS)
def test_the_median_is_the_lower_of_the_middle_values(known: pd.Series) -> None:
    cells = sorted(np.repeat(known.index, known))
    assert lower_median(known) == cells[(len(cells) - 1) // 2]


@given(COUNTS, st.lists(st.text(), max_size=20), st.text())
def test_a_draw_is_a_known_value_and_depends_on_id_and_salt_alone(known: pd.Series, ids: list[str], salt: str) -> None:
    drawn = drawn_values(ids, known, salt)
    assert set(drawn) <= set(known.index)
    assert drawn == [drawn_values([one], known, salt)[0] for one in ids]
