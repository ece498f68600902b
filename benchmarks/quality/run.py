"""From a source to the written table."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.quality.documents import stem, way, write_figures
from benchmarks.quality.draws import check_drawn, over_draws
from benchmarks.quality.folds import over_folds
from benchmarks.quality.outcome import Outcome, outcome
from benchmarks.quality.table import figures, page
from infrastructure.errors import DataError
from infrastructure.files import write_json, write_whole
from infrastructure.git import commit
from infrastructure.progress import note
from infrastructure.workspace import Workspace
from recommender.data.cleaning.prepare import prepare
from recommender.data.raw_tables import RawTables
from recommender.data.sources.ingest import ingest
from recommender.evaluation.baselines.result import Figures
from recommender.evaluation.baselines.trial import Trial
from recommender.splits import folds
from settings.config import Config


def benchmark(
    source: Path, config: Config, document: Path | None = None, draws: int = 1, *, tuned: bool = False
) -> str:
    """Measure every model family alone and the hybrid; write ``quality_<split>.md`` and ``.json``.

    Args:
        source: YAML file of the data set.
        config: Every parameter; ``evaluation.split`` says what is held out.
        document: Markdown file that takes up the figures between its marks.
        draws: How often the split is drawn, with the seed and those that follow it; each draw fits everything anew.
        tuned: Choose the settings for each draw (or fold) anew, beginning with ``config``, on what it leaves to learn
            from alone.

    Returns:
        The Markdown page.

    Raises:
        DataError: The data cannot be used, or not be split in this way.
        ConfigError: The document has no place for the figures, or the split draws nothing.
    """
    raw = ingest(source)
    found = {
        "name": raw.name,
        "source": source.as_posix(),
        "commit": commit(),
        "kind": config.evaluation.split,
        **_measured(raw, config, draws, tuned),
    }
    target = Workspace.named(raw.name).benchmarks / f"{stem(found)}.md"
    write_whole(target, f"{page(found)}\n".encode())
    write_json(target.with_suffix(".json"), found)
    note(f"wrote {target}, {target.with_suffix('.json').name}")
    if document:
        write_figures(document, raw.name, way(found), figures(found))
        note(f"wrote {document}")
    return page(found)


def _measured(raw: RawTables, config: Config, draws: int, tuned: bool) -> dict[str, Any]:
    """Every figure, as JSON keeps it."""
    reckoned = Figures(config.evaluation.resamples, config.seed)
    each = [*map(_tuned if tuned else outcome, _trials(raw, config, draws))]
    if draws > 1:
        return over_draws(each).figures(reckoned)
    found = [one.figures(reckoned) for one in each]
    return over_folds(found) if config.evaluation.split == "rolling" else found[0]


def _tuned(trial: Trial) -> Outcome:
    from benchmarks.quality.tuned import tuned_outcome  # only who tunes waits for Optuna

    return tuned_outcome(trial)


def _trials(raw: RawTables, config: Config, draws: int) -> Iterator[Trial]:
    """The folds of each draw; a draw is what a run with its seed alone would have."""
    for seed in range(config.seed, config.seed + max(draws, 1)):
        drawn = config.model_copy(update={"seed": seed})
        if draws > 1:
            note(f"draw {seed - config.seed + 1} of {draws}", seed=seed)
        for part in folds(prepare(raw, drawn).tables, drawn):
            trial = Trial(part, drawn)
            check_drawn(trial, draws)
            yield _tested(trial)


def _tested(trial: Trial) -> Trial:
    """``trial``, if it tests anybody."""
    if not trial.parted.customer_ids:
        raise DataError(
            "With this split nobody can be tested.",
            field="evaluation.minimum_history",
            value=trial.config.evaluation.minimum_history,
            expected="at most the products of some customer",
        )
    return trial
