"""All feature views of a data set, at a moment."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import ibis
import pandas as pd
import pyarrow as pa

from infrastructure.files import replace_folder
from recommender.config.preparation import ComputeSettings
from recommender.contract.arrow import as_frame
from recommender.contract.tables import Tables
from recommender.data.engines.backend import TIMESTAMP, Backend
from recommender.data.engines.relations import open_backend, relations, stored_relations, write_batches
from recommender.features import definitions
from recommender.features.customers import customer_activity, customer_history, customer_profile
from recommender.features.definitions import DType, View
from recommender.features.products import product_statistics
from recommender.features.snapshot import Snapshot

_TYPES: Final[dict[DType, str]] = {
    "Int64": "int64",
    "Float64": "float64",
    "String": "string",
    "Array(String)": "array<string>",
    "Array(Int64)": "array<int64>",
    "Array(Float32)": "array<float32>",
}


def build_features(tables: Tables, at: datetime | None = None) -> dict[str, pd.DataFrame]:
    """Every view by name, as it was at ``at`` (with a time zone), or from all rows where that is None.

    Each has one row an entity, sorted by it: the entity, ``event_timestamp`` (UTC, microseconds), the features. Rows
    about what a customer said or did are valid from when the customer was last seen; rows with ages and windows are
    valid from the moment they were computed for.
    """
    with open_backend() as backend:
        views = feature_views(relations(tables, backend), at, backend)
        return {name: _as_pandas(backend.to_arrow(rows)) for name, rows in views.items()}


def write_features(
    tables: Tables | Path, folder: Path, at: datetime | None = None, settings: ComputeSettings | None = None
) -> dict[str, int]:
    """Write each view, at ``at`` as of :func:`build_features`, as ``<view>.parquet``; returns the rows of each.

    The folder appears whole or not at all. Clean tables may be the folder that they were written to, which is then read
    in batches.
    """
    with replace_folder(folder) as partial, open_backend(settings) as backend:
        clean = stored_relations(tables, backend) if isinstance(tables, Path) else relations(tables, backend)
        views = feature_views(clean, at, backend)
        return {
            name: write_batches(backend.batches(rows), partial / f"{name}.parquet", rows.schema().to_pyarrow())
            for name, rows in views.items()
        }


def feature_views(tables: Mapping[str, ibis.Table], at: datetime | None, backend: Backend) -> dict[str, ibis.Table]:
    """Every view by name, with columns as defined, sorted by entity."""
    snapshot = Snapshot.take(tables, at, backend)
    seen, now = ibis._.seen, snapshot.moment
    rows = {
        definitions.CUSTOMER_PROFILE: customer_profile(snapshot).mutate(event_timestamp=seen),
        definitions.CUSTOMER_HISTORY: customer_history(snapshot).mutate(event_timestamp=seen),
        definitions.CUSTOMER_ACTIVITY: customer_activity(snapshot).mutate(event_timestamp=now),
        definitions.PRODUCT_STATISTICS: product_statistics(snapshot).mutate(event_timestamp=now),
    }
    return {view.name: _as_defined(rows[view.name], view) for view in definitions.VIEWS}


def _as_defined(rows: ibis.Table, view: View) -> ibis.Table:
    """Columns and types of the view's definition; features that the data set lacks are missing or empty lists."""
    columns = {feature.name: _column(rows, feature.name, _TYPES[feature.dtype]) for feature in view.features}
    time = {definitions.EVENT_TIMESTAMP: rows[definitions.EVENT_TIMESTAMP].cast(TIMESTAMP)}
    return rows.select(view.entity, **time, **columns).order_by(view.entity)


def _column(rows: ibis.Table, name: str, kind: str) -> Any:
    values = (rows[name] if name in rows.columns else ibis.null(kind)).cast(kind)
    return values.fill_null(ibis.literal([], kind)) if kind.startswith("array") else values


def _as_pandas(rows: pa.Table) -> pd.DataFrame:
    frame = as_frame(rows)
    return frame.astype({field.name: "string" for field in rows.schema if pa.types.is_string(field.type)}).astype(
        {rows.schema.names[0]: object}
    )
