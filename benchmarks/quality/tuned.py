"""Models with settings chosen anew on what a split leaves to learn from alone: nested cross-validation.

The held-out products are judged by settings that never met them (Varma and Simon, "Bias in Error Estimation When Using
Cross-Validation for Model Selection", BMC Bioinformatics 2006).
"""

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from benchmarks.quality.outcome import Outcome, outcome
from benchmarks.quality.published_ease import published_ease
from recommender.config import RecommenderConfig
from recommender.evaluation.baselines.result import Result
from recommender.evaluation.baselines.trial import Trial
from recommender.tuning.choosing import tuning_on
from recommender.tuning.fitted import with_families
from recommender.tuning.outcome import Tuning
from recommender.tuning.shards import settings_of
from recommender.tuning.values import tuned

EASE: Final = "ease"
UNTUNED: Final = "ease untuned"
EASE_ALONE: Final = "ease alone, tuned"
STRONGEST: Final = "strongest alone, tuned"


def tuned_outcome(trial: Trial) -> Outcome:
    """Every model with the settings that the search chose, and beside them what others make of the same purchases.

    Raises:
        DataError: Nobody has two products to learn from.
    """
    with tempfile.TemporaryDirectory() as folder:
        tuning = tuning_on("the benchmark", trial.data, trial.config, trial.known, Path(folder))
    beside = [*_untuned(trial, tuning), *_alone(trial, EASE_ALONE, EASE, tuning)]
    beside += _alone(trial, STRONGEST, tuning.searches.strongest, tuning)
    return outcome(replace(trial, config=tuned(tuning)), beside, _tried(trial.config))


def _tried(config: RecommenderConfig) -> dict[str, int]:
    """How many settings the search tries; no re-ranker where it is off."""
    none = {} if config.model.ranker.enabled else {"trials_ranker": 0}
    return config.tuning.model_dump(include={"trials", "trials_alone", "trials_ranker"}) | none


def _untuned(trial: Trial, tuning: Tuning) -> Iterator[Result]:
    """EASE as published; nothing where the data cannot have it, or customers are asked without history."""
    if EASE in tuning.searches.alone and trial.asked.lengths.any():
        yield trial.of_family(published_ease(UNTUNED, trial.known))


def _alone(trial: Trial, name: str, family: str, tuning: Tuning) -> Iterator[Result]:
    """A family at the best settings that its own search found; nothing where the data cannot have it."""
    found = tuning.searches.alone.get(family)
    if found:
        settings = settings_of(trial.config.model.families, found.best.choice)
        own = replace(trial, config=with_families(trial.config, settings))
        yield from (replace(result, name=name) for result in own.of_families([family]))
