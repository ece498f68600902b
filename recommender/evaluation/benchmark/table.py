"""The benchmark's figures as a page of Markdown."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

_NOTES: Final = """\
The last product that each customer came to use is held out; every model is fitted on what came before and ranks all
products but those that the customer has. Equal scores stand in an order drawn by the seed. A family alone is asked
nothing else; the hybrid is the engine that serves, so it obeys the rules too (nothing out of stock, one size or shade
of a product, nothing the customer avoids). Its re-ranker has no trees where they did not better the blend on customers
set apart. In brackets: 95 % bootstrap intervals over the customers. Lead: the hybrid less the model, customer by
customer. Coverage: share of the catalogue in any list. Seconds: fitting. Same day, later day: whether the held-out
product was bought on the day of the one before it."""


def page(found: Mapping[str, Any]) -> str:
    """What was measured, on what, and the figures."""
    models, k = found["models"], found["k"]
    tables = [_whole(models, k), _slices(models, found["sizes"], k)] if found["sizes"] else [_whole(models, k)]
    return "\n\n".join([f"# Quality on {found['name']}", "\n".join(_facts(found)), *map("\n".join, tables), _NOTES])


def _facts(found: Mapping[str, Any]) -> Iterator[str]:
    yield f"- source `{found['source']}`: {found['products']:,} products, {found['purchases']:,} uses to learn from"
    yield f"- split: {found['split']}; {found['tested']:,} customers; seed {found['seed']}"
    yield f"- re-ranker: {found['trees'] or 'no'} trees"
    yield f"- commit {found['commit']}"


def _whole(models: Sequence[Mapping[str, Any]], k: int) -> Iterator[str]:
    titles = ["model", f"HR@{k}", f"NDCG@{k}", "lead in NDCG", "coverage", "seconds"]
    return _table(titles, map(_row, models))


def _row(model: Mapping[str, Any]) -> Iterator[str]:
    yield model["model"]
    yield from (_interval(model["hr"]), _interval(model["ndcg"]))
    yield _interval(model["hybrid_leads_by"]["ndcg"], "+") if model["hybrid_leads_by"] else "–"
    yield from (f"{model['coverage']:.1%}", f"{model['seconds']:.1f}")


def _slices(models: Sequence[Mapping[str, Any]], sizes: Mapping[str, int], k: int) -> Iterator[str]:
    """The figures of each part of the customers."""
    titles = [f"{metric}@{k}, {name} ({size:,})" for name, size in sizes.items() for metric in ("HR", "NDCG")]
    rows = (
        [model["model"], *(_interval(model["slices"][name][metric]) for name in sizes for metric in ("hr", "ndcg"))]
        for model in models
    )
    return _table(["model", *titles], rows)


def _interval(figure: Mapping[str, float], sign: str = "") -> str:
    return f"{figure['value']:{sign}.4f} ({figure['low']:{sign}.4f} to {figure['high']:{sign}.4f})"


def _table(titles: Sequence[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    for cells in (titles, ["---", *["---:"] * (len(titles) - 1)], *rows):
        yield f"| {' | '.join(cells)} |"
