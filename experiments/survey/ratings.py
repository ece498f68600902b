"""The ratings that came back: validated row by row, and stored once each."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd

from experiments.survey.sheet import FILLED, PREFERENCES
from infrastructure.errors import DataError

RATINGS: Final = ("rating_a", "rating_b")
#: The key of a rating: a rater's later rating of a case replaces the earlier one.
IDENTITY: Final = ["case", "rater"]
RATING_COLUMNS: Final = (*IDENTITY, *RATINGS, "preference", "comment")
_NEEDED: Final = ("survey", "case", *RATINGS, "preference", "rater")
_SCALE: Final = ("1", "2", "3", "4", "5")
_LONGEST_NAME: Final = 80


@dataclass(frozen=True, slots=True)
class RejectedRating:
    """A row that cannot be used, its number as spreadsheets count: the first under the header is 2."""

    row: int
    field: str
    value: str
    expected: str


@dataclass(frozen=True)
class SurveyRatings:
    """The content of a filled sheet.

    Attributes:
        ratings: One row a rating, columns as ``RATING_COLUMNS``.
        rejected: The rows that were filled in wrongly.
        empty: How many rows nobody filled in.
    """

    ratings: pd.DataFrame
    rejected: tuple[RejectedRating, ...]
    empty: int


def read_ratings(path: Path, survey: str, cases: frozenset[str]) -> SurveyRatings:
    """The ratings of a survey's sheet that came back: CSV, with commas or, as some spreadsheets write it, semicolons.

    Raises:
        DataError: The file cannot be read, or lacks a column.
    """
    rows = _rows(path)
    valid: list[dict[str, object]] = []
    rejected: list[RejectedRating] = []
    empty = 0
    for number, row in enumerate(rows, 2):
        if not any(row[name] for name in (*RATINGS, "preference")):
            empty += 1
        elif (fault := _fault(row, survey, cases)) is not None:
            rejected.append(RejectedRating(number, *fault))
        else:
            valid.append(_rating(row))
    return SurveyRatings(_once(pd.DataFrame(valid, columns=list(RATING_COLUMNS))), tuple(rejected), empty)


def merge_ratings(before: pd.DataFrame | None, ratings: pd.DataFrame) -> pd.DataFrame:
    """Earlier ratings and new ones; importing the same file twice changes nothing."""
    both = ratings if before is None or before.empty else pd.concat([before, ratings], ignore_index=True)
    return _once(both)


def _once(ratings: pd.DataFrame) -> pd.DataFrame:
    latest = ratings.drop_duplicates(IDENTITY, keep="last")
    return latest.sort_values(IDENTITY, kind="stable", ignore_index=True)


def _rows(path: Path) -> list[dict[str, str]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise DataError("The ratings cannot be read.", where=str(path), expected="a CSV file in UTF-8") from error
    head = text.partition("\n")[0]
    reader = csv.DictReader(io.StringIO(text), delimiter=";" if head.count(";") > head.count(",") else ",")
    missing = [name for name in _NEEDED if name not in (reader.fieldnames or ())]
    if missing:
        raise DataError(
            "The ratings lack a column.",
            where=str(path),
            field=missing[0],
            expected="the sheet's own columns, filled in",
        )
    return [{name: (row.get(name) or "").strip() for name in (*_NEEDED, *FILLED)} for row in reader]


def _fault(row: Mapping[str, str], survey: str, cases: frozenset[str]) -> tuple[str, str, str] | None:
    """The first wrong field, its value, and what would be right."""
    if row["survey"] != survey:
        return "survey", row["survey"], survey
    if _case(row) not in cases:
        return "case", row["case"], f"a case of the survey, {min(cases)} to {max(cases)}"
    for name in RATINGS:
        if row[name] not in _SCALE:
            return name, row[name], "1, 2, 3, 4 or 5"
    if _preference(row) is None:
        return "preference", row["preference"], ", ".join(PREFERENCES)
    if not 0 < len(row["rater"]) <= _LONGEST_NAME:
        return "rater", row["rater"], f"the rater's name or number, of at most {_LONGEST_NAME} characters"
    return None


def _case(row: Mapping[str, str]) -> str:
    """The case number; a spreadsheet reads 001 as a number and writes 1."""
    return row["case"].zfill(3)


def _preference(row: Mapping[str, str]) -> str | None:
    return {name.lower(): name for name in PREFERENCES}.get(row["preference"].lower())


def _rating(row: Mapping[str, str]) -> dict[str, object]:
    numbers = {name: int(row[name]) for name in RATINGS}
    texts = {"rater": row["rater"], "preference": _preference(row), "comment": row["comment"]}
    return {"case": _case(row), **numbers, **texts}
