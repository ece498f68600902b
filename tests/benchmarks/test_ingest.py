"""That the measured shop is what it says, that both ways read it alike, and that the table is right."""

from pathlib import Path

import pandas as pd
import pytest

from benchmarks.ingest.benchmark import COMMAND, PAGE, ingest_figures
from benchmarks.ingest.shop import write_foreign_shop
from recommender.data.raw_tables import RawTables
from recommender.data.sources.ingest import ingest
from recommender.data.sources.parts.folder import ingest_folder
from tests.support.paths import ROOT


@pytest.mark.parametrize("form", ["parquet", "csv"])
def test_the_shop_is_read_alike_both_ways(tmp_path: Path, form: str) -> None:
    source = write_foreign_shop(tmp_path / "shop", 3_000, form)
    whole = ingest(source)
    assert ingest_folder(source, tmp_path / "raw") == "large"
    found = RawTables.read(tmp_path / "raw")
    whole.write(tmp_path / "whole")
    for name, table in RawTables.read(tmp_path / "whole").tables.items():
        pd.testing.assert_frame_equal(found.tables[name], table)
    assert found.origins == whole.origins
    assert len(found.tables["transactions"]) == 3_000


def test_the_table_shows_what_was_measured() -> None:
    ours, preview, whole = ({"seconds": seconds, "memory": 5e8} for seconds in (10.0, 2.0, 25.0))
    size = {"rows": 1_000_000, "form": "csv", "ours": ours, "preview": preview}
    found = {"sizes": [size, size | {"whole": whole, "ratio": 2.5}], "cores": 2, "commit": "abc"}
    lines = ingest_figures(found).splitlines()
    assert "| 1,000,000 | csv | 10.0 | 100,000 | 0.50 | 2.0 | 0.50 | – | – | – |" in lines
    assert "| 1,000,000 | csv | 10.0 | 100,000 | 0.50 | 2.0 | 0.50 | 25.0 | 0.50 | 2.5 |" in lines


def test_the_page_of_figures_is_the_commands() -> None:
    page = ROOT / "docs" / "figures" / f"{PAGE}.md"
    assert page.read_text(encoding="utf-8").startswith(f"<!-- Written by {COMMAND} -->")
