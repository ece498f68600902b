"""``beauty survey`` and ``beauty survey-report``: hand out a user test, and tell what came back."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd
from rich.console import Console

from experiments.survey import ratings, report, sheet
from experiments.survey.cases import key, survey
from feedback.customer_facts import Declared
from infrastructure.errors import DataError
from infrastructure.files import write_atomically
from infrastructure.workspace import Workspace
from recommender.contract.tables import Tables
from recommender.data.cleaning.imputation import without_imputed_values
from recommender.engine.engine import Engine
from settings.config import Config

HTML: Final = "survey.html"


@dataclass(frozen=True)
class Folder:
    """Where one survey is kept; raters are handed what lies in ``hand_out`` alone."""

    root: Path

    @property
    def hand_out(self) -> Path:
        """The sheet and the page to read."""
        return self.root / "hand-out"

    @property
    def key(self) -> Path:
        """Which list is whose."""
        return self.root / "key.parquet"

    @property
    def ratings(self) -> Path:
        """What came back so far."""
        return self.root / "ratings.parquet"

    @property
    def rejected(self) -> Path:
        """Rows of the file taken in last that could not be used, each with its fault."""
        return self.root / "rejected.csv"


def hand_out(workspace: Workspace, config: Config, against: str | None, console: Console) -> None:
    """Write the sheet and the page for raters, and apart from them the key.

    Args:
        workspace: Of the shop.
        config: Every parameter.
        against: Version of the model that is compared with the champion; None for the present challenger.
        console: Where to tell what to do next.

    Raises:
        DataError: There are not two models.
    """
    models, tables = _models(workspace, against), without_imputed_values(Tables.read(workspace.tables))
    found = survey(tables, *models, config)
    folder = Folder(workspace.surveys / found.id)
    _write_table(folder.key, key(found, tables.customers))
    write_atomically(folder.hand_out / "sheet.csv", sheet.sheet(found, tables.products))
    sheet.page(found, tables.products).write_html(folder.hand_out / "lists.html")
    console.print(
        f"{len(found.cases)} customers, {found.champion} and {found.challenger}\n"
        f"hand out   {folder.hand_out}\n"
        f"then       beauty survey-report --ratings the filled sheet",
        highlight=False,
        soft_wrap=True,
    )


def tell(workspace: Workspace, config: Config, filled: Path | None, named: str | None, console: Console) -> None:
    """Take in a filled sheet, if one is named, and write the report of all that came back.

    Args:
        workspace: Of the shop.
        config: Every parameter.
        filled: CSV that a rater sent back.
        named: The survey's id; None for the one handed out last.
        console: Where to tell what was found.

    Raises:
        DataError: There is no such survey, no rating yet, or the file cannot be read.
    """
    folder = _folder(workspace, named)
    key = pd.read_parquet(folder.key)
    if filled is not None:
        _take_in(folder, key, filled, console)
    rows = report.unblinded(pd.read_parquet(folder.ratings), key) if folder.ratings.is_file() else None
    if rows is None or rows.empty:
        raise DataError("There are no ratings yet.", where=str(folder.root), expected="--ratings, a filled sheet")
    tables, salt = Tables.read(workspace.tables), config.serving.customer_salt
    broken = report.violations(key, Declared.of(tables, salt), salt)
    page, target = report.page(rows, key, broken, config.survey), workspace.reports / HTML
    page.write(target)
    console.print(f"{page.lead}\n{target}", highlight=False, soft_wrap=True)


def _take_in(folder: Folder, key: pd.DataFrame, filled: Path, console: Console) -> None:
    found = ratings.read(filled, str(key["survey"].iloc[0]), frozenset(key["case"]))
    before = pd.read_parquet(folder.ratings) if folder.ratings.is_file() else None
    _write_table(folder.ratings, ratings.merged(before, found.ratings))
    faults = pd.DataFrame(found.rejected, columns=["row", "field", "value", "expected"])
    write_atomically(folder.rejected, faults.to_csv(index=False).encode())
    console.print(f"{len(found.ratings)} ratings taken, {found.empty} rows not filled in", highlight=False)
    for fault in found.rejected:
        console.print(
            f"rejected   row {fault.row}: {fault.field} is {fault.value!r}, expected {fault.expected}",
            markup=False,
            highlight=False,
            soft_wrap=True,
        )


def _models(workspace: Workspace, against: str | None) -> tuple[Engine, Engine]:
    champion, challenger = workspace.champion(), workspace.challenger()
    if champion is None:
        raise DataError("There is no champion yet.", where=str(workspace.champion_file), expected="make run")
    if against is None and challenger is None:
        raise DataError("There is no challenger to compare with.", expected="--against, the version of a kept bundle")
    other = workspace.bundle(against) if against else workspace.root / str((challenger or {})["bundle"])
    return Engine.load(workspace.root / champion["bundle"]), Engine.load(other)


def _folder(workspace: Workspace, named: str | None) -> Folder:
    there = sorted(workspace.surveys.glob("*/key.parquet"), key=lambda path: path.stat().st_mtime)
    found = [path.parent for path in there if named in (None, path.parent.name)]
    if not found:
        expected = f"one of: {', '.join(path.parent.name for path in there)}" if there else "beauty survey first"
        raise DataError("There is no such survey.", where=str(workspace.surveys), value=named, expected=expected)
    return Folder(found[-1])


def _write_table(target: Path, table: pd.DataFrame) -> None:
    write_atomically(target, table.to_parquet(index=False))
