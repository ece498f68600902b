"""Sentences on whether a model is better than the strongest simple one, as far as the test can tell."""

from recommender.evaluation.metrics import Interval
from recommender.reports.card.context import Measured, ModelCardContext


def is_certain(lead: Interval) -> bool:
    """Whether a lead's interval is above zero."""
    return lead.low > 0


def lead_sentence(context: ModelCardContext) -> str:
    """In figures of the main metric, for the card; empty where there is no simple model to compare with."""
    strongest = context.strongest
    if strongest is None or context.main_metric not in strongest.leads:
        return ""
    lead = strongest.leads[context.main_metric]
    return (
        f"The strongest simple model, {strongest.name} ({context.strongest_by}), reaches "
        f"{strongest.figures[context.main_metric].value:.3f}: this model's lead is {lead.value:+.3f} "
        f"({lead.low:+.3f} to {lead.high:+.3f}), {_verdict(lead, 'this model')}. No rule (stock, avoided ingredients) "
        "holds a simple model back."
    )


def plain_lead_sentence(context: ModelCardContext) -> str:
    """The same in customers of a hundred, for the brief."""
    strongest, metric = context.strongest, f"HR@{context.k}"
    if strongest is None or metric not in strongest.leads:
        return ""
    lead = strongest.leads[metric]
    return (
        f"The strongest simple method is {simple_name(strongest)}, {context.strongest_by}. With the new model "
        f"{_difference(lead)}: {_verdict(lead, 'the new model')}."
    )


def simple_name(model: Measured) -> str:
    """A simple model in words of the shop."""
    return model.plain or model.name


def _difference(lead: Interval) -> str:
    """A lead of 2.4 (1.1 to 3.7) hundredths as words."""
    low, high = _more(lead.low), _more(lead.high)
    return f"{_more(lead.value)} of 100 customers find a product (between {low} and {high})"


def _more(lead: float) -> str:
    """0.024 -> "2.4 more"."""
    return f"{100 * abs(lead):.1f} {'fewer' if lead < 0 else 'more'}"


def _verdict(lead: Interval, model: str) -> str:
    if is_certain(lead):
        return f"{model} is certainly better"
    if lead.high < 0:
        return f"{model} is certainly worse, and the simple one would serve customers better"
    return f"it is not certain that {model} is better at all"
