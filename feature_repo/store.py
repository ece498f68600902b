"""The feature store of one shop, as ``feature_store.yaml`` describes it, or with a Redis or Spark in their places."""

from pathlib import Path
from string import Template
from typing import Any, Final

import yaml
from feast import FeatureStore, RepoConfig

from infrastructure.environment import read_text
from infrastructure.errors import ConfigError
from infrastructure.workspace.online_store import feast_variables, redis_address

SETTINGS: Final = Path(__file__).with_name("feature_store.yaml")
REGISTRY: Final = "registry.db"
OFFLINE: Final = "offline"
REDIS: Final = {
    "type": "feature_repo.atomic_redis.AtomicRedisOnlineStore",
    "connection_string": "${FEAST_REDIS}",
}
DUCKDB: Final = "duckdb"
SPARK: Final = "spark"
SPARK_SETTINGS: Final = {"spark.sql.session.timeZone": "UTC"}
"""Beside what the session that is active has: Feast compares times as texts."""
OFFLINE_STORE: Final = "OFFLINE_STORE"
"""Environment variable: the type of the offline store, duckdb or spark; unset: duckdb."""


def store_settings() -> str:
    """The text of ``feature_store.yaml``, with the stores that ``ONLINE_STORE`` and ``OFFLINE_STORE`` name.

    It holds no password.

    Raises:
        ConfigError: There is no such offline store.
    """
    text = SETTINGS.read_text(encoding="utf-8")
    others: dict[str, Any] = {"online_store": REDIS} if redis_address() else {}
    if offline_store_type() == SPARK:
        others["offline_store"] = {"type": SPARK, "spark_conf": SPARK_SETTINGS}
    return yaml.safe_dump({**yaml.safe_load(text), **others}) if others else text


def offline_store_type() -> str:
    """The type of the offline store.

    Raises:
        ConfigError: There is no such offline store.
    """
    wanted = read_text(OFFLINE_STORE, DUCKDB)
    if wanted not in (DUCKDB, SPARK):
        raise ConfigError("No such offline store.", field=OFFLINE_STORE, value=wanted, expected=f"{DUCKDB} or {SPARK}")
    return wanted


def open_store(folder: Path, registry: str = REGISTRY) -> FeatureStore:
    """The feature store that lives in ``folder``, which need not exist yet, with a registry of this file name."""
    folder.mkdir(parents=True, exist_ok=True)
    values = yaml.safe_load(Template(store_settings()).substitute(feast_variables(folder)))
    values["registry"]["path"] = str(folder.resolve() / registry)
    return FeatureStore(config=RepoConfig(repo_path=folder, **values))
