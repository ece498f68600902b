"""The sections of a model card."""

from collections.abc import Mapping

from recommender.reports import plots, wording
from recommender.reports.card.context import Interval, ModelCardContext
from recommender.reports.page import Block, Listing, Plot, Section, Table, Text

_THIS = "this model"
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
    "The figures tell how well purchases that were held out are foreseen. That a product is bought does not prove "
    "that it helped the skin; only customers' later ratings and a test with real customers can tell.",
    "Held-out purchases were made under the shop's former display: what was never shown could not be bought, and "
    "counts as wrong here.",
)


def decision(context: ModelCardContext) -> Section:
    """What the gate decided, and why."""
    against = f"the champion {context.champion}" if context.champion else "no champion: this is the first model"
    verdict = "may go live" if context.promoted else "does not go live"
    why = Text((f"Judged against {against}. The model {verdict}, because:",))
    return Section("Decision", (why, Listing(context.reasons)))


def use() -> Section:
    """What the model may and must not be used for."""
    blocks = (Listing(_USE), Text(("What it must not be used for:",)), Listing(_NOT_FOR))
    return Section("What it is for, and what not", blocks)


def quality(context: ModelCardContext) -> Section:
    """Every metric of this model, the champion and the simpler models."""
    models = _models(context)
    blocks: list[Block] = [Text((context.split, _rules_sentence(context))), _metrics_table(context, models)]
    if len(models) > 1:
        blocks.append(_comparison(context, models))
    return Section("How good it is", tuple(blocks))


def slices(context: ModelCardContext) -> Section | None:
    """The metrics by part of the customers; None where none were measured."""
    if not context.slices:
        return None
    main = context.main_metric
    found = {part.name: part.metrics[main] for part in context.slices if main in part.metrics}
    plot = Plot(
        title=f"{main} by part of the customers",
        says="Where an interval is wide, few customers were tested.",
        svg=_interval_plot({"all": context.metrics[main], **found}, main),
    )
    return Section("For whom it works better or worse", (_slices_table(context), plot))


def data(context: ModelCardContext) -> Section:
    """What the model was fitted on, and what it knows of ingredients."""
    rows = {name: wording.count(number) for name, number in context.rows.items()}
    blocks = [
        Text((f"Fitted on the data set “{context.data_set}”, version {context.data_version}.",)),
        _two_columns("Tables", "table", "rows", rows),
    ]
    if context.knowledge:
        blocks.append(_two_columns("Ingredient knowledge used", "what", "how much", context.knowledge))
    return Section("Data and knowledge", tuple(blocks))


def composition(context: ModelCardContext) -> Section | None:
    """Model families with their weights, and every parameter."""
    weights = {name: f"{weight:g}" for name, weight in context.weights.items()}
    tables = (
        _two_columns("Families in the blend", "family", "weight", weights),
        _two_columns("Parameters", "parameter", "value", context.parameters),
    )
    found = tuple(table for table in tables if table.rows)
    return Section("What it is made of", found) if found else None


def limits(context: ModelCardContext) -> Section:
    """What the figures do not tell."""
    return Section("Limits", (Listing((*_ALWAYS_LIMITED, *context.limits)),))


def reproduction(context: ModelCardContext) -> Section:
    """How to make the same model again."""
    text = (
        f"The same data ({context.data_version}), parameters and seed ({context.seed}) give the same model, "
        f"byte for byte, with these versions on the same kind of machine."
    )
    return Section(
        "How to make it again", (Text((text,)), _two_columns("Software", "library", "version", context.software))
    )


def _rules_sentence(context: ModelCardContext) -> str:
    if context.violations == 0:
        return "No list of the test broke a rule (avoided ingredients, stock, dismissed and owned products)."
    return f"{wording.counted(context.violations, 'recommended product')} broke a rule: this must be mended first."


def _models(context: ModelCardContext) -> dict[str, Mapping[str, Interval]]:
    """This model, the champion and the simpler models, by the name shown."""
    champion = {f"champion {context.champion}": context.champion_metrics} if context.champion_metrics else {}
    return {_THIS: context.metrics, **champion, **context.baselines}


def _metrics_table(context: ModelCardContext, models: Mapping[str, Mapping[str, Interval]]) -> Table:
    """One row a model, one column a metric."""
    names = list(context.metrics)
    says = (
        f"{wording.counted(context.tested, 'customer')}, whole catalogue ranked; in brackets the "
        f"{context.confidence:.0%} interval (bootstrap over customers)."
    )
    rows = tuple((model, *_cells(found, names)) for model, found in models.items())
    return Table("Metrics", ("model", *names), rows, "l" + "r" * len(names), says)


def _slices_table(context: ModelCardContext) -> Table:
    names = list(context.slices[0].metrics)
    rows = tuple((s.name, wording.count(s.customers), *_cells(s.metrics, names)) for s in context.slices)
    heads = ("part", "customers", *names)
    return Table("Metrics by part of the customers", heads, rows, "lr" + "r" * len(names), _weak_slices(context))


def _cells(found: Mapping[str, Interval], names: list[str]) -> list[str]:
    return [str(found[name]) if name in found else "" for name in names]


def _comparison(context: ModelCardContext, models: Mapping[str, Mapping[str, Interval]]) -> Plot:
    metric = context.main_metric
    found = {name: metrics[metric] for name, metrics in models.items() if metric in metrics}
    best = max((name for name in found if name != _THIS), key=lambda name: found[name].value)
    here, other = found[_THIS].value, found[best].value
    says = f"This model reaches {here:.3f}, the best of the others ({best}) {other:.3f}: {here - other:+.3f}."
    return Plot(f"{metric} of each model", says, _interval_plot(found, metric))


def _interval_plot(found: Mapping[str, Interval], metric: str) -> str:
    values = found.values()
    return plots.intervals(
        list(found), [i.value for i in values], [i.low for i in values], [i.high for i in values], x=metric
    )


def _weak_slices(context: ModelCardContext) -> str:
    """Names the parts that are served worse than all customers together."""
    main = context.main_metric
    floor = context.metrics[main].low
    weak = [part.name for part in context.slices if main in part.metrics and part.metrics[main].high < floor]
    if not weak:
        return f"By {main}, no part lies clearly below all customers together."
    return f"By {main}, clearly below all customers together: {wording.listed(weak)}."


def _two_columns(title: str, name: str, value: str, rows: Mapping[str, object]) -> Table:
    return Table(title, (name, value), tuple((key, str(found)) for key, found in rows.items()), "lr")
