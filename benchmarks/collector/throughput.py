"""``make benchmark-collector``: the collector's events per second, beside plain inserts by the same driver."""

import json
import multiprocessing
import statistics
import tempfile
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, astuple, dataclass, fields
from pathlib import Path
from typing import Final

import httpx
import uvicorn

from benchmarks.drift_demo.services import READY_SECONDS
from deployment.errors import with_retries
from feedback.collector import Collector
from feedback.database import Database, sqlite
from feedback.event_log import EventLog
from infrastructure.documents import code_commit, publish
from serving.packaging.process import free_port
from settings.monitoring import CollectorSettings

#: Folders that the figures follow from besides the domain.
_SOURCES: Final = (":/feedback", ":/benchmarks")
PAGE: Final = "rate-of-the-collector"
COMMAND: Final = "make benchmark-collector"
BATCHES: Final = 40
BATCH: Final = 500
ROUNDS: Final = 5
_NOW: Final = 1_750_000_000.0
_TABLE: Final = "CREATE TABLE plain (event_id TEXT UNIQUE, customer_id TEXT, type TEXT, product_id TEXT, time REAL)"


@dataclass(frozen=True, slots=True)
class SentEvent:
    """One event as an app sends it."""

    event_id: str
    customer_id: str
    type: str
    product_id: str
    time: float


def measure_collector(folder: Path | None) -> None:
    """Measure both by turns, and publish the medians in ``folder``."""
    rounds = [(_plain(), _collected()) for _ in range(ROUNDS)]
    publish(throughput_text(rounds), PAGE, folder, COMMAND)


def throughput_text(rounds: list[tuple[float, float]]) -> str:
    """Rounds of (plain, collected) events per second, in words."""
    plain, collected = (statistics.median(rates) for rates in zip(*rounds, strict=True))
    ratio = statistics.median(ours / theirs for theirs, ours in rounds)
    return (
        f"{collected:,.0f} events a second over HTTP in requests of {BATCH}, one sender, on disk before each answer: "
        f"{ratio:.2f} of the {plain:,.0f} that plain inserts of such batches by the same driver come to (SQLite; "
        f"medians of {len(rounds)} rounds of {BATCHES * BATCH:,} events, both by turns; "
        f"commit `{code_commit(*_SOURCES)}`)."
    )


def _batches() -> Iterator[list[SentEvent]]:
    for batch in range(BATCHES):
        yield [SentEvent(f"e{batch}-{i}", f"c{i}", "view", f"p{i % 50}", _NOW + i) for i in range(BATCH)]


def _plain() -> float:
    """Events per second of plain inserts, with a commit per batch."""
    with tempfile.TemporaryDirectory() as folder:
        database: Database = sqlite(Path(folder) / "plain.db")
        with closing(database.connect()) as connection:
            connection.execute(_TABLE)
            marks = ", ".join([database.placeholder] * len(fields(SentEvent)))

            def send(rows: list[SentEvent]) -> None:
                connection.executemany(f"INSERT INTO plain VALUES ({marks})", [astuple(row) for row in rows])  # noqa: S608 (marks)
                connection.commit()

            return _rate(send)


def _collected() -> float:
    """Events per second of requests to a collector."""
    with tempfile.TemporaryDirectory() as folder, _serving(Path(folder) / "log.db") as client:

        def send(rows: list[SentEvent]) -> None:
            events = [asdict(row) for row in rows]
            answer = client.post("/v1/events", content=json.dumps({"events": events}))
            if answer.json()["accepted"] != len(rows):
                raise RuntimeError(f"the collector took less than it was sent: {answer.text}")

        return _rate(send)


def _rate(send: Callable[[list[SentEvent]], None]) -> float:
    batches = list(_batches())
    begun = time.perf_counter()
    for rows in batches:
        send(rows)
    return len(batches) * BATCH / (time.perf_counter() - begun)


@contextmanager
def _serving(log: Path) -> Generator[httpx.Client]:
    """A client of a collector that runs in another process on a free port."""
    port = free_port()
    process = multiprocessing.get_context("spawn").Process(target=_serve, args=(log, port), daemon=True)
    process.start()
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
            with_retries(
                lambda: client.get("/health/ready").raise_for_status(), READY_SECONDS, pause=0.05, on=httpx.HTTPError
            )
            yield client
    finally:
        process.terminate()
        process.join()


def _serve(log: Path, port: int) -> None:
    app = Collector(EventLog(log), CollectorSettings()).app()
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning", access_log=False)
