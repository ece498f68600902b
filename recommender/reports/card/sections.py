"""The sections of a model card."""

from collections.abc import Mapping

from recommender.evaluation.metrics import Interval
from recommender.reports import plots, wording
from recommender.reports.card.changes import shown
from recommender.reports.card.context import Measured, ModelCardContext, Slice
from recommender.reports.card.leads import lead_sentence
from recommender.reports.page import Block, Listing, Plot, Section, Table, Text

_USE = (
    "Order the products of this shop's catalogue for a customer, from what the customer has bought or rated and, "
    "where the customer gives it, skin type, concerns, age and region.",
    "Leave out what the customer avoids, has dismissed or cannot buy; that is done by rules, not by scores.",
    "Say with each product why it is shown.",
)
_NOT_FOR = (
    "It is not medical advice. It does not diagnose, treat or rule out any condition of the skin; a customer with "
    "symptoms belongs with a pharmacist or a physician.",
    "It must not be the only protection of a person with an allergy: ingredient lists can be incomplete or out of "
    "date. The label on the pack decides.",
    "It must not be used to infer a person's health, origin or income, to set prices, or to decide what a person "
    "is refused.",
)
_ALWAYS_LIMITED = (
    "The figures show how well held-out purchases are predicted. That a product is bought does not prove "
    "that it helped the skin; only customers' later ratings and a test with real customers can show it.",
    "Held-out purchases were made under the shop's former display: what was never shown could not be bought, and "
    "counts as wrong here.",
)

_LISTS_SAY = (
    "Coverage: share of the catalogue in any list. Gini: 0 all products are recommended alike, 1 one alone. Novelty: "
    "of how few customers use what is recommended. Diversity: of two products in a list, how often their categories "
    "differ. Popularity lift: how much more used the recommended products are than those the same customers have."
)


def decision_section(context: ModelCardContext) -> Section:
    """What the gate decided, and why."""
    verdict = "may go live: every check was passed" if context.promoted else "does not go live: a check failed"
    why = Text((f"Judged against {_judged_against(context)}. The model {verdict}.",))
    # What was not passed stands first.
    return Section("Decision", (why, Listing(tuple(sorted(context.reasons, key=lambda line: line[:4] != "FAIL")))))


def _judged_against(context: ModelCardContext) -> str:
    if context.champion:
        return f"the {context.champion.name}"
    if context.unjudged:
        return f"no champion: {context.unjudged} is of another version of the platform and cannot be compared"
    return "no champion: this is the first model"


def changes_section(context: ModelCardContext) -> Section | None:
    """What differs from the champion; None where there is none."""
    if context.champion is None:
        return None
    title = f"What changed since the {context.champion.name}"
    if not context.changes:
        return Section(title, (Text(("Nothing that is recorded: same parameters, same amount of data.",)),))
    return Section(title, (Table("Data, parameters, cost", ("what", "before", "now"), context.changes, "lrr"),))


def use_section() -> Section:
    """What the model may and must not be used for."""
    blocks = (Listing(_USE), Text(("What it must not be used for:",)), Listing(_NOT_FOR))
    return Section("What it is for, and what not", blocks)


def quality_section(context: ModelCardContext) -> Section:
    """Every figure of this model, the champion and the simpler models."""
    held_out = (context.split, *filter(None, [context.variants]))
    blocks: list[Block] = [Text((*held_out, _rules_sentence(context))), _figures_table(context)]
    if len(_models(context)) > 1:
        blocks.append(_comparison(context))
    blocks += [_lists_table(context)] if context.model.shares else []
    blocks += [_two_columns("Cost", "what", "how much", context.costs)] if context.costs else []
    return Section("How good it is", tuple(blocks))


def slices_section(context: ModelCardContext) -> Section | None:
    """The figures by part of the customers; None where none were measured."""
    if not context.slices:
        return None
    main = context.main_metric
    large = {part.name: part.figures[main] for part in _large_slices(context)}
    says = f"Parts of at least {wording.count_of(context.few, 'customer')}; where an interval is wide, few were tested."
    drawing = _interval_plot({"all": context.model.figures[main]} | large, main)
    plot = Plot(f"{main} by part of the customers", says, drawing)
    blocks = (_slices_table(context), plot) if large else (_slices_table(context),)
    return Section("For whom it works better or worse", blocks)


def data_section(context: ModelCardContext) -> Section:
    """What the model was fitted on, and what is known of ingredients."""
    fitted_on = {name: wording.count(number) for name, number in context.fitted_on.items()}
    tables = (
        _two_columns(f"Fitted on “{context.data_set}”", "what", "how many", fitted_on),
        _two_columns("Ingredient knowledge used", "what", "how many", context.knowledge),
    )
    return Section("Data and knowledge", tuple(table for table in tables if table.rows))


def composition_section(context: ModelCardContext) -> Section | None:
    """Model families with their weights, and every other parameter."""
    tables = (
        _two_columns("Families: weights and settings", "family or setting", "value", context.families),
        _two_columns("Parameters", "parameter", "value", context.parameters),
    )
    found = tuple(table for table in tables if table.rows)
    return Section("What it is made of", found) if found else None


def limits_section(context: ModelCardContext) -> Section:
    """What the figures do not tell."""
    return Section("Limits", (Listing((*_ALWAYS_LIMITED, *context.limits)),))


def reproduction_section(context: ModelCardContext) -> Section:
    """How to make the same model again."""
    text = (
        f"The same data, parameters and seed ({context.seed}) give the same model, byte for byte, "
        f"with these versions on the same kind of machine."
    )
    software = _two_columns("Software", "library", "version", context.software)
    return Section("How to make it again", (Text((text,)), software))


def _rules_sentence(context: ModelCardContext) -> str:
    if context.violations == 0:
        return "No list of the test broke a rule (avoided ingredients, stock, dismissed and owned products)."
    return f"{wording.count_of(context.violations, 'recommended product')} broke a rule: this must be mended first."


def _models(context: ModelCardContext) -> list[Measured]:
    """This model first, then the champion and the simple models, the strongest first."""
    return [context.model, *([context.champion] if context.champion else []), *context.baselines]


def _figures_table(context: ModelCardContext) -> Table:
    """One row a model, one column a figure."""
    metrics = list(context.model.figures)
    says = (
        f"{wording.count_of(context.tested, 'customer')}, whole catalogue ranked; in brackets the 95% interval "
        f"(bootstrap over customers)."
    )
    rows = tuple((m.name, *_cells(m.figures, metrics)) for m in _models(context))
    return Table("Figures", ("model", *metrics), rows, "l" + "r" * len(metrics), says)


def _lists_table(context: ModelCardContext) -> Table:
    """What each model's lists are like."""
    shares = list(context.model.shares)
    rows = tuple(
        (m.name, *(f"{m.shares[name]:.3f}" if name in m.shares else "" for name in shares)) for m in _models(context)
    )
    return Table("What the lists are like", ("model", *shares), rows, "l" + "r" * len(shares), _LISTS_SAY)


def _slices_table(context: ModelCardContext) -> Table:
    metrics = list(context.slices[0].figures)
    rows = tuple((s.by, s.part, wording.count(s.customers), *_cells(s.figures, metrics)) for s in context.slices)
    heads = ("by", "part", "customers", *metrics)
    return Table("Figures by part of the customers", heads, rows, "llr" + "r" * len(metrics), _weak_slices(context))


def _cells(figures: Mapping[str, Interval], names: list[str]) -> list[str]:
    found = {name: f"{one.value:.3f} ({one.low:.3f}\N{EN DASH}{one.high:.3f})" for name, one in figures.items()}
    return [found.get(name, "") for name in names]


def _comparison(context: ModelCardContext) -> Plot:
    metric = context.main_metric
    figures = {model.name: model.figures[metric] for model in _models(context) if metric in model.figures}
    best = max(list(figures)[1:], key=lambda name: figures[name].value)
    here, other = context.model.figures[metric].value, figures[best].value
    says = (
        f"This model reaches {here:.3f}, the best of the others on this test ({best}) {other:.3f}: {here - other:+.3f}."
    )
    says = f"{says} {lead_sentence(context)}".strip()
    return Plot(f"{metric} of each model", says, _interval_plot(figures, metric))


def _interval_plot(figures: Mapping[str, Interval], metric: str) -> str:
    found = figures.values()
    return plots.intervals(
        list(figures), [i.value for i in found], [i.low for i in found], [i.high for i in found], x=metric
    )


def _weak_slices(context: ModelCardContext) -> str:
    """Names the parts that are served worse than all customers together."""
    main = context.main_metric
    floor = context.model.figures[main].low
    weak = [part.name for part in _large_slices(context) if part.figures[main].high < floor]
    of = f"By {main}, of the parts of at least {wording.count_of(context.few, 'customer')},"
    return f"{of} clearly below all together: {wording.enumeration(weak) if weak else 'none'}."


def _large_slices(context: ModelCardContext) -> list[Slice]:
    return [part for part in context.slices if part.customers >= context.few]


def _two_columns(title: str, name: str, value: str, rows: Mapping[str, object]) -> Table:
    return Table(title, (name, value), tuple((key, shown(found)) for key, found in rows.items()), "lr")
