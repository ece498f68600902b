"""From a source to the written table."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.quality.aggregation import check_draws, mean_over_draws, mean_over_folds
from benchmarks.quality.comparison import BenchmarkComparison
from benchmarks.quality.report import file_stem, page_of, quality_figures, quality_page
from benchmarks.quality.results import BenchmarkResult, benchmark_models
from infrastructure.documents import code_commit, publish
from infrastructure.errors import DataError
from infrastructure.files import write_atomically, write_json
from infrastructure.progress import note
from infrastructure.workspace import Workspace
from recommender.data.cleaning.prepare import prepare
from recommender.data.raw_tables import RawTables
from recommender.data.sources.ingest import ingest
from recommender.splits import folds
from settings.config import Config


def benchmark_quality(
    source: Path, config: Config, folder: Path | None = None, draws: int = 1, *, tuned: bool = False
) -> str:
    """Measure every model alone and the hybrid; write ``quality_<split>.md`` and ``.json``.

    Args:
        source: YAML file of the data set.
        config: Every parameter; ``evaluation.split`` says what is held out.
        folder: Folder of pages of figures that gets one with these, too.
        draws: How often the split is drawn, with the seed and those that follow it; each draw fits everything anew.
        tuned: Choose the settings for each draw (or fold) anew, beginning with ``config``, on what it leaves to learn
            from alone.

    Returns:
        The Markdown page.

    Raises:
        DataError: The data cannot be used, or not be split in this way.
        ConfigError: The split draws nothing.
    """
    raw = ingest(source)
    found = {
        "name": raw.name,
        "source": source.as_posix(),
        "commit": code_commit(),
        "kind": config.evaluation.split,
        **_measured(raw, config, draws, tuned),
    }
    target = Workspace.named(raw.name).benchmarks / f"{file_stem(found)}.md"
    write_atomically(target, f"{quality_page(found)}\n".encode())
    write_json(target.with_suffix(".json"), found)
    note(f"wrote {target}, {target.with_suffix('.json').name}")
    if folder:
        publish(quality_figures(found), page_of(raw.name, found), folder, "make benchmark-quality")
    return quality_page(found)


def _measured(raw: RawTables, config: Config, draws: int, tuned: bool) -> dict[str, Any]:
    """Every figure, as JSON keeps it."""
    resamples, seed = config.evaluation.resamples, config.seed
    each = [*map(_tuned if tuned else benchmark_models, _trials(raw, config, draws))]
    if draws > 1:
        return mean_over_draws(each).figures(resamples, seed)
    found = [one.figures(resamples, seed) for one in each]
    return mean_over_folds(found) if config.evaluation.split == "rolling" else found[0]


def _tuned(comparison: BenchmarkComparison) -> BenchmarkResult:
    from benchmarks.quality.tuned import benchmark_tuned_models  # imports Optuna, which only tuning needs

    return benchmark_tuned_models(comparison)


def _trials(raw: RawTables, config: Config, draws: int) -> Iterator[BenchmarkComparison]:
    """The folds of each draw; a draw is what a run with its seed alone would have."""
    for seed in range(config.seed, config.seed + max(draws, 1)):
        drawn = config.model_copy(update={"seed": seed})
        if draws > 1:
            note(f"draw {seed - config.seed + 1} of {draws}", seed=seed)
        for part in folds(prepare(raw, drawn).tables, drawn):
            comparison = BenchmarkComparison(part, drawn)
            check_draws(comparison, draws)
            yield _tested(comparison)


def _tested(comparison: BenchmarkComparison) -> BenchmarkComparison:
    """``comparison``, if it tests anybody."""
    if not comparison.split.customer_ids:
        raise DataError(
            "With this split nobody can be tested.",
            field="evaluation.minimum_history",
            value=comparison.config.evaluation.minimum_history,
            expected="at most the products of some customer",
        )
    return comparison
