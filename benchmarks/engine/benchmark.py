"""How long the champion's engine takes for one request, and what its size costs."""

import os
import platform
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from benchmarks.engine.enlarged import enlarged, moved
from benchmarks.engine.measure import champions_bundle, exponent, times
from infrastructure.documents import code_commit, publish, table
from infrastructure.files import write_json
from infrastructure.progress import note
from recommender.contract import columns as c
from recommender.contract.query import Query
from recommender.contract.tables import Tables
from recommender.engine.engine import Engine
from recommender.engine.queries import queries_from_tables
from settings.config import workspace_of

PAGE: Final = "figures-of-the-engine"
COMMAND: Final = "make benchmark-engine"
_TITLES: Final = ("catalogue", "products", "p50 ms", "p99 ms", "p50 ms of processor", "fastest round's p50 ms")
_K: Final = 10
_CUSTOMERS: Final = 2_000
_SEED: Final = 0


def benchmark_engine(source: Path, products: Sequence[int], rounds: int, requests: int, folder: Path | None) -> None:
    """Measure a data set's champion at its own size and at others, and publish the figures in ``folder``.

    Raises:
        BundleError: The data set has no champion, or it cannot be loaded.
    """
    workspace = workspace_of(source)
    bundle, tables = champions_bundle(workspace), Tables.read(workspace.tables)
    found = _measured(bundle, tables, products, rounds, requests)
    found = {"source": source.as_posix(), "bundle": bundle.name, **found}
    write_json(workspace.benchmarks / "engine.json", found)
    publish(engine_figures(found), PAGE, folder, COMMAND, found)


def _measured(bundle: Path, tables: Tables, products: Sequence[int], rounds: int, requests: int) -> dict[str, Any]:
    begin = time.perf_counter()
    engine = Engine.load(bundle)
    loaded = time.perf_counter() - begin
    asked = _queries(tables)
    rows = [_row("the champion's", engine, asked, rounds, requests)]
    for count in products:
        larger = enlarged(engine, count, _SEED)
        rows.append(_row("drawn", larger, moved(asked, larger.catalogue, _SEED), rounds, requests))
        del larger
    return {
        "k": _K,
        "customers": len(asked),
        "history": float(np.mean([len(query.products) for query in asked])),
        "rounds": rounds,
        "requests": requests,
        "load_seconds": round(loaded, 2),
        "processor": _processor(),
        "cores": os.cpu_count(),
        "load_average": round(os.getloadavg()[0], 1),
        "exponent": round(exponent([row["products"] for row in rows], [row["p50"] for row in rows]), 2)
        if len(rows) > 1
        else 0.0,
        "commit": code_commit(":/benchmarks"),
        "sizes": rows,
    }


def _row(name: str, engine: Engine, asked: list[Query], rounds: int, requests: int) -> dict[str, Any]:
    row = {
        "catalogue": name,
        "products": len(engine.catalogue),
        **times(engine, asked, rounds, requests).as_json(),
    }
    note("measured", **row)
    return row


def _queries(tables: Tables) -> list[Query]:
    """Customers with history, drawn."""
    uses = tables.transactions if tables.transactions is not None else tables.ratings
    ids = [] if uses is None else sorted(uses[c.CUSTOMER_ID].unique())
    drawn = np.random.default_rng(_SEED).permutation(len(ids))[:_CUSTOMERS]
    return queries_from_tables(tables, [ids[i] for i in drawn.tolist()], _SEED, _K)


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown")


def engine_figures(found: Mapping[str, Any]) -> str:
    """Markdown: facts and the table."""
    facts = [
        f"- bundle `{found['bundle']}` of `{found['source']}`; k = {found['k']}, one request at a time, with reasons",
        f"- {found['customers']:,} customers in turn, {found['history']:.1f} products of history each on average",
        f"- {found['rounds']} rounds of {found['requests']:,} requests; medians of the rounds' figures",
        f"- loaded in {found['load_seconds']:.2f} s, checksums included; one thread on {found['processor']}, load "
        f"average {found['load_average']:.1f} on {found['cores']} cores",
        f"- p50 grows with the {found['exponent']:.2f}th power of the number of products",
        f"- commit {found['commit']}",
    ]
    return "\n".join([*facts, "", table(_TITLES, map(_cells, found["sizes"]))])


def _cells(row: Mapping[str, Any]) -> tuple[str, ...]:
    times = (f"{row[name]:.2f}" for name in ("p50", "p99", "cpu50", "fastest"))
    return row["catalogue"], f"{row['products']:,}", *times
