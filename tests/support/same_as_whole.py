"""Compares a table that is read in parts with the same read whole."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq

from infrastructure.errors import DataError
from infrastructure.settings import checked
from recommender.data.raw_tables import as_stored, read_stored
from recommender.data.sources.description.table_source import TableSource
from recommender.data.sources.ingest import origin_of, read_table
from recommender.data.sources.parts.folder import write_table
from recommender.data.sources.shaping.shape import Shaper


def result(read: Callable[[], Any]) -> Any:
    """What is read, or the error's text."""
    try:
        return read()
    except DataError as error:
        return str(error)


def assert_same(folder: Path, table: str, described: dict[str, Any]) -> pd.DataFrame:
    """Both ways give the same cells of the same types, or the same error."""
    source = checked(TableSource, described, where="test")
    target = folder / "raw" / f"{table}.parquet"
    target.parent.mkdir(exist_ok=True)
    shaper = Shaper(source, folder)
    whole = result(lambda: read_table(table, shaper, None))
    if isinstance(whole, str):
        assert result(lambda: write_table(table, source, folder, None, target)) == whole
        return pd.DataFrame()
    pq.write_table(as_stored(table, whole), folder / "raw" / "whole.parquet")
    assert write_table(table, source, folder, None, target) == origin_of(shaper)
    expected, found = read_stored(table, folder / "raw" / "whole.parquet"), read_stored(table, target)
    pd.testing.assert_frame_equal(found, expected)
    assert {path.suffix for path in target.parent.iterdir()} == {".parquet"}
    return found
