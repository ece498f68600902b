"""What raters are handed: a sheet to fill in, and a page to read; neither says which model a list is from."""

import csv
import io
from collections.abc import Iterator
from typing import Any, Final

import pandas as pd

from experiments.survey.cases import Case, Survey
from recommender.contract import columns as c
from recommender.contract.query import Item
from recommender.reports import wording
from recommender.reports.page import Listing, Page, Section, Text

#: What a rater fills in.
FILLED: Final = ("rating_a", "rating_b", "preference", "rater", "comment")
COLUMNS: Final = ("survey", "case", "customer", "list_a", "list_b", *FILLED)
PREFERENCES: Final = ("A", "B", "none")

_RECENT: Final = 5
#: A cell that begins so is a formula to a spreadsheet; names of products come from outside.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_LEAD: Final = (
    "For each customer, look at both lists and imagine being that customer. Rate each list from 1 (of no use) to 5 "
    "(just right), say which one you prefer (A, B or none), and put your name or number into each row of the sheet."
)


def sheet(found: Survey, products: pd.DataFrame) -> bytes:
    """The sheet as CSV that spreadsheets open: one row a case, with empty cells to fill in."""
    told, out = _names(products), io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for case in found.cases:
        lists = ["\n".join(_lines(side, told)) for side in case.lists]
        customer = "\n".join(_about(case, told))
        row = {"survey": found.id, "case": case.case, "customer": customer, "list_a": lists[0], "list_b": lists[1]}
        writer.writerow([_plain(row.get(name, "")) for name in COLUMNS])
    # With the mark by which spreadsheets know UTF-8.
    return out.getvalue().encode("utf-8-sig")


def page(found: Survey, products: pd.DataFrame) -> Page:
    """The same to be read or printed."""
    told = _names(products)
    sections = tuple(
        Section(
            f"Customer {case.case}",
            (
                Text(tuple(_about(case, told))),
                *(
                    block
                    for name, side in zip("AB", case.lists, strict=True)
                    for block in (Text((f"List {name}",)), Listing(tuple(_lines(side, told)), ordered=True))
                ),
            ),
        )
        for case in found.cases
    )
    return Page(f"Which list is better? Survey {found.id}", _LEAD, (("customers", str(len(found.cases))),), sections)


def _names(products: pd.DataFrame) -> dict[str, str]:
    """What is said of each product: name, brand and price, as far as they are known."""
    rows: list[dict[str, Any]] = products[
        [n for n in (c.PRODUCT_ID, c.NAME, c.BRAND, c.PRICE) if n in products]
    ].to_dict("records")  # type: ignore[assignment]
    return {str(row[c.PRODUCT_ID]): ", ".join(_said(row)) for row in rows}


def _said(row: dict[str, Any]) -> Iterator[str]:
    yield str(row.get(c.NAME) or row[c.PRODUCT_ID])
    if isinstance(row.get(c.BRAND), str):
        yield str(row[c.BRAND])
    if pd.notna(row.get(c.PRICE)):
        yield f"{float(row[c.PRICE]):.2f}"


def _lines(items: tuple[Item, ...], told: dict[str, str]) -> list[str]:
    lines = [
        told.get(item.product_id, item.product_id) + "".join(f" ({why.text})" for why in item.reasons) for item in items
    ]
    return lines or ["(nothing)"]


def _about(case: Case, told: dict[str, str]) -> list[str]:
    """What is known of the customer, without who it is."""
    profile = case.query.profile
    said = {
        "Skin": profile.skin_type,
        "Age": profile.age,
        "Concerns": wording.enumeration(list(profile.concerns)),
        "Avoids": wording.enumeration(list(profile.avoided_ingredients)),
        "Bought last": "; ".join(told.get(product, product) for product in case.query.products[-_RECENT:]),
    }
    return [f"{name}: {value}" for name, value in said.items() if value]


def _plain(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text
