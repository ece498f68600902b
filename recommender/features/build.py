"""All feature views of a data set, at a moment."""

from datetime import datetime
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from recommender.data.tables import Tables
from recommender.features import definitions
from recommender.features.customers import customer_activity, customer_history, customer_profile
from recommender.features.definitions import DType, View
from recommender.features.products import product_statistics
from recommender.features.snapshot import Snapshot
from recommender.files import whole_folder

_PANDAS: Final[dict[DType, Any]] = {"Int64": "Int64", "Float64": "float64", "String": "string"}
_ARROW: Final[dict[DType, Any]] = {
    "Int64": pa.int64(),
    "Float64": pa.float64(),
    "String": pa.string(),
    "Array(String)": pa.list_(pa.string()),
    "Array(Int64)": pa.list_(pa.int64()),
}


def build_features(tables: Tables, at: datetime | None = None) -> dict[str, pd.DataFrame]:
    """Every view by name, as it was at ``at`` (with a time zone), or from all rows where that is None.

    Each has one row an entity, sorted by it: the entity, ``event_timestamp`` (UTC, microseconds), the
    features. Views that say what a customer said or did hold from when the customer was last seen; those
    with ages and windows hold from the moment they were computed for.
    """
    snapshot = Snapshot.take(tables, at)
    seen, now = snapshot.last_seen, snapshot.now
    frames = {
        definitions.CUSTOMER_PROFILE: customer_profile(snapshot).assign(event_timestamp=seen),
        definitions.CUSTOMER_HISTORY: customer_history(snapshot).assign(event_timestamp=seen),
        definitions.CUSTOMER_ACTIVITY: customer_activity(snapshot).assign(event_timestamp=now),
        definitions.PRODUCT_STATISTICS: product_statistics(snapshot).assign(event_timestamp=now),
    }
    return {view.name: _as_defined(frames[view.name], view) for view in definitions.VIEWS}


def write_features(tables: Tables, folder: Path, at: datetime | None = None) -> dict[str, int]:
    """Write each view of :func:`build_features` as ``<view>.parquet``; the folder appears whole or not at all.

    Returns:
        Rows of each view.
    """
    frames = build_features(tables, at)
    with whole_folder(folder) as partial:
        for view in definitions.VIEWS:
            rows = pa.Table.from_pandas(frames[view.name], _schema(view), preserve_index=False)
            pq.write_table(rows, partial / f"{view.name}.parquet")
    return {name: len(frame) for name, frame in frames.items()}


def _schema(view: View) -> pa.Schema:
    """Types of a view's file: told, as a column without any value tells none."""
    features = [(feature.name, _ARROW[feature.dtype]) for feature in view.features]
    return pa.schema(
        [(view.entity, pa.string()), (definitions.EVENT_TIMESTAMP, pa.timestamp("us", tz="UTC")), *features]
    )


def _as_defined(frame: pd.DataFrame, view: View) -> pd.DataFrame:
    """Columns and types of the view's definition; what the data set lacks is missing, or an empty list."""
    columns = {feature.name: _column(frame, feature.name, feature.dtype) for feature in view.features}
    times = frame[definitions.EVENT_TIMESTAMP].dt.as_unit("us")
    named = pd.DataFrame({definitions.EVENT_TIMESTAMP: times, **columns}, index=frame.index)
    return named.rename_axis(view.entity).reset_index()


def _column(frame: pd.DataFrame, name: str, dtype: DType) -> "pd.Series[Any]":
    values = frame[name] if name in frame else pd.Series(None, index=frame.index, dtype=object)
    if dtype in _PANDAS:
        return values.astype(_PANDAS[dtype])
    lists = [[*value] if isinstance(value, list | np.ndarray) else [] for value in values]
    return pd.Series(lists, index=frame.index, dtype=object)
