"""A table in several files: a list or a pattern, one after another as if they were one."""

import gzip
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from infrastructure.errors import ConfigError, DataError
from infrastructure.settings import checked
from recommender.data.sources.description.table_source import TableSource
from recommender.data.sources.ingest import read_table
from recommender.data.sources.shaping.shape import Shaper

COLUMNS = {"customer_id": "who", "product_id": "what", "time": "at"}


def read(folder: Path, file: Any, first: int | None = None) -> pd.DataFrame:
    source = checked(TableSource, {"file": file, "columns": COLUMNS}, where="test")
    return read_table("transactions", Shaper(source, folder), None, first)


@pytest.fixture
def months(tmp_path: Path) -> Path:
    (tmp_path / "sales-02.csv").write_text("what,who,at\np2,c2,2024-02-01\np3,c3,2024-02-02\n")
    (tmp_path / "sales-01.csv").write_text("who,what,at\nc1,p1,2024-01-01\n")
    (tmp_path / "other.csv").write_text("who,what,at\nc9,p9,2024-01-01\n")
    with gzip.open(tmp_path / "sales-03.csv.gz", "wt") as file:
        file.write("who,what,at\nc4,p4,2024-03-01\n")
    return tmp_path


@pytest.mark.parametrize(
    ("file", "customers"),
    [
        ("sales-*.csv", ["c1", "c2", "c3"]),
        ("sales-*", ["c1", "c2", "c3", "c4"]),
        ("**/sales-0[13]*", ["c1", "c4"]),
        (["sales-02.csv", "sales-01.csv"], ["c2", "c3", "c1"]),
        (["other.csv", "sales-*.csv.gz"], ["c9", "c4"]),
    ],
)
def test_rows_run_on_from_file_to_file(months: Path, file: Any, customers: list[str]) -> None:
    found = read(months, file)
    assert found["customer_id"].tolist() == customers
    assert found["product_id"].tolist() == [customer.replace("c", "p") for customer in customers]
    assert found.index.tolist() == list(range(len(customers)))


def test_a_pattern_may_be_an_absolute_path_or_an_address(months: Path) -> None:
    assert len(read(Path("/elsewhere"), str(months / "sales-*.csv"))) == 3
    assert read(Path("/elsewhere"), f"{months.as_uri()}/sales-*.csv")["customer_id"].tolist() == ["c1", "c2", "c3"]


def test_a_file_whose_name_looks_like_a_pattern_is_that_file(months: Path) -> None:
    (months / "sales-[01].csv").write_text("who,what,at\nc7,p7,2024-01-01\n")
    assert read(months, "sales-[01].csv")["customer_id"].tolist() == ["c7"]


def test_the_file_that_lacks_a_column_is_named(months: Path) -> None:
    (months / "sales-04.csv").write_text("who,product,at\nc1,p1,2024-01-01\n")
    with pytest.raises(DataError, match=r"lacks a column") as caught:
        read(months, "sales-*.csv")
    assert caught.value.where == str(months / "sales-04.csv")
    assert caught.value.field == "what"


def test_a_pattern_that_matches_nothing_is_an_error(months: Path) -> None:
    for file in ("bons-*.csv", f"{months.as_uri()}/bons-*.csv"):
        with pytest.raises(DataError, match=r"No file matches the pattern") as caught:
            read(months, file)
        assert caught.value.value == "bons-*.csv"


def test_no_file_at_all_is_a_mistake_in_the_source() -> None:
    with pytest.raises(ConfigError, match="file"):
        checked(TableSource, {"file": [], "columns": COLUMNS}, where="test")


def test_a_month_without_rows_is_passed_over(months: Path) -> None:
    (months / "sales-00.csv").write_text("who,what,at\n")
    assert len(read(months, "sales-*.csv")) == 3
    with pytest.raises(DataError, match="no rows"):
        read(months, ["sales-00.csv", "sales-00.csv"])


def test_long_ids_keep_their_digits_where_another_file_has_gaps(tmp_path: Path) -> None:
    long = 2**60 + 1
    for name, ids in (("a", [long, 7]), ("b", [long, None])):
        frame = pd.DataFrame({"who": pd.array(ids, dtype="Int64"), "what": ["p", "p"], "at": ["2024-01-01"] * 2})
        frame.to_parquet(tmp_path / f"{name}.parquet")
    (tmp_path / "c.csv").write_text("who,what,at\n007,p,2024-01-01\n")
    found = read(tmp_path, ["a.parquet", "b.parquet", "c.csv"])["customer_id"]
    assert found.astype(object).where(found.notna(), None).tolist() == [str(long), "7", str(long), None, "007"]


@pytest.mark.parametrize("first", [1, 2, 3])
def test_only_the_first_rows_of_all_files_together(months: Path, first: int) -> None:
    assert read(months, "sales-*.csv", first)["customer_id"].tolist() == ["c1", "c2", "c3"][:first]
