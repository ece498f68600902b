"""Conducts a survey: writes what raters are handed, imports their ratings and reports the results."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import pandas as pd
from rich.console import Console

from experiments.survey import ratings, report, sheet
from experiments.survey.best_sellers import best_sellers
from experiments.survey.cases import draw_survey, unblinding_key
from feedback.customer_facts import CustomerFacts
from infrastructure.errors import DataError
from infrastructure.files import write_atomically
from infrastructure.workspace import PathInside, Workspace
from recommender.contract.tables import Tables
from recommender.data.cleaning.imputation import without_imputed_values
from recommender.engine.engine import Engine
from recommender.reports.page import about_now
from settings.config import Config

SURVEY_PAGE: Final = "survey.html"
_ALONE: Final = ": there is one model, so it is compared with them (or with --against, the version of a kept bundle)"


@dataclass(frozen=True)
class SurveyFolder:
    """The folder of one survey; raters get only what is in ``hand_out``."""

    root: Path

    hand_out = PathInside("hand-out")
    """The sheet and the page to read."""
    key = PathInside("key.parquet")
    """Which list is which model's."""
    ratings = PathInside("ratings.parquet")
    """All ratings so far."""
    rejected = PathInside("rejected.csv")
    """Rows of the last imported file that could not be used, each with its fault."""


def hand_out_survey(workspace: Workspace, config: Config, against: str | None, console: Console) -> None:
    """Write the sheet and the page for raters, and separately the key.

    ``against`` is the version of the model beside the champion; None for the present challenger or, where there is
    none, best-sellers.

    Raises:
        DataError: There is no champion, or it is compared with itself.
    """
    tables = without_imputed_values(Tables.read(workspace.tables))
    champion, other = _models(workspace, against)
    compared = other or best_sellers(champion, tables, config)
    survey = draw_survey(tables, champion, compared, config, reasons=other is not None)
    folder = SurveyFolder(workspace.surveys / survey.id)
    _write_table(folder.key, unblinding_key(survey, tables.customers))
    write_atomically(folder.hand_out / "sheet.csv", sheet.rating_sheet(survey, tables.products))
    about = about_now(workspace.root.name)
    replace(sheet.rater_page(survey, tables.products), about=about).write_html(folder.hand_out / "lists.html")
    console.print(
        f"{len(survey.cases)} customers, {survey.champion} and {survey.challenger}{'' if other else _ALONE}\n"
        f"hand out   {folder.hand_out}\n"
        f"then       beauty survey-report --ratings the filled sheet",
        highlight=False,
        soft_wrap=True,
    )


def report_survey(
    workspace: Workspace, config: Config, filled: Path | None, survey_id: str | None, console: Console
) -> None:
    """Import a filled sheet, if one is named, and write the report of all ratings of a survey (None: the latest).

    Raises:
        DataError: There is no such survey, no rating yet, or the file cannot be read.
    """
    folder = _folder(workspace, survey_id)
    key = pd.read_parquet(folder.key)
    if filled is not None:
        _import_ratings(folder, key, filled, console)
    rows = report.unblind(pd.read_parquet(folder.ratings), key) if folder.ratings.is_file() else None
    if rows is None or rows.empty:
        raise DataError("There are no ratings yet.", where=str(folder.root), expected="--ratings, a filled sheet")
    tables, salt = Tables.read(workspace.tables), config.serving.customer_salt
    violations = report.count_violations(key, CustomerFacts.from_tables(tables, salt), salt)
    page, target = report.survey_report_page(rows, key, violations, config.survey), workspace.reports / SURVEY_PAGE
    page = replace(page, about=about_now(workspace.root.name))
    page.write(target)
    console.print(f"{page.lead}\n{target}", highlight=False, soft_wrap=True)


def _import_ratings(folder: SurveyFolder, key: pd.DataFrame, filled: Path, console: Console) -> None:
    imported = ratings.read_ratings(filled, str(key["survey"].iloc[0]), frozenset(key["case"]))
    before = pd.read_parquet(folder.ratings) if folder.ratings.is_file() else None
    _write_table(folder.ratings, ratings.merge_ratings(before, imported.ratings))
    faults = pd.DataFrame(imported.rejected, columns=["row", "field", "value", "expected"])
    write_atomically(folder.rejected, faults.to_csv(index=False).encode())
    console.print(f"{len(imported.ratings)} ratings taken, {imported.empty} rows not filled in", highlight=False)
    for fault in imported.rejected:
        console.print(
            f"rejected   row {fault.row}: {fault.field} is {fault.value!r}, expected {fault.expected}",
            markup=False,
            highlight=False,
            soft_wrap=True,
        )


def _models(workspace: Workspace, against: str | None) -> tuple[Engine, Engine | None]:
    """The champion and the other model; None for that where there is no other."""
    champion, challenger = workspace.champion(), workspace.challenger()
    if champion is None:
        raise DataError("There is no champion yet.", where=str(workspace.champion_file), expected="make run")
    tried = workspace.root / str(challenger["bundle"]) if challenger else None
    other = workspace.bundle(against) if against else tried
    return Engine.load(workspace.root / champion["bundle"]), Engine.load(other) if other else None


def _folder(workspace: Workspace, survey_id: str | None) -> SurveyFolder:
    keys = sorted(workspace.surveys.glob("*/key.parquet"), key=lambda path: path.stat().st_mtime)
    surveys = [key.parent for key in keys]
    matching = [folder for folder in surveys if survey_id in (None, folder.name)]
    if not matching:
        expected = f"one of: {', '.join(folder.name for folder in surveys)}" if surveys else "beauty survey first"
        raise DataError("There is no such survey.", where=str(workspace.surveys), value=survey_id, expected=expected)
    return SurveyFolder(matching[-1])


def _write_table(target: Path, table: pd.DataFrame) -> None:
    write_atomically(target, table.to_parquet(index=False))
