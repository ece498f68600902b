"""From a source to the written table."""

from pathlib import Path
from typing import Any

from recommender.commit import commit
from recommender.config import Config
from recommender.data.ingest import ingest
from recommender.data.prepare import prepare
from recommender.evaluation.benchmark.result import Measure
from recommender.evaluation.benchmark.table import page
from recommender.evaluation.benchmark.trial import Trial
from recommender.evaluation.split import split
from recommender.files import write_json, write_whole
from recommender.progress import note
from recommender.workspace import Workspace


def benchmark(source: Path, config: Config) -> str:
    """Measure every model family alone and the hybrid; write ``quality.md`` and ``quality.json``.

    Returns:
        The Markdown page.

    Raises:
        DataError: The data cannot be used.
    """
    raw = ingest(source)
    trial = Trial(split(prepare(raw, config.cleaning).tables, config), config)
    found = {"name": raw.name, "source": source.as_posix(), "commit": commit(), **measured(trial)}
    target = Workspace.named(raw.name).benchmarks / "quality.md"
    write_whole(target, f"{page(found)}\n".encode())
    write_json(target.with_suffix(".json"), found)
    note(f"wrote {target}, {target.with_suffix('.json').name}")
    return page(found)


def measured(trial: Trial) -> dict[str, Any]:
    """Every figure of a trial, as JSON keeps it."""
    settings = trial.config.evaluation
    results = [*trial.of_families()]
    hybrid, seconds = trial.fit_hybrid()
    results.append(trial.of_hybrid(hybrid, seconds))
    measure = Measure(settings.k, settings.resamples, trial.config.seed, trial.slices)
    return {
        "split": "leave last out" if trial.dated else "leave one out (no dates: drawn by the seed)",
        "seed": trial.config.seed,
        "k": settings.k,
        "tested": len(trial.parted.test),
        "products": len(trial.data.catalogue),
        "purchases": len(trial.known.products),
        "sizes": {name: int(mask.sum()) for name, mask in trial.slices.items()},
        "trees": hybrid.ranker.model.num_trees() if hybrid.ranker else 0,
        "models": [measure.row(result, results[-1]) for result in results],
    }
