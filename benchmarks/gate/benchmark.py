"""Error rates of the gate by customers tested, as Markdown."""

import tempfile
from pathlib import Path
from typing import Final

import numpy as np

from benchmarks.gate.simulation import Pool, Values, level_after, share_passed
from infrastructure.documents import code_commit, publish, table
from infrastructure.progress import timed
from recommender.config import RecommenderConfig
from recommender.config.evaluation import GateSettings
from recommender.data.cleaning.prepare import prepare
from recommender.data.sources.ingest import ingest
from recommender.evaluation.bundle_evaluation import RANK, evaluate_bundle, owners
from recommender.evaluation.metrics import ndcg
from recommender.evaluation.not_worse import NotWorse
from recommender.splits import Split, split
from recommender.training.bundles import train_bundles

PAGE: Final = "gate-by-customers"
COMMAND: Final = "make benchmark-gate"
_CUSTOMERS: Final = (30, 100, 300, 1_000, 3_000)
_LOSSES: Final = (0.0, 0.1, 0.2, 0.3, 0.5)
_OTHER_SEED: Final = 7
"""Added to the seed for the second model."""
_STEP: Final = 0.03
_SUCCESSIONS: Final = 10
_FIXED: Final = GateSettings(most_margin=0)


def benchmark_gate(source: Path, config: RecommenderConfig, rounds: int, figures: Path | None) -> None:
    """Fit two models that differ in their seed, and judge challengers made of their answers many times."""
    found = split(prepare(ingest(source), config).tables, config)
    first, second = (_ndcg(found, config, config.seed + more) for more in (0, _OTHER_SEED))
    with timed("judged challengers"):
        page = gate_figures(Pool(first, second), config.evaluation.gate, rounds)
    publish(page, PAGE, figures, COMMAND)


def _ndcg(found: Split, config: RecommenderConfig, seed: int) -> Values:
    """Each tested customer's NDCG with a model of this seed."""
    fitted = config.model_copy(update={"seed": seed, "model": config.model.model_copy(update={"refit": False})})
    with tempfile.TemporaryDirectory() as folder:
        train_bundles(found, fitted, Path(folder) / "judged", Path(folder) / "model")
        ranks = evaluate_bundle(Path(folder) / "judged", found, config).ranks
    return ndcg(ranks[RANK].to_numpy().astype(np.int64), config.evaluation.k, owners(ranks))


def gate_figures(pool: Pool, settings: GateSettings, rounds: int) -> str:
    """Both tables, as Markdown."""
    says = (
        f"Of {rounds} challengers each, made of the answers of two models that differ in their seed alone (their "
        f"customers' NDCG correlates by {pool.likeness:.2f}; commit `{code_commit(':/benchmarks')}`), those that the "
        "comparison with the champion lets through, by their true loss of NDCG. In brackets: with the margin of "
        f"{settings.margin:.0%} for every shop."
    )
    heads = ("Customers tested", "Margin", *(f"Loses {loss:.0%}" if loss else "As good" for loss in _LOSSES))
    rows = [_row(pool, customers, settings, rounds) for customers in _CUSTOMERS]
    drift = (
        f"True loss after 20 challengers in succession that each lose {_STEP:.0%} of the present champion's NDCG, mean "
        f"of {_SUCCESSIONS} successions:"
    )
    lost = [_drift_row(pool, customers, settings) for customers in _CUSTOMERS]
    drift_heads = ("Customers tested", "Compared with the champion alone", "And with the last certainly better one")
    return f"{says}\n\n{table(heads, rows)}\n\n{drift}\n\n{table(drift_heads, lost)}"


def _row(pool: Pool, customers: int, settings: GateSettings, rounds: int) -> list[str]:
    new, old = pool.drawn(customers, np.random.default_rng(0))
    margin = NotWorse(new - old, old, settings, 1, 0).margin
    cells = (
        f"{share_passed(pool, customers, loss, settings, rounds):.0%} "
        f"({share_passed(pool, customers, loss, _FIXED, rounds):.0%})"
        for loss in _LOSSES
    )
    return [f"{customers:,}", f"{margin:.0%}", *cells]


def _drift_row(pool: Pool, customers: int, settings: GateSettings) -> list[str]:
    levels = (
        level_after(pool, customers, _STEP, settings, _SUCCESSIONS, anchored=anchored) for anchored in (False, True)
    )
    return [f"{customers:,}", *(f"{1 - level:.0%}" for level in levels)]
