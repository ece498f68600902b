"""New features go live: offline files, Feast's registry, the online store."""

import warnings
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from feast import FeatureStore, FeatureView

from feature_repo.definitions import feast_objects
from feature_repo.online import ready_to_write
from feature_repo.store import OFFLINE, REGISTRY, SETTINGS, open_store
from recommender.files import write_whole
from recommender.progress import timed
from recommender.promotion import copy_folder

BEGINNING: Final = datetime(1970, 1, 1, tzinfo=UTC)


def publish(features: Path, folder: Path) -> None:
    """Make the features in ``features`` (one Parquet file a view) those of the store in ``folder``.

    Interrupted anywhere, the next call completes: the offline files and the registry are each replaced in
    one rename, and the online store takes every view in transactions, the same rows as often as it is told.
    """
    # The registry lists every view anew: a half-written old one is never read.
    draft = f".{REGISTRY}.new"
    (folder / draft).unlink(missing_ok=True)
    copy_folder(features, folder / OFFLINE)
    objects = feast_objects((folder / OFFLINE).resolve())
    store = open_store(folder, draft)
    with timed("registry"):
        store.apply(objects)
    for view in (made for made in objects if isinstance(made, FeatureView)):
        _materialise(store, view)
    (folder / draft).replace(folder / REGISTRY)
    # Last: who finds the settings finds a whole store.
    write_whole(folder / SETTINGS.name, SETTINGS.read_bytes())


def _materialise(store: FeatureStore, view: FeatureView) -> None:
    """Write the view's latest features into the online store."""
    settings: Any = store.config.online_store
    table = f"{store.project}_{view.name}"
    with timed(view.name), ready_to_write(Path(settings.path), table), warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        store.materialize(BEGINNING, datetime.now(UTC), feature_views=[view.name])
