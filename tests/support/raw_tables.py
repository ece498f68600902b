"""Data sets that tests of recommender.data start from."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from recommender.data.raw_tables import RawTables
from tests.support.small_data_set import DataSet


@pytest.fixture
def data_set(tmp_path: Path) -> DataSet:
    return DataSet(tmp_path)


@pytest.fixture
def raw() -> Callable[..., RawTables]:
    """Raw tables from columns; what is not given is a products table of two products."""

    def build(**tables: dict[str, list[Any]]) -> RawTables:
        given = {"products": {"product_id": ["p1", "p2"], "name": ["Cream", "Gel"]}} | tables
        return RawTables("shop", {name: pd.DataFrame(columns) for name, columns in given.items()})

    return build
