"""Read in parts, a table is what it is when it is read whole, wherever it is divided."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import sqlalchemy
from hypothesis import given, settings
from hypothesis import strategies as st

from infrastructure.errors import DataError
from infrastructure.settings import checked
from recommender.data.sources.description.table_source import TableSource
from recommender.data.sources.parts import different_rows
from recommender.data.sources.parts.folder import write_table
from tests.support.same_as_whole import assert_same

COLUMNS: dict[str, Any] = {
    "transaction_id": "bon",
    "customer_id": "who",
    "product_id": "what",
    "quantity": {"from": "many", "values": {"two": 2, "none": None}},
    "unit_price": {"from": "paid", "scale": 0.01},
    "time": "at",
}
EVENTS: dict[str, Any] = {
    "customer_id": "who",
    "type": {"constant": "view"},
    "query": {"from": ["what", "bon"]},
    "value": "paid",
    "time": {"from": "at", "format": "%d.%m.%Y", "timezone": "Europe/Berlin"},
}


TEXTS = st.one_of(
    st.none(),
    st.sampled_from(["7", "007", " 7", "7.0", "12,50", "1.5", "x", "two", "none", "NA", "ä", "3 €", "-1", "99"]),
)
TIMES = st.sampled_from(["2024-01-31", "2024-01-31 12:00", "31.01.2024", "01.02.2024", "31.03.2024", "nonsense", None])
ROWS = st.lists(st.tuples(TEXTS, TEXTS, TEXTS, TEXTS, TEXTS, TIMES), min_size=1, max_size=14)
NAMES = ["bon", "who", "what", "many", "paid", "at"]


@pytest.mark.parametrize(("table", "columns"), [("transactions", COLUMNS), ("events", EVENTS)])
@pytest.mark.parametrize(("name", "quoting"), [("x.csv", 0), ("x.tsv", 1)])
@pytest.mark.usefixtures("divided")
def test_texts(table: str, columns: Any, name: str, quoting: Any, tmp_path_factory: pytest.TempPathFactory) -> None:
    @settings(max_examples=8, deadline=None)
    @given(ROWS)
    def check(rows: list[tuple[Any, ...]]) -> None:
        folder = tmp_path_factory.mktemp("texts")
        mark = "\t" if name == "x.tsv" else ","
        pd.DataFrame(rows, columns=NAMES).to_csv(folder / name, index=False, sep=mark, quoting=quoting)
        for options in ({}, {"missing": ["NA", "99"]}, {"decimal": ","}):
            assert_same(folder, table, {"file": name, "columns": columns, **options})

    check()


CELLS = st.one_of(TEXTS, st.integers(-5, 2**60), st.floats(allow_nan=False, width=32), st.booleans(), st.just(["a"]))


@pytest.mark.usefixtures("divided")
def test_cells_of_any_type(tmp_path_factory: pytest.TempPathFactory) -> None:
    @settings(max_examples=15, deadline=None)
    @given(st.lists(st.tuples(CELLS, CELLS, CELLS, CELLS, CELLS, TIMES), min_size=1, max_size=14))
    def check(rows: list[tuple[Any, ...]]) -> None:
        folder = tmp_path_factory.mktemp("cells")
        lines = [json.dumps(dict(zip(NAMES, row, strict=True))) for row in rows]
        (folder / "x.jsonl").write_text("\n".join(lines))
        assert_same(folder, "transactions", {"file": "x.jsonl", "columns": COLUMNS})
        assert_same(folder, "events", {"file": "x.jsonl", "columns": EVENTS})

    check()


GAPS = st.sampled_from([0.0, 0.3, 1.0])
TYPES: dict[str, list[Any]] = {
    "id": [pa.int64(), pa.int32(), pa.string(), pa.large_string(), pa.float64(), pa.bool_(),
           pa.dictionary(pa.int32(), pa.string()), pa.decimal128(10, 2), pa.timestamp("s")],
    "number": [pa.int64(), pa.uint8(), pa.float64(), pa.float32(), pa.bool_(), pa.string(), pa.decimal128(10, 2)],
    "time": [pa.timestamp("ns", "UTC"), pa.timestamp("us"), pa.timestamp("ms", "Asia/Seoul"), pa.date32(), pa.string(),
             pa.int64()],
}  # fmt: skip


def _cells(kind: pa.DataType, rows: int, gaps: float, seed: int) -> pa.Array:
    rng = np.random.default_rng(seed)
    numbers = rng.integers(0, 100, rows).tolist()
    gone = (rng.random(rows) < gaps).tolist()
    if pa.types.is_boolean(kind):
        cells: list[Any] = [number > 50 for number in numbers]
    elif pa.types.is_timestamp(kind):
        cells = [1_700_000_000 * 10 ** {"s": 0, "ms": 3, "us": 6, "ns": 9}[kind.unit] + number for number in numbers]
    elif pa.types.is_date(kind):
        cells = [date(2024, 1, 1 + number % 28) for number in numbers]
    elif pa.types.is_decimal(kind):
        cells = [Decimal(number) / 4 for number in numbers]
    elif pa.types.is_floating(kind):
        cells = [number / 4 if number % 9 else float("nan") for number in numbers]
    elif pa.types.is_integer(kind):
        cells = numbers
    else:
        cells = [f"2024-01-{1 + number % 28:02}" if number % 3 else f" {number}" for number in numbers]
    return pa.array([None if missing else cell for cell, missing in zip(cells, gone, strict=True)], kind)


@st.composite
def parquet_tables(draw: st.DrawFn) -> pa.Table:
    rows, seed = draw(st.integers(1, 14)), draw(st.integers(0, 1000))
    kinds = {"bon": "id", "who": "id", "what": "id", "many": "number", "paid": "number", "at": "time"}
    return pa.table(
        {name: _cells(draw(st.sampled_from(TYPES[kind])), rows, draw(GAPS), seed + at)
         for at, (name, kind) in enumerate(kinds.items())}
    )  # fmt: skip


@pytest.mark.usefixtures("divided")
def test_parquet_of_any_types(tmp_path_factory: pytest.TempPathFactory) -> None:
    @settings(max_examples=25, deadline=None)
    @given(parquet_tables(), st.sampled_from([{}, {"missing": ["NA", "2"]}]), st.booleans())
    def check(table: pa.Table, options: dict[str, Any], stated: bool) -> None:
        folder = tmp_path_factory.mktemp("parquet")
        pq.write_table(table, folder / "x.parquet", row_group_size=5, write_statistics=stated)
        plain = {**COLUMNS, "quantity": "many"}
        for columns in (COLUMNS, plain):
            assert_same(folder, "transactions", {"file": "x.parquet", "columns": columns, **options})
        assert_same(folder, "events", {"file": "x.parquet", "columns": EVENTS, **options})

    check()


@pytest.mark.usefixtures("divided")
def test_types_of_pandas_own(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {
            "bon": pd.array([2**60 + 1, None, 3], dtype="Int64"),
            "who": pd.Categorical(["a", "b", None]),
            "what": pd.array(["x", None, "y"], dtype="string"),
            "many": pd.array([True, None, False], dtype="boolean"),
            "paid": [1.5, None, 2],
            "at": pd.to_datetime(["2024-01-01 00:00", None, "2024-01-02 10:00"]),
        }
    )
    frame.to_parquet(tmp_path / "x.parquet")
    assert_same(tmp_path, "transactions", {"file": "x.parquet", "columns": COLUMNS})


@pytest.mark.usefixtures("divided", "never_whole")
@pytest.mark.parametrize("late", [False, True])
def test_a_query(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, late: bool) -> None:
    """Where ids, numbers and texts follow each other in one column, as in SQLite."""
    url = f"sqlite:///{tmp_path / 'shop.db'}"
    monkeypatch.setenv("SHOP", url)
    paid: list[Any] = [1, 2, 3.5, "4,5", None, 6, 7]
    rows = [[number, f"c{number}", number, number, paid[number], "2024-01-01"] for number in range(7)]
    frame = pd.DataFrame(rows[::-1] if late else rows, columns=NAMES, dtype=object)
    frame.to_sql("sales", sqlalchemy.create_engine(url), index=False)
    described = {"sql": {"database": "SHOP", "query": "select * from sales"}, "columns": COLUMNS}
    assert len(assert_same(tmp_path, "transactions", described)) == 7


@pytest.mark.usefixtures("divided", "never_whole")
def test_large_tables_are_not_read_whole(tmp_path: Path) -> None:
    rows = [[str(n), f"c{n}", "p", "1", "1,50", "2024-01-31"] for n in range(9)]
    frame = pd.DataFrame(rows, columns=NAMES)
    frame.to_csv(tmp_path / "x.csv", index=False, sep=";")
    frame.to_csv(tmp_path / "q.csv.gz", index=False, sep=";", quoting=1)
    frame.to_parquet(tmp_path / "x.parquet")
    frame.to_json(tmp_path / "x.jsonl", orient="records", lines=True)
    for file in ("x.csv", "q.csv.gz", "x.parquet", "x.jsonl", ["x.csv", "q.csv.gz"], ["x.parquet", "x.parquet"]):
        described = {"file": file, "columns": COLUMNS, "delimiter": ";", "decimal": ","}
        found = assert_same(tmp_path, "transactions", described)
        assert len(found) == (18 if isinstance(file, list) else 9)
        assert found["unit_price"].tolist() == [0.015] * len(found)


@pytest.mark.usefixtures("divided")
@pytest.mark.parametrize("wrong", [0, 7])
@pytest.mark.parametrize("format_", [None, "%d.%m.%Y", "s"])
def test_a_column_is_refused_for_all_its_rows(tmp_path: Path, wrong: int, format_: str | None) -> None:
    times = {None: ("2024-01-05", "2024-31-01"), "%d.%m.%Y": ("05.01.2024", "01.31.2024"), "s": ("9999", "1700000000")}
    good, bad = times[format_]
    cells = [bad if place == wrong else good for place in range(8)]
    pd.DataFrame([["1", "c", "p", "1", "1", cell] for cell in cells], columns=NAMES).to_csv(tmp_path / "x.csv")
    columns = {**COLUMNS, "time": {"from": "at", **({"format": format_} if format_ else {})}}
    assert assert_same(tmp_path, "transactions", {"file": "x.csv", "columns": columns}).empty == (format_ != "s")
    with pytest.raises(DataError):
        raise_for(tmp_path, columns, format_)


def raise_for(folder: Path, columns: Any, format_: str | None) -> None:
    """A column of epochs in the wrong unit is refused too."""
    cells = ["1700000000000"] * 8 if format_ == "s" else ["31/01/2024"] * 8
    pd.DataFrame([["1", "c", "p", "1", "1", cell] for cell in cells], columns=NAMES).to_csv(folder / "y.csv")
    source = checked(TableSource, {"file": "y.csv", "columns": columns}, where="test")
    write_table("transactions", source, folder, None, folder / "y.parquet")


@pytest.mark.usefixtures("divided")
@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("x.csv", "who,what,at\n1,2,2024-01-01\n1,2\n"),
        ("x.csv", 'who,what,at\n"1",2,2024-01-01\n1,"2,2024-01-01\n'),
        ("x.csv", "who,what\n1,2\n"),
        ("x.csv", "who,what,at\n"),
        ("x.jsonl", '{"who": 1, "what": 2, "at": "2024-01-01"}\n{"who"\n'),
        ("x.jsonl", '{"who": 1, "what": 2}\n'),
        ("x.parquet", "PAR1 broken"),
        ("x.xml", "<a/>"),
    ],
)
def test_the_same_errors(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    columns = {"customer_id": "who", "product_id": "what", "time": "at"}
    assert assert_same(tmp_path, "transactions", {"file": name, "columns": columns}).empty
    assert assert_same(tmp_path, "transactions", {"file": "none.csv", "columns": columns}).empty


@pytest.mark.usefixtures("divided")
def test_labels_are_cut_where_the_whole_column_says(tmp_path: Path) -> None:
    labels = [f"Aqua, Glycerin, {'x' * 105}{at}, Parfu" for at in range(3)] + ["Aqua, Parfum"] * 5
    pd.DataFrame({"nr": range(8), "name": "n", "inhalt": labels}).to_csv(tmp_path / "x.csv", index=False)
    described = {"file": "x.csv", "columns": {"product_id": "nr", "name": "name", "ingredients": "inhalt"}}
    found = assert_same(tmp_path, "products", described)
    assert [cells[-1] for cells in found["ingredients"]][:4] == ["Parfu…"] * 3 + ["Parfum"]


@pytest.mark.usefixtures("divided")
@pytest.mark.parametrize("name", ["x.csv", "x.parquet"])
def test_one_row_per_id(name: str, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(different_rows, "_MOST", 4)
    labels = st.sampled_from([None, "Aqua, Parfum", "Aqua, Glycerin…", "Parfum, Aqua", ""])
    ids, prices = st.sampled_from(["1", "2", None, " 1"]), st.sampled_from(["1", "1.0", "x", None, "2"])
    rows = st.lists(st.tuples(ids, st.sampled_from(["Mask", "Oil", "", None]), prices, labels), min_size=1, max_size=16)

    @settings(max_examples=40, deadline=None)
    @given(rows)
    def check(cells: list[tuple[Any, ...]]) -> None:
        folder = tmp_path_factory.mktemp("one")
        frame = pd.DataFrame(cells, columns=["nr", "title", "cost", "inside"], dtype=object)
        frame.to_csv(folder / "x.csv", index=False)
        schema = pa.schema([(column, pa.string()) for column in frame])
        pq.write_table(pa.Table.from_pandas(frame, schema, preserve_index=False), folder / "x.parquet")
        columns = {"product_id": "nr", "name": "title", "price": "cost", "ingredients": "inside"}
        described = {"file": name, "columns": columns, "one_row_per": "product_id"}
        assert_same(folder, "products", described)
        customers = {"customer_id": "nr", "region": "title", "birth_year": "cost"}
        assert_same(folder, "customers", {**described, "columns": customers, "one_row_per": "customer_id"})

    check()


@pytest.mark.usefixtures("divided", "never_whole")
def test_products_of_many_events_are_never_held_with_all_their_rows(tmp_path: Path) -> None:
    rows = [[n % 3, f"Mask {n % 3}", 5 - n % 2] for n in range(30)]
    pd.DataFrame(rows, columns=["nr", "title", "cost"]).to_csv(tmp_path / "x.csv", index=False)
    columns = {"product_id": "nr", "name": "title", "price": "cost"}
    described = {"file": "x.csv", "columns": columns, "one_row_per": "product_id"}
    assert assert_same(tmp_path, "products", described)["product_id"].tolist() == ["0", "1", "2"]


@pytest.mark.usefixtures("divided")
def test_a_name_with_a_dot_is_read_as_ever(tmp_path: Path) -> None:
    pd.DataFrame({"a.who": ["1"], "what": ["p"], "at": ["2024-01-01"]}).to_csv(tmp_path / "x.csv", index=False)
    columns = {"customer_id": "a.who", "product_id": "what", "time": "at"}
    assert len(assert_same(tmp_path, "transactions", {"file": "x.csv", "columns": columns})) == 1
