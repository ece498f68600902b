"""The tuned parameters as a configuration file, each group under a comment with the figure that chose it."""

from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from recommender.config import RecommenderConfig
from recommender.evaluation.metrics import Interval
from recommender.tuning.fitted_models import with_model_settings
from recommender.tuning.results import TuningResult
from recommender.tuning.settings_choice import SettingsChoice


def tuned_config(tuning: TuningResult) -> RecommenderConfig:
    """What the tuning began with, and over it what it chose."""
    config = with_model_settings(tuning.config, families=tuning.choice.chosen.families)
    if tuning.ranker is None:
        return config
    return with_model_settings(config, ranker=tuning.ranker.settings)


def tuned_yaml(tuning: TuningResult) -> str:
    """YAML of every parameter that differs from the defaults."""
    config = tuned_config(tuning)
    values = _differing(config.model_dump(mode="json"), type(config)().model_dump(mode="json"))
    return "\n".join([*_comment(tuning), *_body(values, tuning)]) + "\n"


def _comment(tuning: TuningResult) -> Iterator[str]:
    yield f"# Tuned on {tuning.name}: {tuning.customers:,} customers, seed {tuning.config.seed},"
    yield f"# commit {tuning.commit}."
    hidden = "one purchase" if tuning.dated else f"{tuning.config.tuning.draws} purchases, one at a time,"
    yield f"# Judged by full ranking on {hidden} of each customer, hidden below the held-out one."


def _body(values: Mapping[str, Any], tuning: TuningResult) -> Iterator[str]:
    """Item-to-item models and re-ranker under the figures that chose them, and all other settings but the search's."""
    model = dict(values.get("model", {}))
    others = {key: value for key, value in values.items() if key not in ("model", "tuning")}
    if others:
        yield yaml.safe_dump(others, sort_keys=False).rstrip()
    if model:
        yield "model:"
    for key, comments in (("families", _families(tuning.choice)), ("ranker", _ranker(tuning))):
        if key in model:
            yield from (f"  # {line}" for line in comments)
            yield _indented({key: model.pop(key)})
    if model:
        yield _indented(model)


def _families(choice: SettingsChoice) -> Iterator[str]:
    chosen = choice.chosen
    yield f"NDCG {chosen.ndcg.mean():.4f}, HR {chosen.hit_rate.mean():.4f}: {chosen.name};"
    yield f"{choice.reason}."
    for (first, second), lead in choice.leads.items():
        if first == chosen.name:
            yield f"Lead in NDCG over {second}: {shown(lead)}."


def _ranker(tuning: TuningResult) -> Iterator[str]:
    found = tuning.ranker
    if found is None:
        return
    yield f"NDCG@10 {found.ndcg:.4f} against the first stage's {found.blend:.4f}: gain {shown(found.gain)}."
    yield f"Lead of the search's best over the present settings: {shown(found.lead)}."


def shown(interval: Interval) -> str:
    """A difference with its 95 % interval."""
    return f"{interval.value:+.4f} ({interval.low:+.4f} to {interval.high:+.4f})"


def _indented(values: Mapping[str, Any]) -> str:
    lines = yaml.safe_dump(dict(values), sort_keys=False).rstrip().splitlines()
    return "\n".join(f"  {line}" for line in lines)


def _differing(values: Mapping[str, Any], defaults: Mapping[str, Any]) -> dict[str, Any]:
    """Only the values, at any depth, that are not the default's."""
    found: dict[str, Any] = {}
    for key, value in values.items():
        if isinstance(value, dict):
            inner = _differing(value, defaults[key])
            if inner:
                found[key] = inner
        elif value != defaults[key]:
            found[key] = value
    return found
