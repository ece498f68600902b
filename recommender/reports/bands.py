"""Numbers gathered into few bands with readable names, for plots of skewed quantities.

Empty bands at both ends are left out.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pandas as pd

from recommender.reports import wording


def whole_bands(values: pd.Series, starts: Sequence[int]) -> pd.Series:
    """How many whole numbers fall in each band; the index names the bands ("1", "3 to 4", "50+").

    ``starts`` are the lowest numbers of the bands, ascending; no value is below the first.
    """
    ends = [start - 1 for start in starts[1:]]
    names = [wording.span(a, b) for a, b in zip(starts, ends, strict=False)]
    return _counts(values, starts, [*names, f"{starts[-1]}+"])


def price_bands(prices: pd.Series) -> pd.Series:
    """How many prices fall in each band of a 1-2-5 series that fits their size; the index names the bands."""
    low, high = np.log10(prices.quantile([0.02, 0.98]).to_numpy(dtype=float))
    powers = np.arange(np.floor(low), np.ceil(high) + 1)
    steps = np.sort(np.concatenate([10.0**powers, 2 * 10.0**powers, 5 * 10.0**powers]))
    inner = steps[(steps > 10**low) & (steps < 10**high)]
    if not len(inner):
        inner = steps[-1:]
    names = [wording.span(a, b) for a, b in pairwise(inner)]
    return _counts(
        prices, [-np.inf, *inner], [f"under {wording.plain(inner[0])}", *names, f"{wording.plain(inner[-1])}+"]
    )


def _counts(values: pd.Series, starts: Sequence[float], names: list[str]) -> pd.Series:
    band = np.searchsorted(np.asarray(starts, dtype=float), values.to_numpy(dtype=float), side="right") - 1
    counts = pd.Series(np.bincount(band, minlength=len(starts)), index=names)
    filled = np.flatnonzero(counts)
    return counts.iloc[filled[0] : filled[-1] + 1]
