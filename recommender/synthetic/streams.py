"""Random streams by name, so that drawing more of one thing never reshuffles another."""

from zlib import crc32

import numpy as np


def stream(seed: int, *names: str | int) -> np.random.Generator:
    """The generator that belongs to ``seed`` and ``names``; the same ones always give the same draws."""
    key = tuple(crc32(str(name).encode()) for name in names)
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=key)))
