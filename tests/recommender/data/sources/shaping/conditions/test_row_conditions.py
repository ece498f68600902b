"""Rows that a source does not want."""

from datetime import datetime
from typing import Any

import pytest

from infrastructure.errors import ConfigError, DataError
from recommender.data.sources.shaping.conditions import row_filter
from tests.support.shaped_tables import shaped

CELLS = {
    "status": ["paid", " paid ", "voided", None, "NA"],
    "sku": ["p1", "GIFT-WRAP", "p2", "p3", "Gift card"],
    "price": ["1.234,50", "0", "-5", "", "12"],
    "n": [1, 2.5, True, None, "x"],
}


@pytest.mark.parametrize(
    ("where", "kept"),
    [
        ({"status": "paid"}, [0, 1]),
        ({"status": ["paid", "voided"]}, [0, 1, 2]),
        ({"status": {"is_not": "voided"}}, [0, 1, 3, 4]),
        ({"status": {"is_not": ["voided", None]}}, [0, 1]),
        ({"status": None}, [3, 4]),
        ({"status": {"is": ["voided", None]}}, [2, 3, 4]),
        ({"status": {"missing": True}}, [3, 4]),
        ({"status": {"missing": False}}, [0, 1, 2]),
        ({"sku": {"matches_not": "(?i)gift"}}, [0, 2, 3]),
        ({"sku": {"matches": "^p", "is_not": ["p1"]}}, [2, 3]),
        ({"price": {"least": 0.01}}, [0, 4]),
        ({"price": {"most": 12, "least": 0}}, [1, 4]),
        ({"status": "paid", "sku": "p1"}, [0]),
        ({"n": 1}, [0]),
        ({"n": True}, [2]),
        ({"n": {"least": 2}}, [1]),
    ],
)
def test_only_rows_that_fulfil_it_are_kept(where: Any, kept: list[int]) -> None:
    found = shaped(CELLS, where=where, decimal=",", missing=["NA"])
    assert [row["sku"] for row in found] == [CELLS["sku"][place] for place in kept]


@pytest.mark.filterwarnings("error")
def test_a_pattern_may_have_groups() -> None:
    found = shaped(CELLS, where={"sku": {"matches_not": "(?i)(gift|tip)"}})
    assert [row["sku"] for row in found] == ["p1", "p2", "p3"]


TIMES = ["31.12.2023 23:30", "01.01.2024 00:30", "31.01.2024 23:59", "01.02.2024", None, "soon"]


@pytest.mark.parametrize(
    ("bounds", "kept"),
    [
        ({"least": "2024-01-01"}, [1, 2, 3]),
        ({"least": "2023-12-31T23:00:00+00:00"}, [1, 2, 3]),
        ({"most": "2024-01-31"}, [0, 1, 2]),
        ({"least": "2024-01-01", "most": "2024-01-31T12:00"}, [1]),
    ],
)
def test_times_are_compared_as_they_are_read_where_they_are_mapped(bounds: Any, kept: list[int]) -> None:
    columns = {"time": {"from": "t", "format": ["%d.%m.%Y %H:%M", "%d.%m.%Y"], "timezone": "Europe/Berlin"}}
    found = shaped({"t": TIMES}, columns=columns, where={"t": bounds})
    assert [row["t"] for row in found] == [TIMES[place] for place in kept]


def test_times_of_a_file_that_has_them_as_times() -> None:
    cells = [datetime(2024, 1, 1), datetime(2024, 2, 1)]
    assert shaped({"t": cells}, where={"t": {"most": "2024-01-01"}}) == [{"t": cells[0]}]


def test_how_many_are_left_out_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    notes: list[tuple[str, dict[str, Any]]] = []
    monkeypatch.setattr(row_filter, "note", lambda text, **figures: notes.append((text, figures)))
    shaped(CELLS, where={"status": "paid"})
    shaped(CELLS, where={"sku": {"missing": False}})
    assert notes == [("rows that 'where' leaves out of x.csv", {"rows": 3, "kept": 2})]


def test_if_none_is_left_the_error_says_what_there_is() -> None:
    with pytest.raises(DataError) as caught:
        shaped(CELLS, where={"sku": {"missing": False}, "status": ["Paid", "fulfilled"]})
    message = str(caught.value)
    wanted = ["x.csv", "field: where.status", "{'is': ['Paid', 'fulfilled']}", "paid (2)", "voided (1)", "(empty) (1)"]
    assert not [words for words in wanted if words not in message], message


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ({"x": {}}, "a condition says 'is'"),
        ({"x": {"matches": "("}}, "no regular expression"),
        ({"x": {"least": "soon"}}, "neither a number nor a date such as 2024-01-31"),
        ({"x": {"least": "2024-01-01", "most": 7}}, "both numbers or both times"),
        ({"x": {"above": 7}}, "is_not, least, matches"),
    ],
)
def test_a_condition_that_cannot_be_is_told_before_anything_is_read(where: Any, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        shaped({"x": [1]}, where=where)
