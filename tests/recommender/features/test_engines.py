"""The same expressions by DuckDB and by Spark give the same features, to the last bit."""

import sys
from dataclasses import replace
from datetime import UTC, datetime

import pyarrow.parquet as pq
import pytest

from infrastructure.errors import ConfigError
from recommender.config.preparation import ComputeSettings
from recommender.contract.tables import Tables
from recommender.data.cleaning.prepare import prepare
from recommender.data.raw_tables import RawTables
from recommender.features import definitions
from recommender.features.build import write_features
from recommender.synthetic.settings import SyntheticSettings
from recommender.synthetic.shop import generate
from settings.config import Config

SPARK = ComputeSettings(engine="spark")


@pytest.fixture(scope="module")
def tables(tmp_path_factory):
    """A clean shop's tables in their folder."""
    raw = RawTables("shop", generate(SyntheticSettings(customers=60, products=40, days=100)))
    folder = tmp_path_factory.mktemp("shop") / "tables"
    prepare(raw, Config()).tables.write(folder)
    return folder


@pytest.mark.slow
@pytest.mark.usefixtures("spark")
def test_spark_gives_the_features_that_duckdb_gives(tables, tmp_path):
    at = datetime(2025, 6, 1, tzinfo=UTC)
    engines = {"duckdb": ComputeSettings(), "spark": SPARK}
    counts = [write_features(tables, tmp_path / name, at, settings) for name, settings in engines.items()]
    assert counts[0] == counts[1]
    for view in definitions.VIEWS:
        ours, theirs = (pq.read_table(tmp_path / name / f"{view.name}.parquet") for name in engines)
        assert ours.num_rows > 30
        assert theirs.schema.names == ours.schema.names
        for column in ours.schema.names:
            assert theirs[column].to_pylist() == ours[column].to_pylist(), (view.name, column)


def test_without_pyspark_it_is_told_what_to_install(tables, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    with pytest.raises(ConfigError, match=r"requirements-spark\.txt"):
        write_features(tables, tmp_path / "features", settings=SPARK)
    assert not (tmp_path / "features").exists()


def test_a_folder_gives_the_features_that_tables_in_memory_give(tables, tmp_path):
    write_features(tables, tmp_path / "folder")
    write_features(Tables.read(tables), tmp_path / "memory")
    for view in definitions.VIEWS:
        one, two = ((tmp_path / name / f"{view.name}.parquet").read_bytes() for name in ("folder", "memory"))
        assert one == two


@pytest.mark.parametrize("engine", ["duckdb", pytest.param("spark", marks=pytest.mark.slow)])
def test_a_stored_column_without_any_value_is_missing_and_not_another_type(tables, tmp_path, engine, request):
    if engine == "spark":
        request.getfixturevalue("spark")
    shop = Tables.read(tables)
    bare = replace(shop, customers=shop.customers.assign(concerns=None, region=None))
    bare.write(tmp_path / "tables")
    write_features(tmp_path / "tables", tmp_path / "features", settings=ComputeSettings(engine=engine))
    profile = pq.read_table(tmp_path / "features" / f"{definitions.CUSTOMER_PROFILE}.parquet")
    assert profile["concerns"].to_pylist() == [[]] * profile.num_rows
    assert profile["region"].null_count == profile.num_rows
