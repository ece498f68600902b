"""How the raw tables write times, ids, lists and gaps."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommender.synthetic.simulation import Bools

Cells = NDArray[np.object_]


def iso_times(seconds: NDArray[np.int64]) -> Cells:
    """Seconds since 1970 as texts such as ``2025-06-30T12:00:00Z``."""
    return np.char.add(np.datetime_as_string(seconds.astype("datetime64[s]")), "Z").astype(object)


def iso_dates(days: NDArray[np.int32]) -> Cells:
    """Days since 1970 as texts such as ``2025-06-30``."""
    return np.datetime_as_string(days.astype("datetime64[D]")).astype(object)


def numbered_ids(prefix: str, count: int) -> Cells:
    """Ids ``<prefix>0000000``, ``<prefix>0000001``, and so on."""
    return cells([f"{prefix}{i:07d}" for i in range(count)])


def cells(values: Sequence[Any]) -> Cells:
    """One cell a value, lists included (numpy alone would make a matrix of lists of one length)."""
    found = np.empty(len(values), object)
    found[:] = values
    return found


def blanked(values: Cells, missing: Bools) -> Cells:
    """``values`` with None where ``missing``."""
    found = values.copy()
    found[missing] = None
    return found
