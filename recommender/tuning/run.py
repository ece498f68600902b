"""From a source to tuned parameters, without the purchases that evaluation holds out."""

from pathlib import Path
from typing import Final

from infrastructure.documents import code_commit
from infrastructure.errors import DataError
from infrastructure.files import write_atomically
from infrastructure.progress import note
from infrastructure.workspace import Workspace
from recommender.config import RecommenderConfig
from recommender.contract.tables import Tables
from recommender.data.cleaning.prepare import prepare
from recommender.data.sources.ingest import ingest
from recommender.models.histories import Histories
from recommender.models.model_data import ModelData, model_data
from recommender.tuning.blend_evaluation import BlendEvaluator
from recommender.tuning.fitted_models import with_model_settings
from recommender.tuning.ranker_search import search_ranker
from recommender.tuning.report import tuning_page
from recommender.tuning.results import TuningResult
from recommender.tuning.settings_choice import BLEND, DEFAULTS, SettingsChoice, choose_settings, evaluate_settings
from recommender.tuning.shards import BlendSearches, Shard, run_searches, search_plan, with_choice
from recommender.tuning.tuned_config import tuned_yaml

TUNED: Final = "tuned.yaml"
REPORT: Final = "report.md"


def tune(source: Path, config: RecommenderConfig) -> Path:
    """Search for the parameters of a data set; write ``tuned.yaml`` and ``report.md`` to ``var/<data set>/tuning``.

    The purchases that evaluation holds out are hidden from every trial. Returned is the path of ``tuned.yaml``, a
    configuration file of what was chosen.

    Raises:
        DataError: The data cannot be used, or too few customers have three products.
    """
    raw = ingest(source)
    tables = prepare(raw, config).tables
    folder = Workspace.named(raw.name).tuning
    return conclude(raw.name, tables, config, [run_search_shard(tables, config, Shard(), folder)], folder)


def run_search_shard(tables: Tables, config: RecommenderConfig, shard: Shard, folder: Path) -> BlendSearches:
    """One shard of the searches; its trials are kept in ``folder``.

    Raises:
        DataError: Too few customers have three products.
    """
    data = model_data(tables, config.seed)
    evaluator = create_evaluator(data, config, data.histories.without_last())
    return run_searches(evaluator, search_plan(data, config, folder, shard), shard)


def conclude(name: str, tables: Tables, config: RecommenderConfig, shards: list[BlendSearches], folder: Path) -> Path:
    """From all shards to the chosen settings: the item-to-item models', the re-ranker's, the two files in ``folder``.

    Raises:
        DataError: Too few customers have three products.
    """
    data = model_data(tables, config.seed)
    evaluator = create_evaluator(data, config, data.histories.without_last())
    tuning = choose_and_tune_ranker(name, data, evaluator, BlendSearches.merged(shards), folder)
    write_atomically(folder / TUNED, tuned_yaml(tuning).encode())
    write_atomically(folder / REPORT, f"{tuning_page(tuning)}\n".encode())
    note(f"wrote {folder / TUNED}, {REPORT}")
    return folder / TUNED


def tune_histories(
    name: str, data: ModelData, config: RecommenderConfig, histories: Histories, folder: Path
) -> TuningResult:
    """Search and conclude; the searches learn from and are evaluated on ``histories`` alone.

    These are in the order of ``data.customer_ids``; ``folder`` keeps the trials.

    Raises:
        DataError: No customer has two products in ``histories``.
    """
    evaluator = create_evaluator(data, config, histories)
    searches = run_searches(evaluator, search_plan(data, config, folder, Shard()), Shard())
    return choose_and_tune_ranker(name, data, evaluator, searches, folder)


def create_evaluator(data: ModelData, config: RecommenderConfig, histories: Histories) -> BlendEvaluator:
    """The evaluator of trials on ``histories``, held-out purchases not included.

    Raises:
        DataError: No customer has two products in them.
    """
    evaluator = BlendEvaluator(data, config, histories)
    if not len(evaluator.customers):
        raise DataError(
            "There is nothing to tune on.",
            field="customers with three products",
            value=0,
            expected="one purchase to learn from, one to judge a trial by, one held out",
        )
    return evaluator


def choose_and_tune_ranker(
    name: str, data: ModelData, evaluator: BlendEvaluator, searches: BlendSearches, folder: Path
) -> TuningResult:
    """Choose from the searches' results, and search for the re-ranker on top of the choice."""
    config = evaluator.config
    choice = _choose(evaluator, searches)
    note(f"chosen: {choice.chosen.name}; {choice.reason}", ndcg=round(float(choice.chosen.ndcg.mean()), 5))
    chosen = with_model_settings(config, families=choice.chosen.families)
    return TuningResult(
        name=name,
        commit=code_commit(),
        config=config,
        customers=len(evaluator.customers),
        dated=evaluator.dated,
        searches=searches,
        choice=choice,
        ranker=search_ranker(data, chosen, evaluator, search_plan(data, chosen, folder, Shard())),
    )


def _choose(evaluator: BlendEvaluator, searches: BlendSearches) -> SettingsChoice:
    present, family = evaluator.config.model.families, searches.best_alone
    return choose_settings(
        evaluate_settings(DEFAULTS, present, evaluator),
        evaluate_settings(family, with_choice(present, searches.alone[family].best.choice), evaluator),
        evaluate_settings(BLEND, with_choice(present, searches.blend.best.choice), evaluator),
        evaluator.config,
    )
