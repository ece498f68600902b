"""How often a product's score falls without the cause that its reason names."""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from benchmarks.engine.measure import champions_bundle
from benchmarks.reasons.causes import fallen
from infrastructure.documents import code_commit, page_name, publish, table
from infrastructure.files import write_json
from infrastructure.workspace import Workspace
from recommender.contract import columns as c
from recommender.contract.query import Query
from recommender.contract.tables import Tables
from recommender.data.sources.description.source import Source
from recommender.engine.engine import Engine
from recommender.engine.queries import queries_from_tables
from recommender.models.model_data import first_interactions

COMMAND: Final = "make benchmark-reasons"
_SEED: Final = 0
_K: Final = 10


def benchmark_reasons(source: Path, customers: int, folder: Path | None) -> None:
    """Measure a data set's champion for customers drawn by the seed, and publish the figures in ``folder``.

    Raises:
        BundleError: The data set has no champion, or it cannot be loaded.
    """
    name = Source.load(source).name
    workspace = Workspace.named(name)
    engine = Engine.load(champions_bundle(workspace))
    asked = _queries(Tables.read(workspace.tables), customers)
    found = {"source": source.as_posix(), "bundle": engine.version, **counted(engine, asked)}
    write_json(workspace.benchmarks / "reasons.json", found)
    publish(reasons_figures(found), f"quality/{page_name(f'reasons of {name}')}", folder, COMMAND, found)


def counted(engine: Engine, asked: Sequence[Query]) -> dict[str, Any]:
    """How many reasons of each kind were put to the test, and without how many causes the product fell."""
    alone = [Query(query.customer_id, query.k, profile=query.profile) for query in asked]
    told = {"history": Counter(fallen(engine, asked)), "profile": Counter(fallen(engine, alone))}
    return {
        "customers": len(asked),
        "k": _K,
        "reasons": [
            {"by": by, "kind": kind, "asked": counts[kind, True] + counts[kind, False], "fell": counts[kind, True]}
            for by, counts in told.items()
            for kind in sorted({kind for kind, _ in counts})
        ],
        "commit": code_commit(":/benchmarks"),
    }


def reasons_figures(found: Mapping[str, Any]) -> str:
    """Markdown: facts and the table."""
    facts = (
        f"- bundle `{found['bundle']}` of `{found['source']}`; {found['customers']:,} customers drawn by the seed, "
        f"{found['k']} products each\n- commit {found['commit']}"
    )
    titles = ("asked with", "reason", "reasons", "score fell without the cause")
    rows = (
        (row["by"], row["kind"], f"{row['asked']:,}", f"{row['fell'] / row['asked']:.1%}") for row in found["reasons"]
    )
    return f"{facts}\n\n{table(titles, rows, align='llrr')}"


def _queries(tables: Tables, most: int) -> list[Query]:
    customers = first_interactions(tables, _SEED)[c.CUSTOMER_ID].unique()
    drawn = np.random.default_rng(_SEED).permutation(sorted(customers))[:most]
    return queries_from_tables(tables, sorted(drawn.tolist()), _SEED, _K)
