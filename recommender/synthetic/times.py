"""Times as the raw tables write them: ISO 8601 texts in UTC."""

import numpy as np
from numpy.typing import NDArray

SECONDS_A_DAY = 86_400


def iso_times(seconds: NDArray[np.int64]) -> NDArray[np.object_]:
    """Seconds since 1970 as texts such as ``2025-06-30T12:00:00Z``."""
    return np.char.add(np.datetime_as_string(seconds.astype("datetime64[s]")), "Z").astype(object)


def iso_dates(days: NDArray[np.int32]) -> NDArray[np.object_]:
    """Days since 1970 as texts such as ``2025-06-30``."""
    return np.datetime_as_string(days.astype("datetime64[D]")).astype(object)


def numbered(prefix: str, count: int) -> NDArray[np.object_]:
    """Ids ``<prefix>0000000``, ``<prefix>0000001``, and so on."""
    return np.array([f"{prefix}{i:07d}" for i in range(count)], object)
