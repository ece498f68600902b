"""Models with settings chosen anew on what a split leaves to learn from alone: nested cross-validation.

The held-out products are tested with settings that were chosen without them (Varma and Simon, "Bias in Error Estimation
When Using Cross-Validation for Model Selection", BMC Bioinformatics 2006).
"""

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from benchmarks.quality.comparison import BenchmarkComparison
from benchmarks.quality.results import BenchmarkResult, benchmark_models
from infrastructure.progress import timed
from recommender.config import RecommenderConfig
from recommender.contract.query import Profile
from recommender.evaluation.baselines.model_comparison import ModelResult
from recommender.evaluation.baselines.single_models import SingleModel
from recommender.models.candidate_models.ease import weights
from recommender.models.histories import Histories
from recommender.tuning.fitted_models import with_model_settings
from recommender.tuning.results import TuningResult
from recommender.tuning.run import tune_histories
from recommender.tuning.shards import with_choice
from recommender.tuning.tuned_config import tuned_config

EASE: Final = "ease"
UNTUNED: Final = "ease untuned"
EASE_ALONE: Final = "ease alone, tuned"
STRONGEST: Final = "strongest alone, tuned"

REGULARISATION: Final = 500.0
"""One of those in Steck, "Embarrassingly Shallow Autoencoders for Sparse Data", WWW 2019."""


def benchmark_tuned_models(comparison: BenchmarkComparison) -> BenchmarkResult:
    """Every model with the settings that the search chose, and other models on the same held-out purchases.

    Raises:
        DataError: No customer has two products to learn from.
    """
    with tempfile.TemporaryDirectory() as folder:
        tuning = tune_histories("the benchmark", comparison.data, comparison.config, comparison.known, Path(folder))
    beside = [*_untuned(comparison, tuning), *_alone(comparison, EASE_ALONE, EASE, tuning)]
    beside += _alone(comparison, STRONGEST, tuning.searches.best_alone, tuning)
    return benchmark_models(replace(comparison, config=tuned_config(tuning)), beside, _tried(comparison.config))


def published_ease(name: str, histories: Histories) -> SingleModel:
    """All purchases alike, however old; all products and weights kept, those below 0 too."""
    with timed(f"fitted {name}") as figures:
        fitted = weights(histories, REGULARISATION)

    def score(tested: Histories, _: Sequence[Profile]) -> NDArray[np.float32]:
        """In EASE's order, yet above 0: a score of 0 means no score."""
        return np.exp(tested.matrix() @ fitted)

    return SingleModel(name, float(figures["seconds"]), score)


def _tried(config: RecommenderConfig) -> dict[str, int]:
    """How many settings the search tries; no re-ranker where it is off."""
    none = {} if config.model.ranker.enabled else {"trials_ranker": 0}
    return config.tuning.model_dump(include={"trials", "trials_alone", "trials_ranker"}) | none


def _untuned(comparison: BenchmarkComparison, tuning: TuningResult) -> Iterator[ModelResult]:
    """EASE as published; nothing where the data does not allow it, or customers are tested without history."""
    if EASE in tuning.searches.alone and comparison.tested_histories.lengths.any():
        yield comparison.evaluate_model(published_ease(UNTUNED, comparison.known))


def _alone(comparison: BenchmarkComparison, name: str, family: str, tuning: TuningResult) -> Iterator[ModelResult]:
    """A model at the best settings that its own search found; nothing where the data does not allow it."""
    found = tuning.searches.alone.get(family)
    if found:
        settings = with_choice(comparison.config.model.families, found.best.choice)
        own = replace(comparison, config=with_model_settings(comparison.config, families=settings))
        yield from (replace(result, name=name) for result in own.evaluate_models([family]))
