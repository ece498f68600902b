"""The feature store of one shop, as ``feature_store.yaml`` describes it."""

from pathlib import Path
from string import Template
from typing import Final

import yaml
from feast import FeatureStore, RepoConfig

SETTINGS: Final = Path(__file__).with_name("feature_store.yaml")
REGISTRY: Final = "registry.db"
OFFLINE: Final = "offline"


def open_store(folder: Path, registry: str = REGISTRY) -> FeatureStore:
    """The feature store that lives in ``folder``.

    Args:
        folder: The workspace's feast folder; it need not exist yet.
        registry: Name of the registry's file in it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    text = Template(SETTINGS.read_text(encoding="utf-8")).substitute(FEAST_FOLDER=folder.resolve())
    values = yaml.safe_load(text)
    values["registry"]["path"] = str(folder.resolve() / registry)
    return FeatureStore(config=RepoConfig(repo_path=folder, **values))
