"""What raters are handed: a sheet to fill in and a page to read; neither says which model a list is from."""

import csv
import io
from collections.abc import Iterator
from typing import Any, Final

import pandas as pd

from experiments.survey.cases import Survey, SurveyCase
from infrastructure.spreadsheets import no_formula
from recommender.contract import columns as c
from recommender.contract.query import Item
from recommender.reports import wording
from recommender.reports.page import Listing, Page, Section, Text

#: The columns that a rater fills in.
FILLED: Final = ("rating_a", "rating_b", "preference", "rater", "comment")
COLUMNS: Final = ("survey", "case", "customer", "list_a", "list_b", *FILLED)
PREFERENCES: Final = ("A", "B", "none")

_RECENT: Final = 5
_LEAD: Final = (
    "For each customer, look at both lists and imagine being that customer. Rate each list from 1 (of no use) to 5 "
    "(just right), say which one you prefer (A, B or none), and put your name or number into each row of the sheet."
)


def rating_sheet(survey: Survey, products: pd.DataFrame) -> bytes:
    """The sheet as CSV that spreadsheets open: one row a case, with empty cells to fill in."""
    names, out = _product_labels(products), io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for case in survey.cases:
        lists = ["\n".join(_lines(side, names)) for side in case.lists]
        customer = "\n".join(_about(case, names))
        row = {"survey": survey.id, "case": case.case, "customer": customer, "list_a": lists[0], "list_b": lists[1]}
        writer.writerow([no_formula(row.get(name, "")) for name in COLUMNS])
    # With the mark by which spreadsheets know UTF-8.
    return out.getvalue().encode("utf-8-sig")


def rater_page(survey: Survey, products: pd.DataFrame) -> Page:
    """The same as a page, to be read or printed."""
    names = _product_labels(products)
    sections = tuple(
        Section(
            f"Customer {case.case}",
            (
                Text(tuple(_about(case, names))),
                *(
                    block
                    for name, side in zip("AB", case.lists, strict=True)
                    for block in (Text((f"List {name}",)), Listing(tuple(_lines(side, names)), ordered=True))
                ),
            ),
        )
        for case in survey.cases
    )
    return Page(f"Which list is better? Survey {survey.id}", _LEAD, (("customers", str(len(survey.cases))),), sections)


def _product_labels(products: pd.DataFrame) -> dict[str, str]:
    """The label of each product: name, brand and price, as far as they are known."""
    rows: list[dict[str, Any]] = products[
        [n for n in (c.PRODUCT_ID, c.NAME, c.BRAND, c.PRICE) if n in products]
    ].to_dict("records")  # type: ignore[assignment]
    return {str(row[c.PRODUCT_ID]): ", ".join(_label_parts(row)) for row in rows}


def _label_parts(row: dict[str, Any]) -> Iterator[str]:
    yield str(row.get(c.NAME) or row[c.PRODUCT_ID])
    if isinstance(row.get(c.BRAND), str):
        yield str(row[c.BRAND])
    if pd.notna(row.get(c.PRICE)):
        yield f"{float(row[c.PRICE]):.2f}"


def _lines(items: tuple[Item, ...], labels: dict[str, str]) -> list[str]:
    lines = [
        labels.get(item.product_id, item.product_id) + "".join(f" ({why.text})" for why in item.reasons)
        for item in items
    ]
    return lines or ["(nothing)"]


def _about(case: SurveyCase, labels: dict[str, str]) -> list[str]:
    """What is known of the customer, without the identity."""
    profile = case.query.profile
    facts = {
        "Skin": profile.skin_type,
        "Age": profile.age,
        "Concerns": wording.enumeration(list(profile.concerns)),
        "Avoids": wording.enumeration(list(profile.avoided_ingredients)),
        "Bought last": "; ".join(labels.get(product, product) for product in case.query.products[-_RECENT:]),
    }
    return [f"{name}: {value}" for name, value in facts.items() if value]
