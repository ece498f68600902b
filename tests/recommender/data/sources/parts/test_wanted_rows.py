"""Rows that a source does not want, and purchases that came back: in parts as in the whole, wherever it is divided."""

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.data.raw_tables import RawTables
from recommender.data.sources.parts import number_evidence
from recommender.data.sources.parts.folder import ingest_folder
from tests.support.same_as_whole import assert_same

COLUMNS: dict[str, Any] = {
    "customer_id": "who",
    "product_id": "what",
    "quantity": "many",
    "unit_price": "paid",
    "time": "at",
}
NAMES = ["who", "what", "many", "paid", "at", "state", "back"]
WHERE: list[dict[str, Any]] = [
    {"state": ["paid", "sent"]},
    {"state": {"is_not": ["void", None]}, "paid": {"least": 0.5}},
    {"what": {"matches_not": "(?i)gift"}, "many": {"least": 1, "most": 5}},
    {"at": {"least": "2024-01-10", "most": "2024-02-01"}},
    {"paid": {"missing": False}},
]
RETURNED: list[dict[str, Any]] = [{}, {"state": "void"}, {"paid": {"most": 2}}, {"at": {"least": "2024-02-01"}}]
STATES = st.sampled_from(["paid", "sent", " paid", "void", None])
NUMBERS = st.sampled_from([None, "1", "2", "12", "1.5", "x", "3 €", "-1", "2.0"])
DAYS = st.sampled_from(["2024-01-31", "2024-01-05 12:00", "2024-02-03", "2024-31-01", "nonsense", None])
ROW = st.tuples(st.sampled_from(["a", "b", None]), st.sampled_from(["p", "Gift", "q"]), NUMBERS, NUMBERS, DAYS, STATES,
                st.sampled_from([None, "1", "0", "many"]))  # fmt: skip


def described(file: str, where: Any, returned: Any, **more: Any) -> dict[str, Any]:
    columns = COLUMNS | ({"returned": "back"} if more.pop("back", False) else {})
    return {"file": file, "columns": columns, "where": where, "returned": returned, **more}


@pytest.mark.usefixtures("divided")
@pytest.mark.parametrize("where", WHERE)
@pytest.mark.parametrize("kind", ["csv", "jsonl"])
def test_texts(where: Any, kind: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    @settings(max_examples=8, deadline=None)
    @given(st.lists(ROW, min_size=1, max_size=14), st.sampled_from(RETURNED), st.booleans(), st.booleans())
    def check(rows: list[Any], returned: Any, back: bool, words: bool) -> None:
        folder = tmp_path_factory.mktemp("texts")
        frame = pd.DataFrame(rows, columns=NAMES, dtype=object)
        if kind == "csv":
            frame.to_csv(folder / "x.csv", index=False)
        else:
            lines = [json.dumps(dict(zip(NAMES, row, strict=True))) for row in rows]
            (folder / "x.jsonl").write_text("\n".join(lines))
        more: dict[str, Any] = {"missing": ["x"]} if words else {}
        assert_same(folder, "transactions", described(f"x.{kind}", where, returned, back=back, **more))

    check()


@pytest.mark.usefixtures("divided")
def test_typed_columns(tmp_path_factory: pytest.TempPathFactory) -> None:
    days = st.sampled_from([None, *map(pd.Timestamp, ["2024-01-05", "2024-01-31 10:00", "2024-02-03"])])
    counts = st.one_of(st.none(), st.integers(-1, 6))
    rows = st.lists(st.tuples(counts, st.floats(0, 9, width=32), days, STATES), min_size=1, max_size=14)

    @settings(max_examples=30, deadline=None)
    @given(rows, st.sampled_from(WHERE), st.sampled_from(RETURNED), st.booleans())
    def check(rows: list[Any], where: Any, returned: Any, gaps: bool) -> None:
        folder = tmp_path_factory.mktemp("typed")
        many, paid, at, state = (list(cells) for cells in zip(*rows, strict=True))
        ids = pa.array([f"p{number % 3}" for number in range(len(rows))])
        many = many if gaps else [number or 0 for number in many]
        table = pa.table({"who": ids, "what": ids, "many": pa.array(many, pa.int64()), "paid": paid,
                          "at": pa.array(at, pa.timestamp("us")), "state": pa.array(state, pa.string())})  # fmt: skip
        pq.write_table(table, folder / "x.parquet", row_group_size=5)
        assert_same(folder, "transactions", described("x.parquet", where, returned))

    check()


def big(folder: Path) -> pd.DataFrame:
    rows = [[f"c{n}", f"p{n % 3}", "2", f"{n}.50", "2024-01-31", ["paid", "void"][n % 2], None] for n in range(20)]
    frame = pd.DataFrame(rows, columns=NAMES)
    frame.to_csv(folder / "x.csv", index=False)
    frame.to_parquet(folder / "x.parquet")
    return frame


@pytest.mark.usefixtures("divided", "never_whole")
@pytest.mark.parametrize("file", ["x.csv", "x.parquet"])
def test_they_are_not_read_whole(file: str, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    big(tmp_path)
    with caplog.at_level("INFO"):
        found = assert_same(tmp_path, "transactions", described(file, {"state": "paid"}, {"paid": {"most": 5}}))
    assert found["returned"].tolist() == ["2"] * 3 + [None] * 7
    told = [vars(record)["figures"] for record in caplog.records if "'where' leaves out" in record.message]
    assert told == [{"rows": 10, "kept": 10}] * 2
    columns = {"product_id": "what", "name": "what", "price": "paid"}
    products = {"file": file, "columns": columns, "where": {"state": "paid"}, "one_row_per": "product_id"}
    assert len(assert_same(tmp_path, "products", products)) == 3


@pytest.mark.usefixtures("divided", "never_whole")
def test_the_currency_of_a_data_set_does_not_hold_tables_without_prices(tmp_path: Path) -> None:
    """Every table is given it, as events are here that say nothing of prices."""
    big(tmp_path)
    columns = {"customer_id": "who", "type": {"constant": "view"}, "product_id": "what", "time": "at"}
    (tmp_path / "source.yaml").write_text(
        json.dumps({"name": "shop", "currency": {"to": "EUR", "rates": {"USD": 0.9}},
                    "tables": {"events": {"file": "x.csv", "columns": columns},
                               "products": {"file": "p.csv", "columns": {"product_id": "nr", "name": "nr"}}}})
    )  # fmt: skip
    (tmp_path / "p.csv").write_text("nr\np0\n")
    ingest_folder(tmp_path / "source.yaml", tmp_path / "raw")
    assert len(RawTables.read(tmp_path / "raw").tables["events"]) == 20


@pytest.mark.usefixtures("divided")
def test_conditions_that_no_row_fulfils_are_told(tmp_path: Path) -> None:
    big(tmp_path)
    assert assert_same(tmp_path, "transactions", described("x.csv", {"state": "sold"}, {})).empty
    assert assert_same(tmp_path, "transactions", described("x.csv", {"status": "paid"}, {})).empty


@pytest.mark.usefixtures("divided")
@pytest.mark.parametrize("most", [2, 10_000])
def test_marks_of_numbers_are_told_from_the_whole_column(
    most: int, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where each part alone would pass, or where more different numbers come than are remembered."""
    monkeypatch.setattr(number_evidence, "_MOST", most)
    numbers = st.sampled_from(
        ["1.234", "2.500", "12,50", "1,234", "0.5", "7", "9,99", "1.234,50", "?", "5 €", "₫ 2.000"]
    )

    @settings(max_examples=60, deadline=None)
    @given(st.lists(numbers, min_size=1, max_size=14), st.sampled_from([{}, {"decimal": ","}, {"thousands": ","}]))
    def check(cells: list[str], marks: dict[str, str]) -> None:
        folder = tmp_path_factory.mktemp("marks")
        rows = [["c", f"p{at % 3}", "1", cell, "2024-01-31", "paid", None] for at, cell in enumerate(cells)]
        pd.DataFrame(rows, columns=NAMES).to_csv(folder / "x.csv", index=False)
        assert_same(folder, "transactions", {"file": "x.csv", "columns": COLUMNS, **marks})
        columns = {"product_id": "what", "name": "what", "price": "paid"}
        products = {"file": "x.csv", "columns": columns, "one_row_per": "product_id", **marks}
        assert_same(folder, "products", products)

    check()


@pytest.mark.usefixtures("divided")
def test_rare_faults_do_not_hide_other_marks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In each part so many cells are no number that nothing is told of its marks; in the whole they are few."""
    rows = [["c", "p", "1", "?1" if at % 50 == 0 else f"{at},50", "2024-01-31", "", None] for at in range(400)]
    pd.DataFrame(rows, columns=NAMES).to_csv(tmp_path / "x.csv", index=False)
    monkeypatch.setattr("recommender.data.sources.parts.foreign_rows.ROWS", 50)
    assert assert_same(tmp_path, "transactions", {"file": "x.csv", "columns": COLUMNS}).empty
