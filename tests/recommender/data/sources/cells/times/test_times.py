"""Times in foreign columns: each is read right, stays for the quarantine, or stops the run with what would be right."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infrastructure.errors import ConfigError, DataError
from infrastructure.settings import checked
from recommender.data.sources.cells.times import whole_columns
from recommender.data.sources.description.table_source import TableSource
from recommender.data.sources.description.time_settings import EPOCHS, EXCEL
from recommender.data.sources.ingest import ingest
from recommender.data.sources.mapping import map_columns

BERLIN = {"timezone": "Europe/Berlin"}


def read(cells: Any, **how: Any) -> list[Any]:
    """What a column of times becomes: UTC texts to the minute, other texts as they are, None."""
    source = {"file": "x.csv", "columns": {"time": {"from": "x", **how}}}
    frame = pd.DataFrame({"x": cells})
    found = map_columns(frame, "transactions", checked(TableSource, source, where="test"))["time"]
    return [_shown(cell) for cell in found.astype(object)]


def _shown(cell: Any) -> Any:
    if cell is None or cell is pd.NaT or cell != cell:
        return None
    try:
        return pd.to_datetime(cell, utc=True, format="ISO8601").strftime("%Y-%m-%d %H:%M")
    except (ValueError, TypeError):
        return cell


DATED = "%d.%m.%Y %H:%M"
READ = [
    (["26.10.2025 02:30 CET", "26.10.2025 02:30 CEST"], {"format": f"{DATED} %Z"},
     ["2025-10-26 01:30", "2025-10-26 00:30"]),
    (["26.10.2025 02:30 Europe/Berlin"], {"format": f"{DATED} %Z"}, ["2025-10-26 00:30"]),
    (["26.07.2025 02:30 CST"], {"format": f"{DATED} %Z"}, ["2025-07-26 08:30"]),
    (["26.07.2025 02:30 CST"], {"format": f"{DATED} %Z", "timezone": "Asia/Shanghai"}, ["2025-07-25 18:30"]),
    (["02.11.2025 01:30 EST", "02.11.2025 01:30 EDT"], {"format": f"{DATED} %Z", "timezone": "America/New_York"},
     ["2025-11-02 06:30", "2025-11-02 05:30"]),
    (["26.07.2025 02:30 QQQ", "26.07.2025 02:30 UTC"], {"format": f"{DATED} %Z"},
     ["26.07.2025 02:30 QQQ", "2025-07-26 02:30"]),
    (["26.10.2025 02:30", "26.07.2025 12:00"], {"format": DATED, **BERLIN}, ["2025-10-26 00:30", "2025-07-26 10:00"]),
    (["2025-07-01 12:00", "2025-07-01T12:00Z", "2025-07-01 12:00+05", "2025-12-01"], BERLIN,
     ["2025-07-01 10:00", "2025-07-01 12:00", "2025-07-01 07:00", "2025-11-30 23:00"]),
    ([datetime(2025, 7, 1, 12), datetime(2025, 7, 1, 12, tzinfo=UTC)], BERLIN,
     ["2025-07-01 10:00", "2025-07-01 12:00"]),
    ([datetime(2025, 7, 1, 12, tzinfo=timezone(timedelta(hours=2))), None], {}, ["2025-07-01 10:00", None]),
    ([date(2025, 7, 1)], BERLIN, ["2025-06-30 22:00"]),
    (pd.Series(pd.to_datetime(["2025-07-01 12:00"])), BERLIN, ["2025-07-01 10:00"]),
    (pd.Series(pd.to_datetime(["2025-07-01 12:00"])), {"format": "%d.%m.%Y"}, ["2025-07-01 12:00"]),
    (["1735725600"], {"format": "s", **BERLIN}, ["2025-01-01 10:00"]),
    (["1735725600000000"], {"format": "us"}, ["2025-01-01 10:00"]),
    (["1735725600000000000"], {"format": "ns"}, ["2025-01-01 10:00"]),
    ([45658.5, 45658], {"format": "excel"}, ["2025-01-01 12:00", "2025-01-01 00:00"]),
    ([20250101, None], {"format": "%Y%m%d"}, ["2025-01-01 00:00", None]),
    (["01/01/25", "01/01/99"], {"format": "%d/%m/%y"}, ["2025-01-01 00:00", "1999-01-01 00:00"]),
    (["2025-01-01 10:00 +0200", "2025-01-01 10:00 Z"], {"format": "%Y-%m-%d %H:%M %z"},
     ["2025-01-01 08:00", "2025-01-01 10:00"]),
    (["1. January 2025", "1. März 2025"], {"format": "%d. %B %Y"}, ["2025-01-01 00:00", "1. März 2025"]),
]  # fmt: skip
"""Cells, what the source says of them, and what they are."""


@pytest.mark.parametrize(("cells", "how", "wanted"), READ)
def test_a_time_is_read_right(cells: Any, how: dict[str, Any], wanted: list[Any]) -> None:
    assert read(cells, **how) == wanted


def test_an_hour_that_the_clocks_left_out_stays_with_its_reason() -> None:
    left_out = "30.03.2025 02:30 (an hour that the clocks left out)"
    assert read(["30.03.2025 02:30", "31.03.2025 02:30"], format=DATED, **BERLIN) == [left_out, "2025-03-31 00:30"]


def test_an_hour_that_came_twice_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    notes: list[tuple[str, dict[str, Any]]] = []
    monkeypatch.setattr(whole_columns, "note", lambda text, **figures: notes.append((text, figures)))
    read(["2025-10-26 02:30", "2025-10-26 02:45", "2025-10-26 03:30"], **BERLIN)
    read(["2025-10-25 02:30"], **BERLIN)
    assert notes == [("time: an hour that came twice, read as its first", {"rows": 2})]


@pytest.mark.parametrize(
    "cell", ["2025-01-01 24:00", "2025-06-30 23:59:60", "0000-00-00", "9999-12-31", "-1", "yesterday", "2025-02-30"]
)
def test_what_is_no_time_stays_as_it_was(cell: str) -> None:
    assert read(["2025-01-01 10:00", cell], format="%Y-%m-%d %H:%M")[1] == cell
    assert read(["2025-01-01 10:00", cell], **BERLIN)[1] == cell


def test_date_and_time_of_day_may_stand_in_two_columns() -> None:
    source = {"file": "x.csv", "columns": {"time": {"from": ["day", "clock"], "format": DATED}}}
    theirs = pd.DataFrame({"day": ["01.07.2025", "02.07.2025"], "clock": ["12:00", None]})
    found = map_columns(theirs, "transactions", checked(TableSource, source, where="test"))["time"]
    assert [_shown(cell) for cell in found] == ["2025-07-01 12:00", "02.07.2025"]


MIXED = ["%d.%m.%Y %H:%M", "%Y-%m-%d", "s", "iso"]


def test_the_first_of_several_formats_that_reads_a_cell_counts() -> None:
    cells = ["01.07.2025 12:00", "2025-07-02", "1735725600", "2025-07-01T12:00Z", None, "soon", "30.03.2025 02:30"]
    found = ["2025-07-01 10:00", "2025-07-01 22:00", "2025-01-01 10:00", "2025-07-01 12:00", None, "soon"]
    left_out = "30.03.2025 02:30 (an hour that the clocks left out)"
    assert read(cells, format=MIXED, **BERLIN) == [*found, left_out]
    assert read(["2025-07-02 10:00 CEST", "02.07.2025"], format=["%Y-%m-%d %H:%M %Z", "%d.%m.%Y"]) == [
        "2025-07-02 08:00", "2025-07-02 00:00",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("cells", "form", "said"),
    [
        (["31.12.2025"], ["%d/%m/%Y", "%Y-%m-%d"], ["by one of its formats", "format: '%d.%m.%Y'"]),
        (["13/01/2025", "01/13/2025", "2025-01-01"], ["%d/%m/%Y", "%Y-%m-%d"], ["1 of 3 values", "01/13/2025"]),
        (["2025-13-01", "2025-01-02", "1.1.2025"], ["iso", "%d.%m.%Y"], ["1 of 2 values", "2025-13-01"]),
        (["1735725600", "1.1.2025"], ["%d.%m.%Y", "ms"], ["'ms'", "1970-01-21"]),
    ],
)
def test_several_formats_are_checked_as_one_is(cells: list[Any], form: list[str], said: list[str]) -> None:
    with pytest.raises(DataError) as caught:
        read(cells, format=form)
    assert not [words for words in said if words not in str(caught.value)], str(caught.value)


@pytest.mark.parametrize(
    ("day", "clock", "how", "wanted"),
    [
        (["01.07.2025", "02.07.2025"], ["12:00", None], {"format": [DATED, "%d.%m.%Y"], **BERLIN},
         ["2025-07-01 10:00", "2025-07-01 22:00"]),
        ([datetime(2025, 7, 1), datetime(2025, 7, 2)], ["12:00", None], {"format": DATED, **BERLIN},
         ["2025-07-01 10:00", "2025-07-01 22:00"]),
        ([date(2025, 7, 1)], [time(12, 30)], BERLIN, ["2025-07-01 10:30"]),
        ([datetime(2025, 7, 1), None], [datetime(1899, 12, 30, 9, 5), time(8)], {}, ["2025-07-01 09:05", None]),
        ([date(2025, 7, 1), date(2025, 7, 2)], ["noon", "12:00"], {}, ["2025-07-01 noon", "2025-07-02 12:00"]),
        ([20250701], ["0930"], {"format": "%Y%m%d %H%M"}, ["2025-07-01 09:30"]),
        (["7/1/2025"], ["9:30 PM"], {"format": "%m/%d/%Y %I:%M %p", "timezone": "America/New_York"},
         ["2025-07-02 01:30"]),
    ],
)  # fmt: skip
def test_a_date_and_a_time_of_day_of_any_type_are_one_time(day: Any, clock: Any, how: Any, wanted: list[Any]) -> None:
    source = {"file": "x.csv", "columns": {"time": {"from": ["day", "clock"], **how}}}
    theirs = pd.DataFrame({"day": day, "clock": pd.Series(clock, dtype=object)})
    found = map_columns(theirs, "transactions", checked(TableSource, source, where="test"))["time"]
    assert [_shown(cell) for cell in found.astype(object)] == wanted


EARLY_DAYS = [f"{month:02}/{day:02}/2025" for month in (1, 2) for day in (3, 5, 13, 25)]
REFUSED = [
    (
        EARLY_DAYS,
        {"format": "%d/%m/%Y"},
        ["4 of 8 values", "01/13/2025", "format: '%m/%d/%Y', which reads every value"],
    ),
    (
        ["13/01/2025", "01/13/2025", "02/02/2025"],
        {"format": "%d/%m/%Y"},
        ["1 of 3 values", "one order in the whole column"],
    ),
    (["2025-13-01", "2025-02-01"], {}, ["1 of 2 values", "2025-13-01", "format: '%Y-%d-%m'"]),
    (["31.12.2025", "01.02.2025"], {}, ["without a format", "31.12.2025", "format: '%d.%m.%Y'"]),
    (["31.12.2025 10:00"], {"format": "%d.%m.%Y"}, ["'%d.%m.%Y'", "format: '%d.%m.%Y %H:%M'"]),
    (["31.12.25"], {"format": "%d.%m.%Y"}, ["format: '%d.%m.%y'"]),
    (["31.12.2025"], {"format": "%d.%m.%y"}, ["format: '%d.%m.%Y'"]),
    ([1735725600], {}, ["without a format", "1735725600", "format: 's'"]),
    ([45658], {}, ["without a format", "45658", "format: 'excel'"]),
    ([1735725600000], {"format": "s"}, ["'s'", "1735725600000", "format: 'ms'"]),
    ([1735725600], {"format": "ms"}, ["'ms'", "1970-01-21", "1735725600", "format: 's'"]),
    (["24. Dezember 2025"], {"format": "%d. %B %Y"}, ["24. Dezember 2025", "months as numbers or in English"]),
]


@pytest.mark.parametrize(("cells", "how", "said"), REFUSED)
def test_a_column_in_another_format_stops_the_run_with_the_right_one(
    cells: list[Any], how: dict[str, Any], said: list[str]
) -> None:
    with pytest.raises(DataError) as caught:
        read(cells, **how)
    message = str(caught.value)
    assert not [words for words in [*said, "where: x.csv", "field: time"] if words not in message], message


def test_a_single_mistake_in_a_long_column_stops_nothing() -> None:
    days = [f"{day % 28 + 1:02}.{day % 12 + 1:02}.2025" for day in range(300)]
    assert read([*days, "12.13.2025"], format="%d.%m.%Y")[-1] == "12.13.2025"
    assert read(["2025-13-01", *["2025-01-31"] * 300])[0] == "2025-13-01"


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"format": "DD.MM.YYYY"}, ["DD.MM.YYYY", "%d day"]),
        ({"format": "%d.%M.%Y"}, ["does not say a month (%M are minutes)"]),
        ({"format": "%d.%m"}, ["does not say a year"]),
        ({"format": "%Q"}, ["%Q, which is not known"]),
        ({"format": ["%d.%m.%Y", "%Q"]}, ["%Q, which is not known"]),
        ({"format": ["%d.%m.%Y", "%m.%d.%Y"]}, ["read the same text as different days"]),
        ({"format": []}, ["a format is missing"]),
        ({"format": "%Z %d.%m.%Y"}, ["only at the end"]),
        ({"timezone": "Berlin"}, ["no time zone 'Berlin'", "Europe/Berlin"]),
        ({"timezone": "../etc/passwd"}, ["no time zone"]),
    ],
)
def test_a_format_or_zone_that_cannot_be_is_told_before_anything_is_read(how: dict[str, Any], said: list[str]) -> None:
    with pytest.raises(ConfigError) as caught:
        read(["x"], **how)
    assert not [words for words in said if words not in str(caught.value)], str(caught.value)


def test_only_times_have_a_format(data_set: Any) -> None:
    data_set.described["tables"]["products"]["columns"]["price"] = {"from": "price", "format": "%d.%m.%Y"}
    with pytest.raises(ConfigError, match=r"(?s)Only a date or time has a format.*price"):
        ingest(data_set.source)


CELL = st.one_of(
    st.none(), st.text(max_size=6), st.integers(), st.floats(), st.booleans(), st.dates(), st.datetimes(),
    st.sampled_from(["1.2.25", "13.2.2025 02:30", "26.10.2025 02:30 CET", "30.03.2025 02:30 Europe/Berlin", "1e30"]),
    st.datetimes(timezones=st.just(UTC)),
)  # fmt: skip
FORMS = [
    None,
    "iso",
    ["%d.%m.%Y", "iso", "ms"],
    [f"{DATED} %Z", EXCEL],
    *EPOCHS,
    EXCEL,
    "%d.%m.%Y",
    "%m/%d/%y",
    f"{DATED} %Z",
    f"{DATED} %z",
    "%d %b %Y",
    "%Y-%j",
]


@settings(max_examples=60, derandomize=True)
@given(cells=st.lists(CELL, max_size=6), form=st.sampled_from(FORMS), zone=st.sampled_from([None, "Europe/Berlin"]))
def test_whatever_a_column_holds_it_is_read_or_refused_with_words(
    cells: list[Any], form: str | list[str] | None, zone: str | None
) -> None:
    try:
        found = read(pd.Series(cells, dtype=object), format=form, timezone=zone)
    except DataError:
        return
    assert len(found) == len(cells)
