"""A data set that is ingested into a folder: as if it were read and then written, also for what cleaning says of it."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from infrastructure import progress
from infrastructure.errors import DataError
from recommender.data.cleaning.prepare import prepare_folder
from recommender.data.raw_tables import RawTables
from recommender.data.sources.ingest import ingest
from recommender.data.sources.parts import foreign_rows, opening, raw_writer
from recommender.data.sources.parts.folder import ingest_folder
from settings.config import Config

SOURCE = """
name: shop
tables:
  customers:
    file: reviews.jsonl
    one_row_per: customer_id
    columns: {customer_id: who, region: where}
  products:
    file: products.csv
    columns: {product_id: nr, name: name, price: price, ingredients: inside}
  transactions:
    file: [sales-*.csv]
    columns:
      {customer_id: who, product_id: what, unit_price: paid, quantity: many, time: {from: at, format: "%d.%m.%Y"}}
  ratings:
    file: reviews.jsonl
    columns: {customer_id: who, product_id: what, rating: stars, time: at}
"""


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(foreign_rows, "ROWS", 3)
    monkeypatch.setattr(opening, "ROWS", 3)
    monkeypatch.setattr(raw_writer, "_GROUP", 5)
    paid = ["1.5", "x", "", "2,50", "-3", "1e3", "7"]
    for month in ("01", "02", "03"):
        rows = [[f" {n % 4}", f"p{n % 3}", paid[n % 7], n % 5 - 1, f"{n + 1:02}.{month}.2024"] for n in range(28)]
        frame = pd.DataFrame(rows, columns=["who", "what", "paid", "many", "at"])
        frame.loc[3, "at"], frame.loc[9, "who"] = "soon", None
        frame.to_csv(tmp_path / f"sales-{month}.csv", index=False)
    rows = [{"who": n % 4, "what": f"p{n % 3}", "stars": [5, "4", None, "many"][n % 4], "at": "2024-01-05",
             "where": "north" if n % 3 else "south"} for n in range(20)]  # fmt: skip
    pd.DataFrame(rows, dtype=object).to_json(tmp_path / "reviews.jsonl", orient="records", lines=True)
    products = [[f"p{n}", "Mask", "3.50" if n else "?", "Aqua, Parfum"] for n in range(3)]
    pd.DataFrame(products, columns=["nr", "name", "price", "inside"]).to_csv(tmp_path / "products.csv", index=False)
    (tmp_path / "source.yaml").write_text(SOURCE)
    return tmp_path / "source.yaml"


def test_raw_tables_and_quarantine_are_the_same(source: Path, tmp_path: Path) -> None:
    ingest(source).write(tmp_path / "whole")
    assert ingest_folder(source, tmp_path / "parts") == "shop"
    whole, parts = RawTables.read(tmp_path / "whole"), RawTables.read(tmp_path / "parts")
    assert parts.origins == whole.origins
    for name, table in whole.tables.items():
        pd.testing.assert_frame_equal(parts.tables[name], table)
    one, other = (prepare_folder(tmp_path / way, tmp_path / f"clean-{way}", Config()) for way in ("whole", "parts"))
    assert len(one.quarantine) > 20
    pd.testing.assert_frame_equal(other.quarantine, one.quarantine)
    pd.testing.assert_frame_equal(other.repairs, one.repairs)
    assert other.counts == one.counts


def test_a_mistake_leaves_the_folder_as_it_was(source: Path, tmp_path: Path) -> None:
    ingest_folder(source, tmp_path / "raw")
    before = {path.name: path.read_bytes() for path in (tmp_path / "raw").iterdir()}
    (tmp_path / "sales-04.csv").write_text("who,what\n1,2\n")
    with pytest.raises(DataError, match="lacks a column"):
        ingest_folder(source, tmp_path / "raw")
    assert {path.name: path.read_bytes() for path in (tmp_path / "raw").iterdir()} == before


@pytest.mark.parametrize("quoting", [0, 1])
def test_reading_tells_how_far_it_is(
    quoting: Any, source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Each piece of work that grows with the rows of a file, whichever of the readers takes it."""
    monkeypatch.setattr(progress, "REPORT_SECONDS", 0)
    for file in tmp_path.glob("*.csv"):
        pd.read_csv(file, dtype=str).to_csv(file, index=False, quoting=quoting)
    source.write_text(SOURCE.replace("sales-*.csv]", "sales-*.csv]\n    where: {who: {missing: false}}"))
    with caplog.at_level("INFO"):
        ingest_folder(source, tmp_path / "raw")
    last = {stage.name: stage for record in caplog.records if (stage := getattr(record, "stage", None))}
    read = {f"sales-{month}.csv read" for month in ("01", "02", "03")} | {"reviews.jsonl read"}
    assert set(last) >= read | {"transactions mapped"}
    assert any(name.endswith("chosen") for name in last)
    assert all(stage.is_done for stage in last.values())


def test_a_synthetic_shop_is_made_into_the_folder(tmp_path: Path) -> None:
    (tmp_path / "source.yaml").write_text("name: x\nsynthetic: {customers: 50, products: 60}\n")
    assert ingest_folder(tmp_path / "source.yaml", tmp_path / "raw") == "x"
    assert len(RawTables.read(tmp_path / "raw").tables) == 5
