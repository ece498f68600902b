"""``make benchmark-collector``: events a second that the collector takes, beside plain inserts by the same driver."""

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

from benchmarks.drift_demo.services import READY_SECONDS, free_port
from feedback.collector import Collector
from feedback.database import Database, sqlite
from feedback.event_log import EventLog
from infrastructure.documents import publish
from infrastructure.git import code_commit
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
class Row:
    """One event as an app sends it."""

    event_id: str
    customer_id: str
    type: str
    product_id: str
    time: float


def benchmark(folder: Path | None) -> None:
    """Measure both by turns, and publish the medians in ``folder``."""
    rounds = [(_plain(), _collected()) for _ in range(ROUNDS)]
    publish(told(rounds), PAGE, folder, COMMAND)


def told(rounds: list[tuple[float, float]]) -> str:
    """Rounds of (plain, collected) events a second, in words."""
    plain, collected = (statistics.median(each) for each in zip(*rounds, strict=True))
    ratio = statistics.median(ours / theirs for theirs, ours in rounds)
    return (
        f"{collected:,.0f} events a second over HTTP in requests of {BATCH}, one sender, on disk before each answer: "
        f"{ratio:.2f} of the {plain:,.0f} that plain inserts of such batches by the same driver come to (SQLite; "
        f"medians of {len(rounds)} rounds of {BATCHES * BATCH:,} events, both by turns; "
        f"commit `{code_commit(*_SOURCES)}`)."
    )


def _batches() -> Iterator[list[Row]]:
    for batch in range(BATCHES):
        yield [Row(f"e{batch}-{i}", f"c{i}", "view", f"p{i % 50}", _NOW + i) for i in range(BATCH)]


def _plain() -> float:
    """Events a second of plain inserts, a commit a batch."""
    with tempfile.TemporaryDirectory() as folder:
        database: Database = sqlite(Path(folder) / "plain.db")
        with closing(database.connect()) as connection:
            connection.execute(_TABLE)
            marks = ", ".join([database.mark] * len(fields(Row)))

            def send(rows: list[Row]) -> None:
                connection.executemany(f"INSERT INTO plain VALUES ({marks})", [astuple(row) for row in rows])  # noqa: S608 (marks)
                connection.commit()

            return _rate(send)


def _collected() -> float:
    """Events a second of requests to a collector of its own."""
    with tempfile.TemporaryDirectory() as folder, _serving(Path(folder) / "log.db") as client:

        def send(rows: list[Row]) -> None:
            events = [asdict(row) for row in rows]
            answer = client.post("/v1/events", content=json.dumps({"events": events}))
            if answer.json()["accepted"] != len(rows):
                raise RuntimeError(f"the collector took less than it was sent: {answer.text}")

        return _rate(send)


def _rate(send: Callable[[list[Row]], None]) -> float:
    batches = list(_batches())
    begun = time.perf_counter()
    for rows in batches:
        send(rows)
    return len(batches) * BATCH / (time.perf_counter() - begun)


@contextmanager
def _serving(log: Path) -> Generator[httpx.Client]:
    """A collector that listens on a free port, in a process of its own, and a client of it."""
    port = free_port()
    process = multiprocessing.get_context("spawn").Process(target=_serve, args=(log, port), daemon=True)
    process.start()
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
            _await(client)
            yield client
    finally:
        process.terminate()
        process.join()


def _serve(log: Path, port: int) -> None:
    app = Collector(EventLog(log), CollectorSettings()).app()
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning", access_log=False)


def _await(client: httpx.Client) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while True:
        try:
            client.get("/health/ready").raise_for_status()
        except httpx.HTTPError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return
