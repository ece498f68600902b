"""New features go live: offline files, Feast's registry, the online store."""

import warnings
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from feast import FeatureStore, FeatureView

from feature_repo.definitions import feast_objects
from feature_repo.online import ready_to_write
from feature_repo.store import OFFLINE, REGISTRY, SETTINGS, open_store, settings
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
    write_whole(folder / SETTINGS.name, settings().encode())


def _materialise(store: FeatureStore, view: FeatureView) -> None:
    """Write the view's latest features into the online store."""
    with timed(view.name), _ready(store, view), warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        store.materialize(BEGINNING, datetime.now(UTC), feature_views=[view.name])


def _ready(store: FeatureStore, view: FeatureView) -> AbstractContextManager[None]:
    """Redis needs nothing: it refuses what is older by itself."""
    path: str | None = getattr(store.config.online_store, "path", None)
    return ready_to_write(Path(path), f"{store.project}_{view.name}") if path else nullcontext()
