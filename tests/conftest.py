"""What tests of several folders need: the fixtures of ``tests/support``, and a Spark of this machine."""

import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import settings

pytest_plugins = ["tests.support.databases", "tests.support.raw_tables", "tests.support.synthetic_shop"]

# How long an example takes depends on what else the machine does.
settings.register_profile("any machine", deadline=None)
settings.load_profile("any machine")


@pytest.fixture
def spark() -> Iterator[Any]:
    sql = pytest.importorskip("pyspark.sql", reason="pyspark is not installed: make test-spark")
    if shutil.which("java") is None:
        pytest.skip("Spark needs Java, which is not installed")
    options = {"spark.ui.enabled": "false", "spark.sql.shuffle.partitions": "2", "spark.driver.host": "127.0.0.1"}
    builder = sql.SparkSession.builder.master("local[1]").config("spark.driver.bindAddress", "127.0.0.1")
    for name, value in options.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    yield session
    session.stop()
