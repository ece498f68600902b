"""Several draws of a split as one: a customer's value is the mean over the draws in which the customer is tested.

Figures and intervals are then over customers, who are resampled with all their draws: draws hide different products of
the same histories, so they are no independent ones.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from benchmarks.quality.outcome import Outcome
from infrastructure.errors import ConfigError
from recommender.evaluation.baselines.result import Scores
from recommender.evaluation.baselines.trial import Trial


def check_drawn(trial: Trial, draws: int) -> None:
    """Refuse several draws where the split draws nothing: each would be the same.

    Raises:
        ConfigError: It draws nothing, or no draw at all is asked for.
    """
    if draws == 1 or (draws > 1 and trial.drawn):
        return
    raise ConfigError(
        "The split cannot be drawn so often.",
        where="the command line",
        field="--draws",
        value=draws,
        expected="1 or more" if trial.drawn else "1, as dates say what is held out, or the split random or customers",
    )


def over_draws(draws: Sequence[Outcome]) -> Outcome:
    """One outcome from that of each draw.

    Slices and errors of ratings are left out, and so is a model that any draw lacks.
    """
    customer_ids = np.unique(np.concatenate([draw.customer_ids for draw in draws]))
    first = draws[0].facts
    facts = {
        **first,
        "draws": len(draws),
        "tested": len(customer_ids),
        "held_out": sum(draw.facts["held_out"] for draw in draws),
        "several": any(draw.facts["several"] for draw in draws),
        "purchases": min(draw.facts["purchases"] for draw in draws),
        "sizes": {},
        "trees": max(draw.facts["trees"] for draw in draws),
        "ratings": {},
    }
    by_name = [{scores.name: scores for scores in draw.scores} for draw in draws]
    shared = [name for name in by_name[0] if all(name in found for found in by_name)]
    scores = [_mean([found[name] for found in by_name], [draw.customer_ids for draw in draws]) for name in shared]
    return Outcome(customer_ids.tolist(), scores, facts)


def _mean(draws: Sequence[Scores], customer_ids: Sequence[Sequence[str]]) -> Scores:
    """One model's scores; its customers are those of any draw, sorted."""
    _, owners = np.unique(np.concatenate(customer_ids), return_inverse=True)
    tested = np.bincount(owners)
    together = {name: np.concatenate([draw.values[name] for draw in draws]) for name in draws[0].values}
    values = {name: np.bincount(owners, weights=one) / tested for name, one in together.items()}
    seconds = float(np.mean([draw.seconds for draw in draws]))
    return Scores(draws[0].name, values, {}, _lists([draw.lists for draw in draws]), seconds)


def _lists(draws: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """The mean of each figure that all draws have."""
    shared = [name for name in draws[0] if all(name in lists for lists in draws)]
    return {name: float(np.mean([lists[name] for lists in draws])) for name in shared}
