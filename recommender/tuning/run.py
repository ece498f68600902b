"""From a source to tuned parameters, chosen below the purchases that the project's own tests hold out."""

from pathlib import Path
from typing import Final

from infrastructure.files import write_whole
from infrastructure.progress import note
from infrastructure.workspace import Workspace
from recommender.config import RecommenderConfig
from recommender.contract.tables import Tables
from recommender.data.cleaning.prepare import prepare
from recommender.data.sources.ingest import ingest
from recommender.models.model_data import model_data
from recommender.tuning.choosing import concluded, judge_on, storage
from recommender.tuning.outcome import Tuning
from recommender.tuning.report import page
from recommender.tuning.shards import Searches, Shard, plan_of, searched
from recommender.tuning.values import tuned_yaml

TUNED: Final = "tuned.yaml"
REPORT: Final = "report.md"


def tune(source: Path, config: RecommenderConfig) -> Path:
    """Search for the parameters of a data set; write ``tuned.yaml`` and ``report.md`` to ``var/<data set>/tuning``.

    Nothing is judged on the purchases that the project's own tests hold out: these are hidden from every trial.

    Args:
        source: The data set's YAML file.
        config: What to begin with, and how to search (``tuning``).

    Returns:
        The path of ``tuned.yaml``: a configuration file of what was chosen.

    Raises:
        DataError: The data cannot be used, or too few customers have three products.
    """
    raw = ingest(source)
    tables = prepare(raw, config).tables
    folder = Workspace.named(raw.name).tuning
    return conclude(raw.name, tables, config, [search_shard(tables, config, Shard(), folder)], folder)


def search_shard(tables: Tables, config: RecommenderConfig, shard: Shard, folder: Path) -> Searches:
    """One shard of the searches; its trials are kept in ``folder``.

    Raises:
        DataError: Too few customers have three products.
    """
    data = model_data(tables, config.seed)
    judge = judge_on(data, config, data.histories.without_last())
    return searched(judge, plan_of(data, config, storage(folder, shard), shard), shard)


def conclude(name: str, tables: Tables, config: RecommenderConfig, shards: list[Searches], folder: Path) -> Path:
    """From all shards to what holds: the verdict, the re-ranker on top of it, the two files in ``folder``.

    Raises:
        DataError: Too few customers have three products.
    """
    data = model_data(tables, config.seed)
    judge = judge_on(data, config, data.histories.without_last())
    return _written(concluded(name, data, judge, Searches.merged(shards), folder), folder)


def _written(tuning: Tuning, folder: Path) -> Path:
    write_whole(folder / TUNED, tuned_yaml(tuning).encode())
    write_whole(folder / REPORT, f"{page(tuning)}\n".encode())
    note(f"wrote {folder / TUNED}, {REPORT}")
    return folder / TUNED
