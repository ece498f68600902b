"""What differs between the champion and the model that would replace it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

from recommender.evaluation.bundle_evaluation import Evaluation
from recommender.reports import wording

Change = tuple[str, str, str]
"""What, before, now."""

_COUNTED = ("customers", "products", "purchases")
_MISSING = "\N{EN DASH}"


def changes_since(challenger: Evaluation, champion: Evaluation) -> tuple[Change, ...]:
    """Counts of data, parameters and cost that differ, each with what it was and what it is."""
    before, now = champion.model, challenger.model
    return (*_counts(before, now), *_parameters(before, now), *_costs(champion, challenger))


def by_dotted_name(values: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Nested settings by dotted name."""
    for name, value in values.items():
        if isinstance(value, dict):
            yield from by_dotted_name(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


def shown(value: Any) -> str:
    """A setting's value as people write it: no brackets, no exponent."""
    if isinstance(value, list | tuple):
        return ", ".join(map(shown, cast(Sequence[Any], value))) or "none"
    if isinstance(value, float):
        return wording.plain(value)
    return "none" if value is None else str(value)


def _counts(before: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Change]:
    for what in _COUNTED:
        if what in before and what in now and before[what] != now[what]:
            yield f"{what} learnt from", wording.count(before[what]), wording.count(now[what])


def _parameters(before: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Change]:
    old, new = (dict(by_dotted_name(model.get("config", {}))) for model in (before, now))
    for name in sorted({*old, *new}):
        if old.get(name) != new.get(name):
            yield name, shown(old.get(name, _MISSING)), shown(new.get(name, _MISSING))


def _costs(champion: Evaluation, challenger: Evaluation) -> Iterator[Change]:
    for what, unit in (("milliseconds", "median answer, ms"), ("megabytes", "bundle, MB")):
        old, new = f"{getattr(champion, what):.1f}", f"{getattr(challenger, what):.1f}"
        if old != new:
            yield unit, old, new
