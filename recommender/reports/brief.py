"""One page for people who decide whether a model goes live: plain words and three plots."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from recommender.evaluation.metrics import Interval
from recommender.evaluation.slices import OF_PURCHASES
from recommender.reports import plots, wording
from recommender.reports.card.context import Measured, ModelCardContext, Slice
from recommender.reports.card.leads import plain_lead_sentence, simple_name
from recommender.reports.page import Listing, Page, Plot, Section, Text, about_text

HTML = "brief.html"
_SHOWN: Final = ("history", "skin type")
"""What divides the customers whom the plot always shows."""

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
        f"It was tried on {wording.count_of(context.tested, 'customer')} whose purchases it had not seen. "
        f"{plain_lead_sentence(context)}"
    ).strip()
    plots = tuple(plot for plot in (_finds(context), _for_whom(context), _shop(context)) if plot)
    unknown = Section("What this cannot tell", (Listing(_CANNOT_TELL), Text(("The model card has every figure.",))))
    found = (_refusal(context), Section("What was found", plots), _why(context), unknown)
    sections = tuple(section for section in found if section)
    about = about_text(context.data_set, context.made)
    return Page("Should the new recommender go live?", lead, _headline(context), sections, about)


def _outcome(context: ModelCardContext) -> str:
    if not context.promoted:
        return "stays out, and the present one stays" if context.champion or context.unjudged else "stays out"
    if context.unjudged:
        return "is to replace the present one, which this version of the platform cannot judge"
    return "is to replace the present one" if context.champion else "is to go live; it is the first"


def _refusal(context: ModelCardContext) -> Section | None:
    """Why it was refused and what would change that; None where it was not."""
    failed = [name for name, passed in context.checks.items() if not passed]
    points = tuple(_both(_sentence(_said(name, context)), context.advice.get(name, "")) for name in failed)
    return Section("Why it stays out, and what would change that", (Listing(points),)) if points else None


def _both(said: str, advice: str) -> str:
    return f"{said} {advice}".strip()


def _headline(context: ModelCardContext) -> tuple[tuple[str, str], ...]:
    models = _models(context)
    finds = tuple((f"find a product, of 100: {name}", _hundred(_hits(model, context).value)) for name, model in models)
    return (*finds, ("rules broken", wording.count(context.violations)))


def _finds(context: ModelCardContext) -> Plot:
    named = {name: _hits(model, context) for name, model in _models(context)}
    here = named["new model"]
    others = [f"with {_the(name)} {_hundred(hits.value)}" for name, hits in named.items() if name != "new model"]
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
    judged = _judged(context)
    if len(judged) < 2:
        return None
    apart = most_apart(judged, f"HR@{context.k}")
    shown = [part for part in judged if part.by in _SHOWN or part in (apart or ())]
    parts = {_part_name(part): part.figures[f"HR@{context.k}"] for part in shown}
    drawing = _plot({"all": _hits(context.model, context)} | parts, "customers of 100 who find a product")
    says = f"{_difference(apart, judged, context)} A long line means that few were asked."
    return Plot("For whom does it work?", says, drawing)


def _difference(apart: tuple[Slice, Slice] | None, judged: list[Slice], context: ModelCardContext) -> str:
    """The two parts that are served most differently, or that no two are for certain."""
    if apart is None:
        by = wording.enumeration([*dict.fromkeys(part.by for part in judged)])
        return (
            f"Of the {len(judged)} parts with at least {wording.count_of(context.few, 'customer')} (by {by}), no part "
            "is clearly served better than another; small differences may be there all the same."
        )
    best, worst = ((_part_name(part), _hundred(part.figures[f"HR@{context.k}"].value)) for part in apart)
    return f"It serves best: {best[0]} ({best[1]} of 100); least well: {worst[0]} ({worst[1]} of 100)."


def _shop(context: ModelCardContext) -> Plot | None:
    """How much of the catalogue is shown to anybody; None where that was not measured."""
    shares = {name: model.shares["coverage"] for name, model in _models(context) if "coverage" in model.shares}
    if not shares:
        return None
    others = [f"with {_the(name)} {wording.share(share)}" for name, share in shares.items() if name != "new model"]
    says = f"{wording.share(shares['new model'])} of the products are shown to somebody"
    says += f"; {wording.enumeration(others)}." if others else "."
    drawing = plots.columns([*shares], [*shares.values()], x="", y="products shown", shares=True)
    return Plot("Does it show the whole shop?", says, drawing)


def _why(context: ModelCardContext) -> Section:
    """Every check of the gate, with its result."""
    points = [
        f"{'Passed' if passed else 'Not passed'}: {_said(name, context)}" for name, passed in context.checks.items()
    ]
    return Section("What was asked before the decision", (Listing(tuple(points)),))


def _said(name: str, context: ModelCardContext) -> str:
    """A check's result in plain words."""
    return context.said.get(name, name)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _models(context: ModelCardContext) -> list[tuple[str, Measured]]:
    """The new model, the present one, the strongest simple one and the best-sellers, under plain names."""
    present = [("present model", context.champion)] if context.champion else []
    known = [model for model in context.baselines if model.plain.startswith("best-sellers (")]
    # Best-sellers may be the strongest themselves.
    simple = {simple_name(model): model for model in (context.strongest, *known[:1]) if model}
    return [("new model", context.model), *present, *simple.items()]


def _the(name: str) -> str:
    """The name of a model as it stands in a sentence."""
    return f"the {name}" if name in ("new model", "present model") else name


def _judged(context: ModelCardContext) -> list[Slice]:
    """Parts of the customers of a size that can be judged; what was bought is no part of them."""
    return [part for part in context.slices if part.by not in OF_PURCHASES and part.customers >= context.few]


def most_apart(parts: Sequence[Slice], metric: str) -> tuple[Slice, Slice] | None:
    """Of any two parts whose intervals are apart, the two with the widest gap: better, worse; None without any."""
    pairs = [(a, b) for a in parts for b in parts if a.figures[metric].low > b.figures[metric].high]
    return max(pairs, key=lambda pair: pair[0].figures[metric].value - pair[1].figures[metric].value, default=None)


def _part_name(part: Slice) -> str:
    if part.by == "skin type":
        return f"{part.part} skin"
    if part.by != "history":
        return f"{part.by} {part.part}"
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
