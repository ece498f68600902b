"""New features go live: the online store, offline files, Feast's registry."""

import warnings
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from uuid import uuid4

from feast import FeatureStore, FeatureView

from feature_repo.changes import changed_rows
from feature_repo.definitions import feast_objects
from feature_repo.online import mark, marked, ready_to_write
from feature_repo.store import OFFLINE, REGISTRY, SETTINGS, offline_store, open_store, settings
from infrastructure.files import write_atomically
from infrastructure.progress import timed
from infrastructure.workspace.promotion import copy_folder

BEGINNING: Final = datetime(1970, 1, 1, tzinfo=UTC)
PUBLISHED: Final = "published"
"""File with the mark that the online store was given when it held what the offline files hold."""


def publish(features: Path, folder: Path) -> None:
    """Make the features in ``features`` (one Parquet file a view) those of the store in ``folder``.

    The online store is told what differs from the last publication, or everything where it is not the store that was
    told then, or was not told to the end. Interrupted anywhere, the next call completes: the offline files and the
    registry are each replaced in one rename, and the online store takes the same rows as often as it is told.
    """
    # The registry lists every view anew: a half-written old one is never read.
    draft = f".{REGISTRY}.new"
    (folder / draft).unlink(missing_ok=True)
    store = open_store(folder, draft)
    objects = feast_objects((folder / OFFLINE).resolve(), offline_store())
    with timed("registry"):
        store.apply(objects)
    known = _known(folder, _file(store))
    (folder / PUBLISHED).unlink(missing_ok=True)
    for view in (made for made in objects if isinstance(made, FeatureView)):
        _materialise(store, view, features, known)
    copy_folder(features, folder / OFFLINE)
    (folder / draft).replace(folder / REGISTRY)
    token = uuid4().hex
    mark(_file(store), token)
    write_atomically(folder / PUBLISHED, token.encode())
    # Last: who finds the settings finds a whole store.
    write_atomically(folder / SETTINGS.name, settings().encode())


def _known(folder: Path, online: Path | None) -> Path | None:
    """The folder of what the online store holds for certain; None where that is not known."""
    published = folder / PUBLISHED
    same = published.is_file() and published.read_text() == marked(online)
    return folder / OFFLINE if same else None


def _materialise(store: FeatureStore, view: FeatureView, features: Path, known: Path | None) -> None:
    """Write the view's changed rows into the online store."""
    file = f"{view.name}.parquet"
    with timed(view.name) as figures, _ready(store, view), warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        figures["rows"] = 0
        for rows in changed_rows(features / file, known / file if known else None):
            store.write_to_online_store(view.name, rows)
            figures["rows"] += len(rows)
    store.registry.apply_materialization(view, store.project, BEGINNING, datetime.now(UTC))


def _ready(store: FeatureStore, view: FeatureView) -> AbstractContextManager[None]:
    """Redis needs nothing: the store that writes to it leaves what is newer by itself."""
    file = _file(store)
    return ready_to_write(file, f"{store.project}_{view.name}") if file else nullcontext()


def _file(store: FeatureStore) -> Path | None:
    """The file of the embedded online store; None where it is a Redis."""
    path: str | None = getattr(store.config.online_store, "path", None)
    return Path(path) if path else None
