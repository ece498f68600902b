"""One search: an Optuna study in a file, which goes on where it was interrupted."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import optuna
from optuna.importance import FanovaImportanceEvaluator, get_param_importances
from optuna.samplers import TPESampler
from optuna.trial import BaseTrial, FixedTrial, FrozenTrial, TrialState, create_trial

from infrastructure.progress import counted, note
from recommender.tuning.results import SearchPlan, SearchResult, SearchTrial
from recommender.tuning.space import Choice


def search(
    plan: SearchPlan,
    name: str,
    space: Callable[[BaseTrial], Choice],
    value: Callable[[Choice], float],
    trials: int,
    starts: Sequence[Mapping[str, Any]] = (),
) -> SearchResult:
    """Try ``trials`` choices, those of earlier, interrupted searches of the same name and fingerprint included.

    Args:
        plan: Storage and sampler.
        name: Of the search.
        space: Draws a choice.
        value: The value of a choice; higher is better.
        trials: How many choices.
        starts: Parameters of the first choices; the others are drawn by the tree-structured Parzen estimator
            (Bergstra et al., "Algorithms for Hyper-Parameter Optimization", NeurIPS 2011).
    """
    study = _study(plan, name)
    tried_before = _drop_unfinished(study)
    for number in counted(range(tried_before, trials), name, trials - tried_before, "trials"):
        # A sampler of its own for each trial, so that a search that was interrupted draws what it would have drawn.
        study.sampler = TPESampler(seed=plan.seed + number, n_startup_trials=plan.startup)
        _try(study, space, value, starts[number] if number < len(starts) else None)
        value_now, best = round(study.trials[-1].value or 0.0, 5), round(study.best_value, 5)
        note(f"{name}: {number + 1} of {trials}", value=value_now, best=best)
    complete = _complete(study)
    tried = tuple(SearchTrial(trial.user_attrs["choice"], trial.value or 0.0) for trial in complete)
    differ = len({trial.value for trial in complete}) > 1
    evaluator = FanovaImportanceEvaluator(seed=plan.seed)
    return SearchResult(name, tried, dict(get_param_importances(study, evaluator=evaluator)) if differ else {})


def _study(plan: SearchPlan, name: str) -> optuna.Study:
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    plan.storage.parent.mkdir(parents=True, exist_ok=True)
    return optuna.create_study(
        storage=f"sqlite:///{plan.storage}",
        study_name=f"{name} {plan.fingerprint}",
        direction="maximize",
        load_if_exists=True,
    )


def _drop_unfinished(study: optuna.Study) -> int:
    """Give up trials that an interruption left behind; returns how many are complete."""
    for trial in study.get_trials(deepcopy=False, states=(TrialState.RUNNING,)):
        study.tell(trial.number, state=TrialState.FAIL)
    return len(_complete(study))


def _complete(study: optuna.Study) -> list[FrozenTrial]:
    return study.get_trials(deepcopy=False, states=(TrialState.COMPLETE,))


def _try(
    study: optuna.Study,
    space: Callable[[BaseTrial], Choice],
    value: Callable[[Choice], float],
    start: Mapping[str, Any] | None,
) -> None:
    if start is None:
        trial = study.ask()
        choice = space(trial)
        trial.set_user_attr("choice", dict(choice))
        study.tell(trial, value(choice))
        return
    fixed = FixedTrial(dict(start))
    choice = space(fixed)
    study.add_trial(
        create_trial(
            params=fixed.params,
            distributions=fixed.distributions,
            value=value(choice),
            user_attrs={"choice": dict(choice)},
        )
    )
