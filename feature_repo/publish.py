"""New features go live: the online store, offline files, Feast's registry."""

import warnings
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from uuid import uuid4

import pandas as pd
import pyarrow as pa
from feast import FeatureStore, FeatureView

from feature_repo.definitions import feast_objects
from feature_repo.online import read_publication_token, ready_to_write, write_publication_token
from feature_repo.store import OFFLINE, REGISTRY, SETTINGS, offline_store_type, open_store, store_settings
from infrastructure.files import write_atomically
from infrastructure.progress import timed
from infrastructure.workspace.promotion import copy_folder
from recommender.contract.arrow import as_frame
from recommender.data.engines.backend import ROW
from recommender.data.engines.relations import open_backend

BEGINNING: Final = datetime(1970, 1, 1, tzinfo=UTC)
PUBLISHED: Final = "published"
"""File with the token that the online store was given when it held what the offline files hold."""


def publish(features: Path, folder: Path) -> None:
    """Make the features in ``features`` (one Parquet file a view) those of the store in ``folder``.

    The online store gets what differs from the last publication; it gets everything where it is another store, or did
    not get the last publication whole. Interrupted anywhere, the next call completes: the offline files and the
    registry are each replaced in one rename, and the same rows can be written to the online store any number of times.
    """
    # The registry lists every view anew: a half-written old one is never read.
    draft = f".{REGISTRY}.new"
    (folder / draft).unlink(missing_ok=True)
    store = open_store(folder, draft)
    objects = feast_objects((folder / OFFLINE).resolve(), offline_store_type())
    with timed("registry"):
        store.apply(objects)
    known = _known(folder, _file(store))
    (folder / PUBLISHED).unlink(missing_ok=True)
    for view in (made for made in objects if isinstance(made, FeatureView)):
        _materialise(store, view, features, known)
    copy_folder(features, folder / OFFLINE)
    (folder / draft).replace(folder / REGISTRY)
    token = uuid4().hex
    write_publication_token(_file(store), token)
    write_atomically(folder / PUBLISHED, token.encode())
    # Last: whoever finds the settings finds a whole store.
    write_atomically(folder / SETTINGS.name, store_settings().encode())


def _known(folder: Path, online: Path | None) -> Path | None:
    """The folder with exactly what the online store holds; None where that is not known."""
    published = folder / PUBLISHED
    same = published.is_file() and published.read_text() == read_publication_token(online)
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
    """Prepare the embedded store; Redis needs nothing, as its own store never replaces newer rows."""
    file = _file(store)
    return ready_to_write(file, f"{store.project}_{view.name}") if file else nullcontext()


def _file(store: FeatureStore) -> Path | None:
    """The file of the embedded online store; None where it is a Redis."""
    path: str | None = getattr(store.config.online_store, "path", None)
    return Path(path) if path else None


def changed_rows(new: Path, old: Path | None) -> Iterator[pd.DataFrame]:
    """The rows of a Parquet file that another does not have, in the order of the entity, a part at a time.

    A row counts as changed whichever of its values differs: a restated purchase has no later time than the one that it
    replaces, so times alone would miss it.

    Args:
        new: One row an entity, the entity in the first column.
        old: The same of before; None, or a file of other columns, has none of the rows.
    """
    with open_backend() as backend:
        rows = backend.read(new).drop(ROW)
        if old is not None and old.is_file():
            before = backend.read(old).drop(ROW)
            rows = rows.difference(before, distinct=False) if rows.schema() == before.schema() else rows
        for part in backend.batches(rows.order_by(rows.columns[0])):
            yield as_frame(pa.Table.from_batches([part]))
