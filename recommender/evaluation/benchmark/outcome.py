"""What the benchmark finds with all models, on one draw of a split or on several together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from recommender.evaluation.benchmark.ratings import rating_errors
from recommender.evaluation.benchmark.result import Figures, Scores
from recommender.evaluation.benchmark.trial import Trial


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


def outcome(trial: Trial) -> Outcome:
    """Fit and test every model on a trial."""
    results = [*trial.of_families()]
    hybrid, seconds = trial.fit_hybrid()
    results.append(trial.of_hybrid(hybrid, seconds))
    facts = {
        "split": trial.described,
        "least": trial.least,
        "draws": 1,
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
