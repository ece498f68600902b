"""The feature store of one shop, as ``feature_store.yaml`` describes it; its online store may be a Redis instead."""

from pathlib import Path
from string import Template
from typing import Final

import yaml
from feast import FeatureStore, RepoConfig

from recommender.online_store import feast_variables, redis_address

SETTINGS: Final = Path(__file__).with_name("feature_store.yaml")
REGISTRY: Final = "registry.db"
OFFLINE: Final = "offline"
REDIS: Final = {"type": "redis", "connection_string": "${FEAST_REDIS}"}


def settings() -> str:
    """The text of ``feature_store.yaml``, with the online store that ``ONLINE_STORE`` names; it holds no password."""
    text = SETTINGS.read_text(encoding="utf-8")
    if redis_address() is None:
        return text
    return yaml.safe_dump({**yaml.safe_load(text), "online_store": REDIS})


def open_store(folder: Path, registry: str = REGISTRY) -> FeatureStore:
    """The feature store that lives in ``folder``.

    Args:
        folder: The workspace's feast folder; it need not exist yet.
        registry: Name of the registry's file in it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    values = yaml.safe_load(Template(settings()).substitute(feast_variables(folder)))
    values["registry"]["path"] = str(folder.resolve() / registry)
    return FeatureStore(config=RepoConfig(repo_path=folder, **values))
