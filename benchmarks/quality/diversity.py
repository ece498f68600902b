"""What ``model.diversity`` costs and gains: one fitted hybrid, evaluated with several values of the setting."""

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from benchmarks.quality.comparison import BenchmarkComparison
from benchmarks.quality.report import interval
from infrastructure.documents import code_commit, page_name, publish, table
from infrastructure.files import write_atomically, write_json
from infrastructure.progress import note, timed
from infrastructure.workspace import Workspace
from recommender.data.cleaning.prepare import prepare
from recommender.data.sources.ingest import ingest
from recommender.engine.engine import Engine
from recommender.engine.queries import queries_from_tables
from recommender.evaluation import metrics
from recommender.evaluation.list_quality import list_quality
from recommender.models.hybrid import Hybrid
from recommender.splits import split
from recommender.training.bundles import write_bundle
from settings.config import Config

VALUES: Final = (0.0, 0.1, 0.3, 0.5)

_NOTES: Final = """\
One hybrid, fitted without each customer's last product and asked with each value of `model.diversity`. Cost: NDCG less
that of the same customer's list at 0. Diversity: how often two products of a list differ in their category. Coverage:
share of the products in stock in any list. In brackets: 95 % bootstrap intervals over customers."""


@dataclass(frozen=True)
class Lists:
    """The answers at one value of the setting.

    Attributes:
        diversity: The setting.
        quality: What the lists are like: coverage and diversity, as ``recommender.evaluation.list_quality`` has them.
        ndcg: float64[customers].
    """

    diversity: float
    quality: Mapping[str, float]
    ndcg: NDArray[np.float64]


def benchmark_diversity(source: Path, config: Config, folder: Path | None = None) -> str:
    """Measure lists at each of ``VALUES``; write ``diversity.md`` and ``.json``, and a page of figures into ``folder``.

    Returns:
        The Markdown page.

    Raises:
        DataError: The data cannot be used.
    """
    raw = ingest(source)
    comparison = BenchmarkComparison(split(prepare(raw, config).tables, config), config)
    found = {"name": raw.name, "source": source.as_posix(), "commit": code_commit(), **measure_diversity(comparison)}
    target = Workspace.named(raw.name).benchmarks / "diversity.md"
    write_atomically(target, f"{_page(found)}\n".encode())
    write_json(target.with_suffix(".json"), found)
    note(f"wrote {target}, {target.with_suffix('.json').name}")
    if folder:
        publish(_figures(found), f"quality/{page_name(f'diversity of {raw.name}')}", folder, "make benchmark-diversity")
    return _page(found)


def measure_diversity(comparison: BenchmarkComparison) -> dict[str, Any]:
    """Every figure of a comparison, as JSON keeps it."""
    hybrid, _ = comparison.fit_hybrid()
    first, *others = (_lists_at(comparison, hybrid, value) for value in VALUES)
    return {
        "seed": comparison.config.seed,
        "k": comparison.config.evaluation.k,
        "tested": len(comparison.customer_ids),
        "rows": [_row(lists, first, comparison) for lists in (first, *others)],
    }


def _lists_at(comparison: BenchmarkComparison, hybrid: Hybrid, diversity: float) -> Lists:
    """The engine's lists at one value of the setting."""
    settings = hybrid.generator.settings.model_copy(update={"diversity": diversity})
    changed = Hybrid(replace(hybrid.generator, settings=settings), hybrid.ranker)
    k, customers = comparison.config.evaluation.k, comparison.customer_ids
    with tempfile.TemporaryDirectory() as folder, timed("recommended with diversity", value=diversity):
        write_bundle(Path(folder) / "bundle", changed, comparison.data, comparison.config)
        engine = Engine.load(Path(folder) / "bundle")
        queries = queries_from_tables(comparison.split.train, customers, comparison.config.seed, k)
        answers = engine.recommend(queries, reasons=False)
        lists = [engine.catalogue.positions(item.product_id for item in answer.items) for answer in answers]
    ranks = comparison.places(lists)
    owned = np.split(comparison.tested_histories.products.astype(np.int64), comparison.tested_histories.starts[1:-1])
    quality = list_quality(lists, owned, comparison.statistics)
    return Lists(diversity, quality, metrics.ndcg(ranks, k, comparison.owners))


def _row(lists: Lists, first: Lists, comparison: BenchmarkComparison) -> dict[str, Any]:
    """Figures of one value; ``first`` is that of the value to compare with."""
    resamples, seed = comparison.config.evaluation.resamples, comparison.config.seed
    cost = metrics.mean_interval(lists.ndcg - first.ndcg, resamples, seed, -1)
    return {
        "value": lists.diversity,
        "ndcg": asdict(metrics.mean_interval(lists.ndcg, resamples, seed)),
        "cost": asdict(cost),
        "diversity": lists.quality["diversity"],
        "coverage": lists.quality["coverage"],
    }


def _page(found: Mapping[str, Any]) -> str:
    return f"# Diversity on {found['name']}\n\n{_figures(found)}"


def _figures(found: Mapping[str, Any]) -> str:
    titles = ["`model.diversity`", f"NDCG@{found['k']}", "cost in NDCG", "diversity of a list", "coverage"]
    facts = [
        f"- source `{found['source']}`; {found['tested']:,} customers; seed {found['seed']}",
        f"- commit {found['commit']}",
    ]
    rows = table(titles, map(_cells, found["rows"]))
    return "\n\n".join(["\n".join(facts), rows, _NOTES])


def _cells(row: Mapping[str, Any]) -> Iterator[str]:
    yield f"{row['value']:g}"
    yield interval(row["ndcg"])
    yield interval(row["cost"], "+") if row["value"] else "–"
    yield f"{row['diversity']:.3f}"
    yield f"{row['coverage']:.1%}"
