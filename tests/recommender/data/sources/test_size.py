"""About how many rows a data set has, without reading them."""

import gzip
from pathlib import Path

import pandas as pd
import pytest

from recommender.data.sources.size import about_rows

ROWS = 5_000


@pytest.mark.parametrize("file", ["x.csv", "x.csv.gz", "x.jsonl", "x.parquet", "x-*.csv"])
def test_it_is_near_the_truth(tmp_path: Path, file: str) -> None:
    frame = pd.DataFrame(
        {"who": range(ROWS), "what": "p", "at": "2024-01-01", "note": "bought in the shop in the street"}
    )
    frame.to_csv(tmp_path / "x.csv", index=False)
    frame.to_csv(tmp_path / "x-1.csv", index=False)
    frame.to_json(tmp_path / "x.jsonl", orient="records", lines=True)
    frame.to_parquet(tmp_path / "x.parquet")
    with gzip.open(tmp_path / "x.csv.gz", "wt") as packed:
        packed.write((tmp_path / "x.csv").read_text())
    (tmp_path / "products.csv").write_text("nr,name\n" + "p,Mask\n" * 40)
    source = tmp_path / "source.yaml"
    source.write_text(
        "name: x\ntables:\n  products: {file: products.csv, columns: {product_id: nr, name: name}}\n"
        f"  transactions: {{file: '{file}', columns: {{customer_id: who, product_id: what, time: at}}}}\n"
    )
    found = about_rows(source)
    assert found is not None
    assert found[1] == pytest.approx(40, abs=2)
    assert ROWS / 3 <= found[0] <= 3 * ROWS
    for path in tmp_path.glob("x*"):
        path.unlink()
    assert about_rows(source) is None


def test_of_a_database_nothing_is_known(tmp_path: Path) -> None:
    source = tmp_path / "source.yaml"
    source.write_text(
        "name: x\ntables:\n  products: {file: products.csv, columns: {product_id: nr, name: name}}\n"
        "  ratings:\n    sql: {database: SHOP, query: select 1}\n"
        "    columns: {customer_id: who, product_id: what, rating: stars}\n"
    )
    assert about_rows(source) is None


def test_a_synthetic_shop_says_it(tmp_path: Path) -> None:
    (tmp_path / "source.yaml").write_text("name: x\nsynthetic: {customers: 3000, products: 800}\n")
    rows, products = about_rows(tmp_path / "source.yaml") or (0, 0)
    assert 150_000 < rows < 250_000
    assert products == 800


@pytest.mark.parametrize("file", ["x.xlsx", "x.csv.zip", "x.csv.bz2", "x.json"])
def test_of_a_file_whose_lines_are_no_rows_nothing_is_known(tmp_path: Path, file: str) -> None:
    (tmp_path / file).write_bytes(b"[\n{}\n]" if file == "x.json" else b"\n" * 5_000)
    source = tmp_path / "source.yaml"
    source.write_text(
        f"name: x\ntables:\n  products: {{file: {file}, columns: {{product_id: nr, name: name}}}}\n"
        f"  transactions: {{file: {file}, columns: {{customer_id: who, product_id: what, time: at}}}}\n"
    )
    assert about_rows(source) is None
