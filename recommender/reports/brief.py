"""One page for people who decide whether a model goes live: plain words and three plots."""

from collections.abc import Mapping
from pathlib import Path

from recommender.evaluation.metrics import Interval
from recommender.reports import plots, wording
from recommender.reports.card.context import Measured, ModelCardContext, Slice
from recommender.reports.page import Listing, Page, Plot, Section, Text

HTML = "brief.html"

_PLAIN = {
    "rules": "no recommended product broke a rule (avoided ingredients, stock, dismissed products)",
    "finds held-out products": "it finds products that customers came to want",
    "not worse than the champion": "the same customers are not worse off than with the present model",
    "coverage": "it shows enough of the shop",
    "slices": "no part of the customers loses much",
    "speed": "it answers fast enough",
    "size": "it is small enough",
}
_CANNOT_TELL = (
    "That people find what they later buy does not show that their skin gets better. Only their later ratings and a "
    "test with real customers can.",
    "The test uses purchases made under the present shop. What a customer was never shown could not be bought, and "
    "counts against the model.",
    "The label on the pack decides for a person with an allergy, not this model.",
)


def write_brief(context: ModelCardContext, folder: Path) -> None:
    """Write the page into ``folder`` as ``brief.html`` and ``brief.md``."""
    brief(context).write(folder / HTML)


def brief(context: ModelCardContext) -> Page:
    """What was decided and what it rests on, as a page."""
    verdict = "Yes" if context.promoted else "No"
    lead = (
        f"{verdict}: the new recommender for “{context.data_set}” {_outcome(context)}. "
        f"It was tried on {wording.count_of(context.tested, 'customer')} whose purchases it had not seen."
    )
    plots = tuple(plot for plot in (_finds(context), _for_whom(context), _shop(context)) if plot)
    unknown = Section("What this cannot tell", (Listing(_CANNOT_TELL), Text(("The model card has every figure.",))))
    sections = (Section("What was found", plots), _why(context), unknown)
    return Page("Should the new recommender go live?", lead, _headline(context), sections)


def _outcome(context: ModelCardContext) -> str:
    if context.promoted:
        return "replaces the present one" if context.champion else "goes live; it is the first"
    return "stays out, and the present one stays" if context.champion else "stays out"


def _headline(context: ModelCardContext) -> tuple[tuple[str, str], ...]:
    models = _models(context)
    finds = tuple((f"find a product, of 100: {name}", _hundred(_hits(model, context).value)) for name, model in models)
    return (*finds[:3], ("rules broken", wording.count(context.violations)))


def _finds(context: ModelCardContext) -> Plot:
    named = {name: _hits(model, context) for name, model in _models(context)}
    here = named["new model"]
    others = [f"with the {name} {_hundred(hits.value)}" for name, hits in named.items() if name != "new model"]
    beside = f"; {wording.enumeration(others)}" if others else ""
    says = (
        f"Of 100 customers, {_hundred(here.value)} (between {_hundred(here.low)} and {_hundred(here.high)}) are shown, "
        f"among {context.k} products, one that they then chose by themselves{beside}."
    )
    if context.variants:
        says += f" {context.variants}"
    drawing = _plot(named, f"customers of 100 who find a product among {context.k}")
    return Plot("Does it find what customers want?", says, drawing)


def _for_whom(context: ModelCardContext) -> Plot | None:
    """Groups of customers that are large enough to be judged; None where there are not two."""
    parts = {_part_name(part): part.figures[f"HR@{context.k}"] for part in _parts(context)}
    if len(parts) < 2:
        return None
    drawing = _plot({"all": _hits(context.model, context)} | parts, "customers of 100 who find a product")
    return Plot("For whom does it work?", f"{_best_and_worst(parts)} A long line means that few were asked.", drawing)


def _best_and_worst(parts: Mapping[str, Interval]) -> str:
    """The parts served best and least well, if their intervals are apart."""
    best, worst = max(parts, key=lambda name: parts[name].value), min(parts, key=lambda name: parts[name].value)
    if parts[best].low <= parts[worst].high:
        return "No part of the customers is clearly served better than another."
    return (
        f"It serves best: {best} ({_hundred(parts[best].value)} of 100); least well: {worst} "
        f"({_hundred(parts[worst].value)} of 100)."
    )


def _shop(context: ModelCardContext) -> Plot | None:
    """How much of the catalogue is shown to anybody; None where that was not measured."""
    shares = {name: model.shares["coverage"] for name, model in _models(context) if "coverage" in model.shares}
    if not shares:
        return None
    others = [f"with the {name} {wording.share(share)}" for name, share in shares.items() if name != "new model"]
    says = f"{wording.share(shares['new model'])} of the products are shown to somebody"
    says += f"; {wording.enumeration(others)}." if others else "."
    drawing = plots.columns([*shares], [*shares.values()], x="", y="products shown", shares=True)
    return Plot("Does it show the whole shop?", says, drawing)


def _why(context: ModelCardContext) -> Section:
    """Every check of the gate, with its result."""
    passed = [_PLAIN.get(name, name) for name, passed in context.checks.items() if passed]
    failed = [name for name, passed in context.checks.items() if not passed]
    reasons = [reason for reason in context.reasons if any(reason.startswith(f"FAIL {name}:") for name in failed)]
    points = [f"Passed: {point}." for point in passed] + [f"Not passed: {reason[5:]}" for reason in reasons]
    return Section("What was asked before the decision", (Listing(tuple(points)),))


def _models(context: ModelCardContext) -> list[tuple[str, Measured]]:
    """The new model, the present one, and the simplest of the others, under plain names."""
    present = [("present model", context.champion)] if context.champion else []
    simplest = [("best-sellers", baseline) for baseline in context.baselines if baseline.name == "popularity"]
    return [("new model", context.model), *present, *simplest]


def _parts(context: ModelCardContext) -> list[Slice]:
    """Customers by how much is known of them and by their skin, in parts of a size that can be judged."""
    return [part for part in context.slices if part.by in ("history", "skin type") and part.customers >= context.few]


def _part_name(part: Slice) -> str:
    if part.by != "history":
        return f"{part.part} skin"
    return f"{part.part} product{'' if part.part == '1' else 's'} so far"


def _hits(model: Measured, context: ModelCardContext) -> Interval:
    return model.figures[f"HR@{context.k}"]


def _hundred(share: float) -> str:
    """So many of 100: 14.5, 0.6; without a fraction from 20 on."""
    return f"{100 * share:.0f}" if share >= 0.2 else f"{100 * share:.1f}".removesuffix(".0")


def _plot(figures: dict[str, Interval], x: str) -> str:
    values, lows, highs = (
        [100 * getattr(figure, end) for figure in figures.values()] for end in ("value", "low", "high")
    )
    return plots.intervals([*figures], values, lows, highs, x=x)
