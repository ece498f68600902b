"""The model card: what a model is, how good it is and how sure that is, what it may and must not be used for.

Follows Mitchell et al., "Model Cards for Model Reporting" (2019): details, intended use, data, metrics with
their uncertainty, slices, limits.
"""

from pathlib import Path

from recommender.reports import wording
from recommender.reports.card import sections
from recommender.reports.card.context import Measured, ModelCardContext, Slice
from recommender.reports.card.leads import lead_sentence
from recommender.reports.page import Page, about_text

__all__ = ["Measured", "ModelCardContext", "Slice", "model_card", "write_model_card"]

HTML = "model_card.html"


def write_model_card(context: ModelCardContext, folder: Path) -> None:
    """Write the card into ``folder`` as ``model_card.html`` and ``model_card.md``; same context, same bytes."""
    model_card(context).write(folder / HTML)


def model_card(context: ModelCardContext) -> Page:
    """The card as a page."""
    parts = (
        sections.decision_section(context),
        sections.changes_section(context),
        sections.use_section(),
        sections.quality_section(context),
        sections.slices_section(context),
        sections.data_section(context),
        sections.composition_section(context),
        sections.limits_section(context),
        sections.reproduction_section(context),
    )
    lead = f"A hybrid recommender of beauty products, fitted on “{context.data_set}”. {lead_sentence(context)}".strip()
    found = tuple(section for section in parts if section is not None)
    return Page(
        f"Model card {context.version}", lead, _headline(context), found, about_text(context.data_set, context.made)
    )


def _headline(context: ModelCardContext) -> tuple[tuple[str, str], ...]:
    return (
        (context.main_metric, f"{context.model.figures[context.main_metric].value:.3f}"),
        ("customers tested", wording.count(context.tested)),
        ("rules broken", wording.count(context.violations)),
        ("decision", "may go live" if context.promoted else "refused"),
    )
