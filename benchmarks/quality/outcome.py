"""What the benchmark finds with all models, on one draw of a split or on several together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.quality.ratings import rating_errors
from recommender.evaluation.baselines.result import Figures, Result, Scores
from recommender.evaluation.baselines.trial import Trial


@dataclass(frozen=True)
class Outcome:
    """What every model is worth to the same customers.

    Attributes:
        customer_ids: Whom the values in ``scores`` are of, in their order.
        scores: Each model's, the hybrid's last.
        facts: On what it was measured, and all else that is told beside the models, as JSON keeps it.
    """

    customer_ids: Sequence[str]
    scores: Sequence[Scores]
    facts: Mapping[str, Any]

    def figures(self, figures: Figures) -> dict[str, Any]:
        """Every figure, as JSON keeps it."""
        return {**self.facts, "models": [figures.row(scores, self.scores[-1]) for scores in self.scores]}


def outcome(trial: Trial, beside: Sequence[Result] = (), tuned: Mapping[str, int] | None = None) -> Outcome:
    """Fit and test every model on a trial.

    Args:
        trial: With the settings of the models.
        beside: Results of other models on the same held-out products.
        tuned: How much was tried to choose the settings for this trial; None where they were given.
    """
    results = [*trial.of_families(), *beside]
    hybrid, seconds = trial.fit_hybrid()
    results.append(trial.of_hybrid(hybrid, seconds))
    facts = {
        "split": trial.described,
        "least": trial.least,
        "draws": 1,
        "tuned": dict(tuned or {}),
        "seed": trial.config.seed,
        "k": trial.config.evaluation.k,
        "tested": len(trial.parted.customer_ids),
        "held_out": len(trial.held_out),
        "several": trial.parted.several,
        "products": len(trial.data.catalogue),
        "purchases": len(trial.known.products),
        "sizes": {name: int(mask.sum()) for name, mask in trial.slices.items()},
        "trees": len(hybrid.ranker.trees) if hybrid.ranker else 0,
        "ratings": rating_errors(trial),
    }
    return Outcome(trial.parted.customer_ids, [*map(trial.measure.scores, results)], facts)
