"""The benchmark's figures as Markdown; what differs from run to run (seconds) is in the JSON alone."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from infrastructure.documents import page_name, table

_NOTES: Final = """\
Every model is fitted on what is not held out and ranks all products but those that the customer has. Equal scores
stand in an order drawn by the seed. A family alone is asked nothing else; the hybrid is the engine that serves, so it
obeys the rules too (nothing out of stock, one size or shade of a product, nothing the customer avoids). Its re-ranker
has no trees where they did not better the blend on customers set apart. In brackets: 95 % intervals, by bootstrap over
the customers or, of several folds, Student's over the folds. Lead: the hybrid less the model, customer by customer.
Same day, later day: whether the held-out product was used on a day of which the customer's other uses are known.
Coverage: share of the products in stock in any list. Gini: 0 all products are recommended alike, 1 one alone. Novelty:
bits, of how few customers use what is recommended. Diversity: of two products in a list, how often their categories
differ. Popularity lift: how much more often used the recommended products are than those that their customers have."""

_NOTES_TUNED: Final = """\
The models have the settings that were chosen for the hybrid. `strongest alone, tuned` is the family whose own search
found most, `ease alone, tuned` is EASE, each at the best settings of its own search on the same purchases.
`ease untuned` is EASE as published: all purchases alike, every weight kept, regularisation 500."""

_LISTS: Final = ("coverage", "gini", "novelty", "diversity", "popularity_lift")


def quality_page(found: Mapping[str, Any]) -> str:
    """What was measured, on what, and the figures."""
    notes = [_NOTES, _NOTES_TUNED] if found["tuned"] else [_NOTES]
    return "\n\n".join([f"# Quality on {found['name']}", quality_figures(found), *notes])


def quality_figures(found: Mapping[str, Any]) -> str:
    """On what was measured, and the tables."""
    models, k = found["models"], found["k"]
    parts = ["\n".join(_facts(found)), _whole(models, k, found)]
    parts += [_slices(models, found["sizes"], k)] if found["sizes"] else []
    parts += [_folds(found["folds"], k)] if "folds" in found else []
    parts += [_lists(models)]
    parts += [_ratings(found["ratings"])] if found["ratings"] else []
    return "\n\n".join(parts)


def _facts(found: Mapping[str, Any]) -> Iterator[str]:
    yield f"- source `{found['source']}`: {found['products']:,} products, {found['purchases']:,} uses to learn from"
    who = f"customers with {found['least']} products or more" if found["least"] else "customers"
    tested = f"{found['tested']:,} {who}, {found['held_out']:,} held-out products"
    yield f"- split: {found['split']}; {tested}; {_drawn(found)}"
    if found["tuned"]:
        yield _searched(found["tuned"])
    yield f"- re-ranker: {found['trees'] or 'no'} trees{' at most' if found['trees'] and found['draws'] > 1 else ''}"
    yield f"- commit {found['commit']}"


def _drawn(found: Mapping[str, Any]) -> str:
    """The seed, or those of several draws and how these are combined."""
    first, draws = found["seed"], found["draws"]
    if draws == 1:
        return f"seed {first}"
    return f"{draws} draws, seeds {first} to {first + draws - 1}: of each customer the mean over the draws that test it"


def _searched(tuned: Mapping[str, int]) -> str:
    """How the settings were chosen."""
    tried = f"{tuned['trials']} blends, {tuned['trials_alone']} settings of each family alone"
    tried += f", {tuned['trials_ranker']} re-rankers" if tuned["trials_ranker"] else ""
    return f"- settings: chosen for each draw on what it leaves to learn from alone; tried were {tried}"


def _whole(models: Sequence[Mapping[str, Any]], k: int, found: Mapping[str, Any]) -> str:
    """The main figures; where customers have several held-out products, also those that then tell more.

    The lead in HR is shown where the hybrid is what is compared: of several draws, or of settings chosen for each.
    """
    leads = {"hr": "HR", "ndcg": "NDCG"} if found["draws"] > 1 or found["tuned"] else {"ndcg": "NDCG"}
    more = {"recall": "recall", "precision": "precision", "map": "MAP", "mrr": "MRR"} if found["several"] else {}
    titles = ["model", f"HR@{k}", f"NDCG@{k}", *(f"lead in {title}" for title in leads.values())]
    titles += [f"{title}@{k}" for title in more.values()]
    return table(titles, (_row(model, leads, more) for model in models))


def _row(model: Mapping[str, Any], leads: Iterable[str], more: Iterable[str]) -> Iterator[str]:
    yield model["model"]
    yield from (interval(model["hr"]), interval(model["ndcg"]))
    found = model["hybrid_leads_by"]
    yield from (interval(found[name], "+") if found else "–" for name in leads)
    yield from (f"{model[name]['value']:.4f}" for name in more)


def _slices(models: Sequence[Mapping[str, Any]], sizes: Mapping[str, int], k: int) -> str:
    """The figures of each part of the held-out products."""
    titles = [f"{metric}@{k}, {name} ({size:,})" for name, size in sizes.items() for metric in ("HR", "NDCG")]
    rows = (
        [model["model"], *(interval(model["slices"][name][metric]) for name in sizes for metric in ("hr", "ndcg"))]
        for model in models
    )
    return table(["model", *titles], rows)


def _folds(folds: Sequence[Mapping[str, Any]], k: int) -> str:
    """Each fold's customers and NDCG."""
    names = [model["model"] for model in folds[0]["models"]]
    rows = (
        [fold["split"], f"{fold['tested']:,}", *(f"{model['ndcg']['value']:.4f}" for model in fold["models"])]
        for fold in folds
    )
    return table(["fold", "customers", *(f"{name}, NDCG@{k}" for name in names)], rows)


def _lists(models: Sequence[Mapping[str, Any]]) -> str:
    """What the lists are like."""
    names = [name for name in _LISTS if any(name in model["lists"] for model in models)]
    rows = (
        [
            model["model"],
            *(_list_figure(name, model["lists"][name]) if name in model["lists"] else "–" for name in names),
        ]
        for model in models
    )
    return table(["model", *(name.replace("_", " ") for name in names)], rows)


def _list_figure(name: str, value: float | None) -> str:
    if value is None:
        return "–"
    if name == "coverage":
        return f"{value:.1%}"
    return f"{value:+.2f}" if name == "popularity_lift" else f"{value:.2f}"


def _ratings(errors: Mapping[str, Any]) -> str:
    """Errors of predicted ratings."""
    rows = (
        [
            name,
            interval(error["rmse"]),
            interval(error["mae"]),
            interval(error["gain"], "+") if error["gain"] else "–",
        ]
        for name, error in errors["models"].items()
    )
    titles = [f"predicted rating ({errors['held_out']:,} held out)", "RMSE", "MAE", "groups gain in absolute error"]
    return table(titles, rows)


def interval(figure: Mapping[str, float], sign: str = "") -> str:
    """A figure with its interval; ``sign`` "+" shows that of a positive one too."""
    return f"{figure['value']:{sign}.4f} ({figure['low']:{sign}.4f} to {figure['high']:{sign}.4f})"


def file_stem(found: Mapping[str, Any]) -> str:
    """The name of the files, without their ending; it names more than the split where options were given."""
    least = [f"least{found['least']}"] if found["least"] else []
    draws = [f"draws{found['draws']}"] if found["draws"] > 1 else []
    tuned = ["tuned"] if found["tuned"] else []
    return "_".join(["quality", found["kind"], *least, *draws, *tuned])


def run_label(found: Mapping[str, Any]) -> str:
    """The split, which customers are tested, how often and with which settings, in a few words."""
    least = [f"{found['least']} products or more"] if found["least"] else []
    draws = [f"{found['draws']} draws"] if found["draws"] > 1 else []
    tuned = ["tuned for each draw"] if found["tuned"] else []
    return ", ".join([found["kind"], *least, *draws, *tuned])


def page_of(name: str, found: Mapping[str, Any]) -> str:
    """The name of the page with a data set's figures by a split (:func:`run_label`)."""
    return f"quality/{page_name(f'figures of {name}, split {run_label(found)}')}"
