"""From a source to the written table."""

from pathlib import Path
from typing import Any

from recommender.commit import commit
from recommender.config import Config
from recommender.data.ingest import ingest
from recommender.data.prepare import prepare
from recommender.evaluation.benchmark.documents import write_figures
from recommender.evaluation.benchmark.folds import over_folds
from recommender.evaluation.benchmark.ratings import rating_errors
from recommender.evaluation.benchmark.table import figures, page
from recommender.evaluation.benchmark.trial import Trial
from recommender.evaluation.split import folds
from recommender.files import write_json, write_whole
from recommender.progress import note
from recommender.workspace import Workspace


def benchmark(source: Path, config: Config, document: Path | None = None) -> str:
    """Measure every model family alone and the hybrid; write ``quality_<split>.md`` and ``.json``.

    Args:
        source: YAML file of the data set.
        config: Every parameter; ``evaluation.split`` says what is held out.
        document: Markdown file that takes up the figures between its marks.

    Returns:
        The Markdown page.

    Raises:
        DataError: The data cannot be used, or not be split in this way.
        ConfigError: The document has no place for the figures.
    """
    raw = ingest(source)
    parts = folds(prepare(raw, config).tables, config)
    each = [measured(Trial(part, config)) for part in parts]
    found = {
        "name": raw.name,
        "source": source.as_posix(),
        "commit": commit(),
        "kind": config.evaluation.split,
        **(over_folds(each) if config.evaluation.split == "rolling" else each[0]),
    }
    target = Workspace.named(raw.name).benchmarks / f"quality_{config.evaluation.split}.md"
    write_whole(target, f"{page(found)}\n".encode())
    write_json(target.with_suffix(".json"), found)
    note(f"wrote {target}, {target.with_suffix('.json').name}")
    if document:
        write_figures(document, raw.name, config.evaluation.split, figures(found))
        note(f"wrote {document}")
    return page(found)


def measured(trial: Trial) -> dict[str, Any]:
    """Every figure of a trial, as JSON keeps it."""
    results = [*trial.of_families()]
    hybrid, seconds = trial.fit_hybrid()
    results.append(trial.of_hybrid(hybrid, seconds))
    measure = trial.measure
    return {
        "split": trial.described,
        "seed": trial.config.seed,
        "k": measure.k,
        "tested": len(trial.parted.customer_ids),
        "held_out": len(trial.held_out),
        "products": len(trial.data.catalogue),
        "purchases": len(trial.known.products),
        "sizes": {name: int(mask.sum()) for name, mask in trial.slices.items()},
        "trees": len(hybrid.ranker.trees) if hybrid.ranker else 0,
        "models": [measure.row(result, results[-1]) for result in results],
        "ratings": rating_errors(trial),
    }
