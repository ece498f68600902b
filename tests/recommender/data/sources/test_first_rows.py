"""Only the first rows of a table: the same as of the whole one, without reading on."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import sqlalchemy

from infrastructure.settings import checked
from recommender.data.sources.connectors import sql
from recommender.data.sources.description.table_source import TableSource
from recommender.data.sources.ingest import ingest, read_table
from recommender.data.sources.shaping.shape import Shaper

COLUMNS = {"customer_id": "who", "product_id": "what", "time": "at", "unit_price": "paid"}
FRAME = pd.DataFrame(
    {
        "who": [f"c{number % 7}" for number in range(50)],
        "what": [f"p{number}" for number in range(50)],
        "at": ["2024-01-01"] * 50,
        "paid": [number / 4 for number in range(50)],
    }
)


def _csv(path: Path) -> str:
    FRAME.to_csv(path / "x.csv", index=False)
    return "x.csv"


def _quoted(path: Path) -> str:
    FRAME.to_csv(path / "x.tsv", index=False, sep="\t", quoting=1)
    return "x.tsv"


def _jsonl(path: Path) -> str:
    FRAME.to_json(path / "x.jsonl.gz", orient="records", lines=True)
    return "x.jsonl.gz"


def _parquet(path: Path) -> str:
    pq.write_table(pa.Table.from_pandas(FRAME), path / "x.parquet", row_group_size=4)
    return "x.parquet"


def read(folder: Path, file: str, first: int | None) -> pd.DataFrame:
    source = checked(TableSource, {"file": file, "columns": COLUMNS}, where="test")
    return read_table("transactions", Shaper(source, folder), None, first)


@pytest.mark.parametrize("write", [_csv, _quoted, _jsonl, _parquet])
@pytest.mark.parametrize("first", [1, 9, 50, 51])
def test_the_first_rows_are_those_of_the_whole(tmp_path: Path, write: Callable[[Path], str], first: int) -> None:
    file = write(tmp_path)
    pd.testing.assert_frame_equal(read(tmp_path, file, first), read(tmp_path, file, None).head(first))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("x.csv", "who,what,at,paid\nc1,p1,2024-01-01,1\n" + "c1,p1,2024-01-01,1\n" * 200_000 + 'broken"\n'),
        ("x.tsv", 'who\twhat\tat\tpaid\nc1\t"p1"\t2024-01-01\t1\n' + 'c1\tp1\t2024-01-01\t"1\n' * 9),
        ("x.jsonl", json.dumps(dict.fromkeys(FRAME, "1")) + "\n{broken\n"),
    ],
)
def test_what_stands_behind_them_is_not_read(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    assert len(read(tmp_path, name, 1)) == 1


def test_a_query_is_fetched_no_further(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP", f"sqlite:///{tmp_path / 'shop.db'}")
    FRAME.to_sql("sales", sqlalchemy.create_engine(f"sqlite:///{tmp_path / 'shop.db'}"), index=False)
    described: Any = {"sql": {"database": "SHOP", "query": "select * from sales order by what"}, "columns": COLUMNS}
    source = checked(TableSource, described, where="test")
    whole = read_table("transactions", Shaper(source, tmp_path), None)
    pd.testing.assert_frame_equal(read_table("transactions", Shaper(source, tmp_path), None, 3), whole.head(3))
    parts = list(sql.read_sql_in_parts(source.sql, rows=20)) if source.sql else []
    assert [len(part) for part in parts] == [20, 20, 10]


def test_of_a_synthetic_shop_too(tmp_path: Path) -> None:
    (tmp_path / "source.yaml").write_text("name: x\nsynthetic: {customers: 50, products: 60}\n")
    tables = ingest(tmp_path / "source.yaml", first=5).tables
    assert {len(table) for table in tables.values()} == {5}
