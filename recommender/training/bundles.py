"""Training: from tables to the bundle that is evaluated and the bundle that is deployed."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from recommender.config import RecommenderConfig
from recommender.contract.tables import Tables
from recommender.models.bundle import new_bundle
from recommender.models.hybrid import Hybrid
from recommender.models.hybrid_bundle import write_hybrid
from recommender.models.hybrid_fitting import HybridFitter
from recommender.models.model_data import ModelData, model_data, rebuys
from recommender.splits import Split
from recommender.splits.leaks import check_histories


def train_bundles(split: Split, config: RecommenderConfig, evaluated: Path, model: Path) -> None:
    """Fit the hybrid without what is held out, and refit it on everything: the bundles to evaluate and to deploy.

    Where ``model.refit`` is off, the evaluated model is also the one to deploy.

    Raises:
        LeakError: The evaluated model would learn from what is held out.
    """
    if split.kind == "last":
        _train_without_last(split, config, evaluated, model)
        return
    known = model_data(split.train, config.seed)
    (strict,) = HybridFitter(known, config).fit_hybrids(known.histories)
    write_bundle(evaluated, strict, known, config)
    if config.model.refit:
        fit_on_everything(split.tables, config, model)
    else:
        write_bundle(model, strict, known, config)


def _train_without_last(split: Split, config: RecommenderConfig, evaluated: Path, model: Path) -> None:
    """Both models from one sequence of candidate generators.

    The one without the held-out purchase is the evaluated model's, and the deployed model's re-ranker learns from it,
    too: half the work of fitting twice.
    """
    data = model_data(split.tables, config.seed)
    known = data.histories.without_last()
    check_histories(data, known, split.test)
    fitter = HybridFitter(data, config)
    if config.model.refit:
        refitted, strict = fitter.fit_hybrids(data.histories, deeper=2)
    else:
        refitted = strict = fitter.fit_hybrids(known)[0]
    strict_data = replace(data, rebuys=rebuys(split.train, data.catalogue))
    write_bundle(evaluated, strict, strict_data, config)
    write_bundle(model, refitted, data if config.model.refit else strict_data, config)


def fit_on_everything(tables: Tables, config: RecommenderConfig, model: Path) -> ModelData:
    """Fit and write the bundle to deploy, without a split."""
    data = model_data(tables, config.seed)
    write_bundle(model, HybridFitter(data, config).fit_hybrids(data.histories)[0], data, config)
    return data


def write_bundle(target: Path, hybrid: Hybrid, data: ModelData, config: RecommenderConfig) -> None:
    """Write one fitted hybrid, with what it was fitted on in the manifest."""
    description: dict[str, Any] = {
        "config": config.model_dump(mode="json"),
        "customers": len(data.customer_ids),
        "products": len(data.catalogue),
        "purchases": len(data.histories.products),
    }
    with new_bundle(target, description) as bundle:
        write_hybrid(bundle, hybrid, data.catalogue)
        bundle.arrays("rebuys", data.rebuys.arrays())
        data.avoidances.write(bundle)
        bundle.json("rules", config.rules.model_dump(mode="json"))
