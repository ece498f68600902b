"""The tuned parameters as a configuration file, each group under a comment with the figure that chose it."""

from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from recommender.config import RecommenderConfig
from recommender.evaluation.metrics import Interval
from recommender.tuning.fitted import with_families
from recommender.tuning.outcome import Tuning
from recommender.tuning.verdict import Verdict


def tuned(tuning: Tuning) -> RecommenderConfig:
    """What the tuning began with, and over it what it chose."""
    config = with_families(tuning.config, tuning.verdict.chosen.families)
    if tuning.ranker is None:
        return config
    model = config.model.model_copy(update={"ranker": tuning.ranker.settings})
    return config.model_copy(update={"model": model})


def tuned_yaml(tuning: Tuning) -> str:
    """YAML of every parameter that differs from the defaults."""
    values = _differing(tuned(tuning).model_dump(mode="json"), RecommenderConfig().model_dump(mode="json"))
    return "\n".join([*_comment(tuning), *_body(values, tuning)]) + "\n"


def _comment(tuning: Tuning) -> Iterator[str]:
    yield f"# Tuned on {tuning.name}: {tuning.customers:,} customers, seed {tuning.config.seed},"
    yield f"# commit {tuning.commit}."
    hidden = "one purchase" if tuning.dated else f"{tuning.config.tuning.draws} purchases, one at a time,"
    yield f"# Judged by full ranking on {hidden} of each customer, hidden below the held-out one."


def _body(values: Mapping[str, Any], tuning: Tuning) -> Iterator[str]:
    """The families and the re-ranker under what chose them, all else but the search's own settings as it is."""
    model = dict(values.get("model", {}))
    others = {key: value for key, value in values.items() if key not in ("model", "tuning")}
    if others:
        yield yaml.safe_dump(others, sort_keys=False).rstrip()
    if model:
        yield "model:"
    for key, comments in (("families", _families(tuning.verdict)), ("ranker", _ranker(tuning))):
        if key in model:
            yield from (f"  # {line}" for line in comments)
            yield _indented({key: model.pop(key)})
    if model:
        yield _indented(model)


def _families(verdict: Verdict) -> Iterator[str]:
    chosen = verdict.chosen
    yield f"NDCG {chosen.ndcg.mean():.4f}, HR {chosen.hit_rate.mean():.4f}: {chosen.name};"
    yield f"{verdict.reason}."
    for (first, second), lead in verdict.leads.items():
        if first == chosen.name:
            yield f"Lead in NDCG over {second}: {shown(lead)}."


def _ranker(tuning: Tuning) -> Iterator[str]:
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
