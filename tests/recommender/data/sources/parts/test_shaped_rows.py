"""Tables that are filled down, exploded, unpacked or joined: in parts as in the whole, wherever they are divided."""

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.same_as_whole import assert_same

COLUMNS: dict[str, Any] = {"customer_id": "who", "product_id": "what", "unit_price": "paid", "time": "at"}
NAMES = ["bon", "who", "what", "paid", "at", "state"]
JOIN = {"file": "others.csv", "on": {"what": "sku"}}
SHAPES: list[dict[str, Any]] = [
    {"fill_down": ["who", "at"]},
    {"fill_down": {"columns": ["who", "at", "state"], "within": "bon"}, "where": {"state": ["paid", "sent"]}},
    {"fill_down": ["bon", "state"], "returned": {"state": "void"}},
    {"explode": {"column": "what", "separator": "|"}, "where": {"what": {"missing": False}}},
    {"explode": {"column": ["what", "paid"], "separator": "|"}},
    {"join": JOIN, "columns": {**COLUMNS, "quantity": "pieces"}},
    {"join": {**JOIN, "as": "item"}, "columns": {**COLUMNS, "quantity": "item.pieces"}},
    {"join": {**JOIN, "sum": ["pieces"], "as": "item"}, "columns": {**COLUMNS, "returned": "item.pieces"}},
    {"join": {**JOIN, "as": "item"}, "where": {"item.state": "sent"}, "fill_down": ["who"]},
    {"columns": {**COLUMNS, "product_id": "what.sku", "quantity": "what.pieces"}},
    {"unpack": {"column": "what", "separator": "|", "equals": "="}, "columns": {**COLUMNS, "product_id": "what.p"}},
]
WHAT = st.sampled_from(["p", "q", "p|q", "p|", None, "p=1|q=2", '["p", "q"]', '{"sku": "p", "pieces": 2}', "{broken"])
ROW = st.tuples(
    st.sampled_from(["1", "2", None]),
    st.sampled_from(["a", "b", None, " "]),
    WHAT,
    st.sampled_from(["1", "2.50", "1|2", "x", None, "12,50"]),
    st.sampled_from(["2024-01-31", "2024-01-05 12:00", "nonsense", None]),
    st.sampled_from(["paid", "sent", "void", None]),
)


@pytest.mark.usefixtures("divided")
@pytest.mark.parametrize("shape", SHAPES)
def test_any_division(shape: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> None:
    others = st.tuples(st.sampled_from(["p", "q", None]), st.sampled_from(["1", "2", "x", None]), st.just("sent"))

    @settings(max_examples=12, deadline=None)
    @given(st.lists(ROW, min_size=1, max_size=14), st.lists(others, min_size=1, max_size=4), st.booleans())
    def check(rows: list[Any], others: list[Any], lines: bool) -> None:
        folder = tmp_path_factory.mktemp("shaped")
        frame = pd.DataFrame(rows, columns=NAMES, dtype=object)
        frame.to_csv(folder / "x.csv", index=False)
        (folder / "x.jsonl").write_text("\n".join(json.dumps(dict(zip(NAMES, row, strict=True))) for row in rows))
        pd.DataFrame(others, columns=["sku", "pieces", "state"]).to_csv(folder / "others.csv", index=False)
        described = {"file": "x.jsonl" if lines else "x.csv", "columns": COLUMNS, **shape}
        assert_same(folder, "transactions", described)

    check()


@pytest.mark.usefixtures("divided")
def test_typed_columns_beside_joined_ones(tmp_path_factory: pytest.TempPathFactory) -> None:
    cells = st.tuples(st.integers(0, 3), st.one_of(st.none(), st.integers(0, 9)))

    @settings(max_examples=20, deadline=None)
    @given(st.lists(cells, min_size=1, max_size=12), st.lists(cells, min_size=1, max_size=4))
    def check(rows: list[Any], others: list[Any]) -> None:
        folder = tmp_path_factory.mktemp("typed")
        for name, pairs in (("x", rows), ("o", others)):
            keys, counts = (list(found) for found in zip(*pairs, strict=True))
            table = pa.table(
                {"what": keys, f"many_{name}": pa.array(counts, pa.int64()), "at": ["2024-01-31"] * len(keys)}
            )
            pq.write_table(table, folder / f"{name}.parquet", row_group_size=5)
        columns = {
            "customer_id": "what",
            "product_id": "what",
            "quantity": "many_x",
            "unit_price": "many_o",
            "time": "at",
        }
        join = {"file": "o.parquet", "on": "what"}
        assert_same(folder, "transactions", {"file": "x.parquet", "columns": columns, "join": join})

    check()


@pytest.mark.usefixtures("divided", "never_whole")
def test_they_are_not_read_whole(tmp_path: Path) -> None:
    """Lines of orders whose customer stands in the first line alone, as a shop system exports them."""
    rows = [[f"{n // 3}", None if n % 3 else f"c{n}", f"p{n % 4}", "2.50", "2024-01-31", "paid"] for n in range(20)]
    pd.DataFrame(rows, columns=NAMES).to_csv(tmp_path / "x.csv", index=False)
    pd.DataFrame({"sku": ["p1", "p2"], "pieces": ["2", "3"]}).to_csv(tmp_path / "others.csv", index=False)
    described = {
        "file": "x.csv",
        "fill_down": {"columns": "who", "within": "bon"},
        "join": {**JOIN, "as": "item"},
        "where": {"what": {"is_not": "p3"}},
        "columns": {**COLUMNS, "quantity": "item.pieces"},
    }
    found = assert_same(tmp_path, "transactions", described)
    assert found["customer_id"].tolist() == [f"c{n - n % 3}" for n in range(20) if n % 4 != 3]
