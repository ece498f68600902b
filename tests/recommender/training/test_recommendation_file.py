"""Recommendations in each format: what spreadsheets must not misread, and what programs read back."""

import io
import json
import re
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from infrastructure.errors import RequestError
from recommender.training.recommendation_file import COLUMNS, MOST_SHEET_ROWS, check_rows, check_target, encoded

ROWS = pd.DataFrame(
    [
        (
            "007",
            "=1+1",
            1,
            0.123456789012345,
            '=HYPERLINK("x")',
            None,
            "Customers who have “Crème” also bought it.",
            "bought",
        ),
        ("üser", "00012", 2, 1e-9, '-20 % Serum, "50 ml"\nnew', "@brand", "It is like <a> & b.", "similar concern"),
    ],
    columns=[*COLUMNS],
)


def sheet():
    with zipfile.ZipFile(io.BytesIO(encoded(ROWS, Path("x.xlsx")))) as book:
        return book.read("xl/worksheets/sheet1.xml").decode()


def test_no_cell_of_a_sheet_is_a_formula_and_ids_keep_their_zeros():
    xml = sheet()
    assert "<f>" not in xml
    assert "<hyperlink" not in xml
    assert all(f">{text}<" in xml for text in ("007", "00012", "=1+1", '=HYPERLINK("x")'))
    cells = re.findall(r'<c r="([A-Z]+)2"([^>]*)>', xml)
    assert [("inlineStr" in kind) for _, kind in cells] == [True, True, False, False, True, True, True]
    assert "Crème" in xml


def test_an_unknown_value_is_an_empty_cell():
    assert 'r="F2"' not in sheet()
    assert 'r="F3"' in sheet()


def test_a_text_that_is_longer_than_a_cell_is_cut_and_not_lost():
    long = ROWS.assign(reasons="x" * 40_000)
    with zipfile.ZipFile(io.BytesIO(encoded(long, Path("x.xlsx")))) as book:
        assert "x" * 32_767 + "<" in book.read("xl/worksheets/sheet1.xml").decode()


def test_csv_is_opened_by_excel_as_utf_8_and_names_are_no_formulas():
    content = encoded(ROWS, Path("x.csv"))
    assert content.startswith(b"\xef\xbb\xbf")
    back = pd.read_csv(io.BytesIO(content), encoding="utf-8-sig", dtype=str, keep_default_na=False)
    assert back["product_name"].tolist() == ['\'=HYPERLINK("x")', '\'-20 % Serum, "50 ml"\nnew']
    assert back["brand"].tolist() == ["", "'@brand"]
    # Programs join by ids: they stay what they are.
    assert back["product_id"].tolist() == ["=1+1", "00012"]
    assert back["customer_id"].tolist() == ["007", "üser"]


def test_json_lines_hold_the_same_and_null_for_what_is_not_known():
    lines = [json.loads(line) for line in encoded(ROWS, Path("x.jsonl")).decode().splitlines()]
    assert [[*line] for line in lines] == [[*COLUMNS]] * 2
    assert lines[0]["brand"] is None
    assert lines[1]["product_name"] == ROWS["product_name"][1]
    assert lines[1]["score"] == pytest.approx(1e-9)


def test_parquet_reads_back_as_it_was():
    pd.testing.assert_frame_equal(pd.read_parquet(io.BytesIO(encoded(ROWS, Path("x.parquet")))), ROWS)


@pytest.mark.parametrize("ending", ["csv", "jsonl", "parquet", "xlsx"])
def test_same_rows_same_bytes(ending):
    target = Path(f"x.{ending}")
    check_target(target)
    assert encoded(ROWS, target) == encoded(ROWS.copy(), target)


def test_a_sheet_that_is_too_small_is_told_with_what_to_write_instead():
    check_rows(Path("x.xlsx"), MOST_SHEET_ROWS - 1)
    check_rows(Path("x.csv"), 10 * MOST_SHEET_ROWS)
    with pytest.raises(RequestError, match="1,048,576") as caught:
        check_rows(Path("x.xlsx"), MOST_SHEET_ROWS)
    assert ".parquet" in str(caught.value.expected)


def test_an_empty_table_is_a_heading_alone():
    nothing = ROWS.head(0)
    assert encoded(nothing, Path("x.csv")).decode("utf-8-sig").strip() == ",".join(COLUMNS)
    assert b"PK" in encoded(nothing, Path("x.xlsx"))[:4]
    assert encoded(nothing, Path("x.jsonl")).strip() == b""
    assert np.all(pd.read_parquet(io.BytesIO(encoded(nothing, Path("x.parquet")))).columns == ROWS.columns)
