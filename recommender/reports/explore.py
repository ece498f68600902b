"""The exploration report: one HTML page that shows what a data set is before anything is learned from it."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from recommender.contract.tables import Tables
from recommender.data.cleaning.imputation import without_imputed_values
from recommender.data.interactions import interactions
from recommender.knowledge.knowledge import Knowledge
from recommender.reports import wording
from recommender.reports.exploration.avoided import avoided_section
from recommender.reports.exploration.catalogue import catalogue_section
from recommender.reports.exploration.histories import histories_section
from recommender.reports.exploration.ingredients import ingredients_section
from recommender.reports.exploration.missing import missing_section
from recommender.reports.exploration.overview import overview_section, period
from recommender.reports.exploration.people import people_section
from recommender.reports.exploration.popularity import popularity_section
from recommender.reports.exploration.ratings import ratings_section
from recommender.reports.exploration.rejected import rejected_section
from recommender.reports.exploration.seasons import seasons_section
from recommender.reports.page import Listing, Page, Section

_LEAD = "What the cleaned data holds and what cleaning set aside. Every sentence is computed from this data."


def write_exploration(
    tables: Tables, quarantine: pd.DataFrame, target: Path, warnings: Sequence[str] = (), about: str = ""
) -> dict[str, float]:
    """Write the report on clean tables and the rejected rows' records as one self-contained HTML file.

    Tables and columns that the data set lacks are left out of the page; they are no error. ``warnings``
    (:func:`recommender.reports.warnings.data_warnings`) stand first; ``about`` names data set and date
    (:func:`recommender.reports.page.about_text`).

    Returns:
        The headline figures by name: interactions, customers, products, density (share of customer-product pairs),
        quarantined (rows), gini, median_history, median_days_between, mean_rating, ...; unknown ones are left out.
    """
    sections = [*_warned(warnings), *_sections(without_imputed_values(tables), quarantine)]
    figures = {name: value for section in sections for name, value in section.figures.items()}
    Page("What is in the data", _LEAD, _headline(figures), tuple(sections), about).write_html(target)
    return figures


def _warned(warnings: Sequence[str]) -> list[Section]:
    figures = {"warnings": float(len(warnings))}
    return [Section("What to look at first", (Listing(tuple(warnings)),), figures)] if warnings else []


def _sections(tables: Tables, quarantine: pd.DataFrame) -> list[Section]:
    uses = interactions(tables)
    span = period(uses)
    found = (
        overview_section(tables, uses),
        rejected_section(tables, quarantine),
        missing_section(tables),
        popularity_section(tables, uses),
        histories_section(tables, uses),
        seasons_section(uses),
        ratings_section(tables),
        people_section(tables, span[1].year if span else None),
        avoided_section(tables, Knowledge.load()),
        catalogue_section(tables, uses),
        ingredients_section(tables, Knowledge.load()),
    )
    return [section for section in found if section is not None]


def _headline(figures: dict[str, float]) -> tuple[tuple[str, str], ...]:
    shown = {
        "interactions": ("interactions", wording.count),
        "customers": ("customers", wording.count),
        "products": ("products", wording.count),
        "density": ("density", wording.share),
        "median_history": ("interactions of a customer (median)", wording.amount),
        "median_days_between": ("days between purchases (median)", wording.count),
        "mean_rating": ("mean rating", wording.amount),
        "quarantined": ("rows set aside", wording.count),
    }
    return tuple((label, write(figures[name])) for name, (label, write) in shown.items() if name in figures)
