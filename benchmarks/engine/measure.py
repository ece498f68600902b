"""The measured engine, that of a data set's champion, and how long single requests to it take."""

import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import cycle, islice
from pathlib import Path

import numpy as np

from infrastructure.errors import BundleError
from infrastructure.workspace import Workspace
from recommender.contract.query import Query
from recommender.engine.engine import Engine


def champions_bundle(workspace: Workspace) -> Path:
    """The champion's bundle.

    Raises:
        BundleError: There is no champion.
    """
    champion = workspace.champion()
    if champion is None:
        where = str(workspace.champion_file)
        raise BundleError("There is no champion to measure.", where=where, expected="a completed run: make run")
    return workspace.root / champion["bundle"]


@dataclass(frozen=True)
class RequestTimes:
    """Milliseconds of a request; medians over rounds of each round's figure.

    Attributes:
        p50: By the clock.
        p99: By the clock.
        cpu50: By the processor: on a busy machine the clock also counts what others do meanwhile.
        fastest: The fastest round's median by the clock: nearest to what an idle machine would show.
    """

    p50: float
    p99: float
    cpu50: float
    fastest: float

    def as_json(self) -> dict[str, float]:
        """Rounded to microseconds."""
        return {name: round(value, 3) for name, value in asdict(self).items()}


def times(engine: Engine, queries: Sequence[Query], rounds: int, requests: int) -> RequestTimes:
    """Ask one customer after the other, in ``rounds`` rounds of ``requests`` requests, after some that do not count."""
    asked = cycle(queries)
    for query in islice(asked, requests // 10):
        engine.recommend([query])
    taken = np.array([[_taken(engine, query) for query in islice(asked, requests)] for _ in range(rounds)]) * 1000
    clock, cpu = taken[:, :, 0], taken[:, :, 1]
    halves = np.median(clock, axis=1)
    return RequestTimes(
        p50=float(np.median(halves)),
        p99=float(np.median(np.percentile(clock, 99, axis=1))),
        cpu50=float(np.median(np.median(cpu, axis=1))),
        fastest=float(halves.min()),
    )


def _taken(engine: Engine, query: Query) -> tuple[float, float]:
    """Seconds of one request by the clock and by the processor."""
    clock, cpu = time.perf_counter(), time.thread_time()
    engine.recommend([query])
    return time.perf_counter() - clock, time.thread_time() - cpu


def exponent(sizes: Sequence[int], taken: Sequence[float]) -> float:
    """By which power of the size the time grows: the slope of a line through their logarithms."""
    return float(np.polyfit(np.log(sizes), np.log(taken), 1)[0])
