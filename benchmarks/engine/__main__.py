"""``python -m benchmarks.engine``: how long the champion's engine takes for one request, and what its size costs."""

import argparse
import os
import platform
import sys
import time
from pathlib import Path
from typing import Any, Final

import numpy as np

from benchmarks.champion import champions_bundle
from benchmarks.engine.enlarged import enlarged, moved
from benchmarks.engine.measure import exponent, times
from benchmarks.engine.report import figures
from infrastructure.command_line import exit_code, take_document, take_source
from infrastructure.documents import mark, publish
from infrastructure.files import write_json
from infrastructure.git import code_commit
from infrastructure.progress import note
from infrastructure.workspace import Workspace
from recommender.contract import columns as c
from recommender.contract.query import Query
from recommender.contract.tables import Tables
from recommender.data.sources.source import Source
from recommender.engine.engine import Engine
from recommender.engine.queries import queries_from_tables

MARK: Final = mark("figures of the engine", "make benchmark-engine")
_K: Final = 10
_CUSTOMERS: Final = 2_000
_SEED: Final = 0


def main(arguments: list[str] | None = None) -> int:
    """Measure, print and write; returns the exit code."""
    options = _parser().parse_args(arguments)
    return exit_code(lambda: _benchmark(options))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.engine", description=__doc__)
    take_source(parser)
    parser.add_argument("--rounds", type=int, default=5, help="how often each size is measured")
    parser.add_argument("--requests", type=int, default=500, help="requests a round")
    parser.add_argument("--products", type=int, nargs="*", default=[100_000, 1_000_000], help="drawn catalogues' sizes")
    take_document(parser)
    return parser


def _benchmark(options: argparse.Namespace) -> None:
    """Measure the champion at its own size and at others.

    Raises:
        BundleError: The data set has no champion, or it cannot be loaded.
        ConfigError: The document has no place for the figures.
    """
    workspace = Workspace.named(Source.load(options.source).name)
    bundle = champions_bundle(workspace)
    found = {"source": options.source.as_posix(), "bundle": bundle.name, **_measured(bundle, workspace, options)}
    write_json(workspace.benchmarks / "engine.json", found)
    publish(figures(found), MARK, options.write_docs)


def _measured(bundle: Path, workspace: Workspace, options: argparse.Namespace) -> dict[str, Any]:
    begin = time.perf_counter()
    engine = Engine.load(bundle)
    loaded = time.perf_counter() - begin
    asked = _queries(Tables.read(workspace.tables))
    rows = [_row("the champion's", engine, asked, options)]
    for products in options.products:
        larger = enlarged(engine, products, _SEED)
        rows.append(_row("drawn", larger, moved(asked, larger.catalogue, _SEED), options))
        del larger
    return {
        "k": _K,
        "customers": len(asked),
        "history": float(np.mean([len(query.products) for query in asked])),
        "rounds": options.rounds,
        "requests": options.requests,
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


def _row(name: str, engine: Engine, asked: list[Query], options: argparse.Namespace) -> dict[str, Any]:
    row = {
        "catalogue": name,
        "products": len(engine.catalogue),
        **times(engine, asked, options.rounds, options.requests).as_json(),
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


if __name__ == "__main__":
    sys.exit(main())
