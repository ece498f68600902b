"""The tuning's report as a page of Markdown."""

from collections.abc import Iterator
from typing import Any, Final

from infrastructure.documents import table
from recommender.tuning.results import SearchResult, TuningResult
from recommender.tuning.tuned_config import shown, tuned_yaml

_NOTES: Final = """\
Every trial is judged on purchases hidden below the held-out ones, which no trial sees: all products but those that the
customer has are ranked. A trial is judged on a sample of the customers, the verdict on all of them. NDCG and HR are the
means over the draws where there are no dates. In brackets: 95 % bootstrap intervals over the customers, paired where
two settings are compared. The best trial's own figure is too good by the luck of being the best of many; the project's
held-out purchases tell what it is worth."""


def tuning_page(tuning: TuningResult) -> str:
    """What was chosen and why, how good each model is alone, the searches' histories and importances."""
    parts = [f"# Tuning on {tuning.name}", *_choose(tuning), *_alone(tuning), *_history(tuning.searches.blend)]
    if tuning.ranker is not None:
        parts += _history(tuning.ranker.search)
    return "\n\n".join([*parts, "## Chosen", f"```yaml\n{tuned_yaml(tuning)}```", _NOTES])


def _choose(tuning: TuningResult) -> Iterator[str]:
    choice = tuning.choice
    yield f"Chosen: **{choice.chosen.name}**; {choice.reason}."
    k = tuning.config.evaluation.k
    rows = ((one.name, f"{one.ndcg.mean():.4f}", f"{one.hit_rate.mean():.4f}") for one in choice.compared)
    yield table(["settings", f"NDCG@{k}", f"HR@{k}"], rows)
    leads = ((first, second, shown(lead)) for (first, second), lead in choice.leads.items())
    yield table(["settings", "over", "lead in NDCG"], leads)
    if tuning.ranker is not None:
        found = tuning.ranker
        kept = "kept" if found.settings.enabled else "left out"
        yield f"Re-ranker: {kept}; its gain over the first stage in NDCG@10 is {shown(found.gain)}."


def _alone(tuning: TuningResult) -> Iterator[str]:
    yield "## Families alone"
    best = {name: found.best for name, found in tuning.searches.alone.items()}
    rows = (
        (name, f"{tried.value:.4f}", _settings({key: value for key, value in tried.choice.items() if key not in best}))
        for name, tried in sorted(best.items(), key=lambda one: -one[1].value)
    )
    yield table(["family", "NDCG", "at"], rows)


def _history(found: SearchResult) -> Iterator[str]:
    """The trials that were better than all before them, and what mattered."""
    yield f"## Search: {found.name}"
    yield f"{len(found.tried)} trials. Those that were better than all before:"
    best, rows = float("-inf"), list[tuple[str, str, str]]()
    for number, tried in enumerate(found.tried):
        if tried.value > best:
            best = tried.value
            rows.append((str(number + 1), f"{tried.value:.4f}", _settings(tried.choice)))
    yield table(["trial", "NDCG", "settings"], rows)
    if found.importance:
        yield table(["parameter", "importance"], ((name, f"{share:.0%}") for name, share in found.importance.items()))


def _settings(choice: Any) -> str:
    return ", ".join(f"{name} {value:g}" for name, value in choice.items() if value)
