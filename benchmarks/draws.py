"""Columns of Arrow drawn at once, of which the benchmarks' shops are made."""

from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from infrastructure import SECONDS_A_DAY

Columns = dict[str, Any]

BEGIN: Final = 1_672_531_200
"""Seconds since 1970 of 2023-01-01, when the drawn shops open."""
DAYS: Final = 2 * 365


def padded_ids(letter: str, begin: int, count: int) -> Any:
    """Identifiers of one length, in order."""
    numbers = pc.utf8_lpad(pc.cast(pa.array(np.arange(begin, begin + count)), pa.string()), 8, "0")
    return pc.binary_join_element_wise(pa.scalar(letter), numbers, "")


def power_law_ranks(size: int, count: int, power: float, rng: np.random.Generator) -> NDArray[np.int64]:
    """Numbers below ``size``, each drawn about as often as its rank to minus ``power``: int64[count]."""
    return (size * rng.random(count) ** (1 / (1 - power))).astype(np.int64)


def skewed(size: int, count: int, power: float, rng: np.random.Generator) -> Any:
    """As :func:`power_law_ranks`, in a shuffled order of how often they are drawn."""
    return pa.array(np.random.default_rng(size).permutation(size)[power_law_ranks(size, count, power, rng)])


def stamps(seconds: NDArray[np.int64]) -> Any:
    """Seconds since 1970 as times."""
    return pa.array(seconds * 1_000_000).cast(pa.timestamp("us", tz="UTC"))


def random_times(count: int, rng: np.random.Generator) -> Any:
    """Moments of the two years."""
    return stamps(BEGIN + rng.integers(0, DAYS * SECONDS_A_DAY, count))


def random_choices(values: list[Any], count: int, rng: np.random.Generator) -> Any:
    """Each value as likely as any other."""
    return pa.array(values).take(pa.array(rng.integers(0, len(values), count)))
