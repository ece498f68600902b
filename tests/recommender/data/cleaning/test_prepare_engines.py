"""What engines read is what pandas reads; a folder gives what memory gives, and Spark what DuckDB gives."""

import unicodedata
from dataclasses import replace
from datetime import UTC, datetime

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infrastructure.errors import DataError
from recommender.contract import columns as c
from recommender.contract.arrow import TYPES, as_frame
from recommender.contract.fields import CONTRACT, Kind
from recommender.contract.tables import Tables
from recommender.data.cleaning.contract_checks import check_contract
from recommender.data.cleaning.prepare import prepare, prepare_folder
from recommender.data.cleaning.typed_tables import typed_table, unreadable_mark
from recommender.data.engines.backend import ROW, with_row_numbers
from recommender.data.engines.relations import open_backend, relations
from recommender.data.parsing import pandas_parsing
from recommender.data.parsing.cell_texts import EXACT
from recommender.data.parsing.cell_texts import UNREADABLE as MARK
from recommender.data.provenance import Origin
from recommender.data.raw_tables import RawTables
from recommender.synthetic.settings import SyntheticSettings
from recommender.synthetic.shop import generate
from settings.config import Config

NOW = datetime(2026, 1, 1, tzinfo=UTC)
FIELDS = {field.kind: field for field in CONTRACT[c.PRODUCTS]} | {Kind.TEXT: CONTRACT[c.CUSTOMERS][3]}
_DATE = "(20|9|)[0-9][0-9]-[0-3][0-9]-[0-3][0-9]"
_CLOCK = "[0-2][0-9]:[0-6][0-9](:[0-6][0-9]([.][0-9]{1,9})?)?"
TEXTS = st.one_of(
    st.text("a7.0 &;é\u00a0\n\t-+e", max_size=5),
    st.from_regex(r"[+-]?[0-9]{0,20}([.,][0-9]{0,20})?(e[0-9])?", fullmatch=True),
    st.from_regex(rf"{_DATE}([T ]{_CLOCK}(Z|[+]02:00|-0130)?)?", fullmatch=True),
    st.sampled_from(["DRY", "&amp;", "7.0", " 7", "7\n", "inf", "nan", "1e400", "0x1", "1_000", "true", "٣"]),
)
ODD = (
    *("7.0", " 7", "7 ", "7\n", "\u00a07", "a&amp;b", "DRY", "", " ", "1e3", "+7", "2025-01-01 ", "2025-02-30"),
    *("-7.0", "x" * 256, "x" * 257, " " + "x" * 256, "a\nb", "\x9fa\x9f", "cafe\u0301", "\ufeff7"),
    *("1,5", "$5", "(5)", "5-", "\u22125", "1 000", "\ufdd0[1]"),
)
"""Texts that an engine and pandas could read differently: they are in every example."""
CELLS = {
    "texts": TEXTS,
    "whole numbers": st.integers(-(2**63), 2**63 - 1),
    "numbers": st.one_of(st.floats(), st.integers(-20, 20).map(float)),
    "truths": st.booleans(),
    "times": st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1)).map(pd.Timestamp),
    "moments": st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)).map(pd.Timestamp),
    "lists": st.lists(st.text("a &é\ufdd0", max_size=3), max_size=3),
}


@pytest.mark.parametrize(
    ("kind", "what"),
    [
        (kind, what)
        for kind in Kind
        for what in CELLS
        # Sources give columns of lists as lists or texts, and no others as lists.
        if what in ("texts", "lists") or kind is not Kind.TEXTS
        if what != "lists" or kind is Kind.TEXTS
    ],
)
@settings(max_examples=6, derandomize=True)
@given(data=st.data())
def test_an_engine_reads_every_cell_as_pandas_does(kind, what, data):
    drawn = data.draw(st.lists(st.one_of(st.none(), CELLS[what]), min_size=1, max_size=40))
    cells = [*drawn, *(ODD if what == "texts" else ())]
    field = FIELDS[kind]
    raw = pa.table({field.name: pa.array(cells, from_pandas=True)})
    if str(raw.schema.types[0]) in ("null", "list<item: null>"):
        raw = raw.cast(pa.schema([(field.name, pa.list_(pa.string()) if what == "lists" else pa.string())]))
    wanted = pandas_parsing.parse_cells(field, raw.to_pandas(integer_object_nulls=True)[field.name])
    table = c.CUSTOMERS if kind is Kind.TEXT else c.PRODUCTS
    with open_backend() as backend:
        try:
            found = backend.to_arrow(
                typed_table(table, backend.from_arrow(with_row_numbers(raw)), Origin("file"), backend).order_by(ROW)
            )
        except DataError:
            assert wanted.isna().all()
            return
    as_wanted = as_frame(pa.table({field.name: pa.array(wanted, TYPES[kind], from_pandas=True)}))[field.name]
    pd.testing.assert_series_equal(as_frame(found)[field.name], as_wanted, check_exact=True)
    if kind is Kind.IDENTIFIER:
        lost = [is_no_id(cell) for cell in cells]
        assert found[unreadable_mark(field.name)].to_pylist() == lost
    elif unreadable_mark(field.name) in found.column_names:
        textual = kind in (Kind.TEXT, Kind.TEXTS) and field.name != c.INGREDIENTS
        lost = [
            missing
            and cell not in (None, "")
            and cell == cell
            and (not textual or not isinstance(cell, str) or MARK in cell)
            for cell, missing in zip(cells, wanted.isna(), strict=True)
        ]
        assert found[unreadable_mark(field.name)].to_pylist() == lost


def is_no_id(cell):
    if isinstance(cell, float) and cell == cell:
        return not abs(cell) < EXACT
    text = cell.strip() if isinstance(cell, str) else ""
    return MARK in text or len(text) > 256 or any(unicodedata.category(character) == "Cc" for character in text)


@pytest.fixture(scope="module")
def raw():
    """A soiled shop."""
    return RawTables("shop", generate(SyntheticSettings(customers=200, products=80, days=120)))


def test_a_folder_gives_what_tables_in_memory_give(raw, tmp_path):
    raw.write(tmp_path / "raw")
    stored = prepare_folder(tmp_path / "raw", tmp_path / "tables", Config(), NOW)
    prepared = prepare(raw, Config(), NOW)
    assert stored.counts == prepared.counts
    pd.testing.assert_frame_equal(stored.quarantine, prepared.quarantine)
    pd.testing.assert_frame_equal(stored.repairs, prepared.repairs)
    for name, table in Tables.read(tmp_path / "tables"):
        pd.testing.assert_frame_equal(table, dict(prepared.tables)[name])


def test_a_folder_that_cannot_be_prepared_leaves_the_tables_as_they_were(raw, tmp_path):
    raw.write(tmp_path / "raw")
    prepare_folder(tmp_path / "raw", tmp_path / "tables", Config(), NOW)
    before = Tables.read(tmp_path / "tables").rows
    with pytest.raises(DataError, match="No row of transactions"):
        prepare_folder(tmp_path / "raw", tmp_path / "tables", Config(), datetime(1999, 1, 1, tzinfo=UTC))
    assert Tables.read(tmp_path / "tables").rows == before


@pytest.mark.slow
@pytest.mark.usefixtures("spark")
def test_spark_prepares_what_duckdb_prepares(raw, tmp_path):
    odd = raw.tables[c.PRODUCTS].assign(brand=" Caf\u00e9 &amp; Co ")
    odd["price"] = odd["price"].where(odd.index % 3 > 0)
    odd["category"] = odd["category"].where(odd.index % 4 > 0)
    missing = {
        "customers": {"birth_year": "median", "skin_type": "draw", "region": "drop"},
        "products": {"price": "draw", "category": "unknown"},
    }
    RawTables("shop", raw.tables | {c.PRODUCTS: odd}).write(tmp_path / "raw")
    found = {}
    for engine in ("duckdb", "spark"):
        config = Config.parse({"compute": {"engine": engine}, "cleaning": {"missing": missing}}, where="test")
        found[engine] = prepare_folder(tmp_path / "raw", tmp_path / engine, config, NOW)
    assert all(one.cells > 0 for one in found["duckdb"].filled)
    assert found["spark"].filled == found["duckdb"].filled
    assert len(found["duckdb"].quarantine) > 20
    pd.testing.assert_frame_equal(found["spark"].quarantine, found["duckdb"].quarantine)
    pd.testing.assert_frame_equal(found["spark"].repairs, found["duckdb"].repairs)
    theirs = dict(Tables.read(tmp_path / "spark"))
    for name, table in Tables.read(tmp_path / "duckdb"):
        pd.testing.assert_frame_equal(theirs[name], table)


def check(tables):
    with open_backend() as backend:
        for name, rows in relations(tables, backend).items():
            check_contract(name, rows, backend)


BROKEN = [
    ("ratings", {"rating": 6.0}, "rating"),
    ("ratings", {"customer_id": None}, "customer_id"),
    ("products", {"product_id": "p1"}, "product_id"),
    ("events", {"type": "hover"}, "type"),
]


@pytest.mark.parametrize(("table", "cells", "field"), BROKEN)
def test_a_table_that_breaks_the_contract_is_told_by_its_column(raw, table, cells, field):
    tables = prepare(raw, Config(), NOW).tables
    check(tables)
    with pytest.raises(DataError, match=rf"(?s){table}.*{field}"):
        check(replace(tables, **{table: dict(tables)[table].assign(**cells)}))
    with pytest.raises(DataError, match=rf"(?s)lacks a column.*{field}"):
        check(replace(tables, **{table: dict(tables)[table].drop(columns=field)}))
