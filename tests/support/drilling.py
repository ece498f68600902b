"""Traffic on a served Bento, and what a drill does to it."""

import os
import shutil
import statistics
import threading
import time
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psutil

from infrastructure.files import write_json

CONNECTIONS = 16
WORKERS = 2
CONNECTION_BROKE = 0
PREDICT = "/v1/models/recommender:predict"


@dataclass(frozen=True)
class Answer:
    """One request's: an HTTP status, or ``CONNECTION_BROKE``."""

    seconds: float
    status: int
    predictions: list[dict] = field(default_factory=list)
    retry_after: str | None = None


@dataclass
class Traffic:
    """Threads that ask for the same three customers without a pause."""

    address: str
    body: dict
    answers: list[Answer] = field(default_factory=list)
    _stopping: threading.Event = field(default_factory=threading.Event)

    def run(self):
        with httpx.Client(base_url=self.address, timeout=30) as client:
            while not self._stopping.is_set():
                self.answers.append(self.ask(client))

    def ask(self, client: httpx.Client) -> Answer:
        start = time.perf_counter()
        try:
            answer = client.post(PREDICT, json=self.body)
        except httpx.TransportError:
            return Answer(time.perf_counter() - start, CONNECTION_BROKE)
        seconds = time.perf_counter() - start
        predictions = answer.json()["predictions"] if answer.status_code == 200 else []
        return Answer(seconds, answer.status_code, predictions, answer.headers.get("retry-after"))

    def stop(self):
        self._stopping.set()

    @property
    def failed(self) -> list[Answer]:
        """Answers that are neither one nor an honest refusal."""
        return [answer for answer in self.answers if answer.status not in (200, 503)]

    @property
    def refused(self) -> list[Answer]:
        return [answer for answer in self.answers if answer.status == 503]

    def wait_for(self, more: int):
        """Until so many more answers have come."""
        goal = len(self.answers) + more
        wait_until(lambda: len(self.answers) >= goal)

    def figures(self, drill: str, recovery: float | None = None) -> dict:
        times = sorted(1000 * answer.seconds for answer in self.answers if answer.status == 200)
        first = [answer.predictions[0] for answer in self.answers if answer.predictions]
        return {
            "drill": drill,
            "requests": len(self.answers),
            "failed": len(self.failed),
            "refused": len(self.refused),
            "fallback": sum(prediction["fallback"] == "store_unavailable" for prediction in first),
            "p50": statistics.median(times),
            "p99": statistics.quantiles(times, n=100)[98],
            "recovery": recovery,
        }


BODY = {"instances": [{"customer_id": name, "k": 10} for name in ("ann", "bob", "cyd")]}


@contextmanager
def traffic(address: str, connections: int = CONNECTIONS, body: dict = BODY):
    """Traffic for as long as the block takes, and until every thread has its last answer."""
    running = Traffic(address, body)
    threads = [threading.Thread(target=running.run, daemon=True) for _ in range(connections)]
    for thread in threads:
        thread.start()
    try:
        running.wait_for(50)
        yield running
    finally:
        running.stop()
        for thread in threads:
            thread.join(timeout=60)


def wait_until(true: Callable[[], bool], seconds: float = 60) -> float:
    """Seconds until ``true()``; fails when that takes too long."""
    start = time.monotonic()
    while not true():
        assert time.monotonic() - start < seconds, "it did not happen in time"
        time.sleep(0.02)
    return time.monotonic() - start


def workers() -> set[int]:
    """The answering processes of the Bento that this process serves."""
    children = psutil.Process(os.getpid()).children(recursive=True)
    return {child.pid for child in children if "worker" in " ".join(_words(child))}


def _words(process):
    try:
        return process.cmdline() if process.status() != psutil.STATUS_ZOMBIE else []
    except psutil.NoSuchProcess:
        return []


def point(pointer: Path, bundle: Path) -> None:
    """Name a bundle the champion, in one rename, as a run does."""
    write_json(pointer, {"bundle": str(bundle)})


def copied(bundle: Path, target: Path) -> Path:
    shutil.copytree(bundle, target)
    return target


def counted(address: str, metric: str) -> float:
    """The value of a metric's line, 0 where there is none yet."""
    lines = httpx.get(f"{address}/metrics", timeout=10).text.splitlines()
    return sum(float(line.rsplit(" ", 1)[1]) for line in lines if line.startswith(metric))
