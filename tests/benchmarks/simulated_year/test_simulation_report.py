"""What is said of years, from years made up for it."""

from xml.etree import ElementTree

import pytest

from benchmarks.simulated_year.plan import SCHEDULE, SEASON, TASTES, WITHDRAWAL, YearPlan
from benchmarks.simulated_year.plot import year_plot
from benchmarks.simulated_year.policies import RetrainingRecord
from benchmarks.simulated_year.report import false_alarms, policy_table, relative_quality, retraining_table
from benchmarks.simulated_year.year import Week, Year

QUIET = 2


def year(policy="trigger", quality=1.0, bad_rows=0, **fired):
    """A year of even quality, with retrainings after weeks named w3 and so on."""
    done = {int(week[1:]): retrained for week, retrained in fired.items()}
    weeks = tuple(Week(quality, done.get(number)) for number in range(YearPlan().weeks))
    return Year(policy, weeks, bad_rows)


def retrained(*reasons, outcome="promoted"):
    return RetrainingRecord(outcome, reasons)


@pytest.mark.parametrize(
    ("week", "reason", "alarms"),
    [
        (QUIET, "drift", 1),
        (QUIET, "performance", 1),
        (QUIET, "age", 0),
        (WITHDRAWAL.first, "performance", 0),
        (TASTES.answer_by, "drift", 0),
        (TASTES.answer_by + 1, "drift", 1),
    ],
)
def test_an_alarm_is_false_when_nothing_had_happened(week, reason, alarms):
    assert not any(each.is_answered(QUIET) for each in SCHEDULE)
    assert false_alarms(year(**{f"w{week}": retrained(reason)})) == alarms


def test_share_of_the_standards_quality():
    found = relative_quality(year(quality=0.9), year(quality=1.2), seed=0)
    assert found.value == found.low == found.high == pytest.approx(0.75)


def test_the_summary_has_a_row_for_each_way_with_its_counts():
    years = {
        "never": year("never", 0.5),
        "weekly": year("weekly", 1.0, w0=retrained("schedule"), w1=retrained("schedule", outcome="failed")),
        "trigger": year("trigger", 0.97, bad_rows=3, w2=retrained("drift", outcome="refused")),
    }
    never, weekly, trigger = [line.split(" | ") for line in policy_table(years, seed=0).splitlines()[2:]]
    assert never[1:] == ["0.500", "50.0% (50.0% to 50.0%)", "0", "0, 0, 0", "0", "0 |"]
    assert weekly[1:] == ["1.000", "", "2", "1, 0, 1", "0", "0 |"]
    assert trigger[1:] == ["0.970", "97.0% (97.0% to 97.0%)", "1", "0, 1, 0", "1", "3 |"]


def test_firings_name_what_had_happened_and_what_stood_against_it():
    details = {"gate": ["pass rules: 0 break one.", "FAIL coverage: too few.", "FAIL slice a = b: worse."]}
    refused = RetrainingRecord.from_details("refused", details, ["performance", "age"])
    told = retraining_table(year(w2=retrained("age"), w9=refused))
    assert "| 2 | nothing | age | promoted |" in told
    assert f"| 9 | {WITHDRAWAL.name} | performance, age | refused: coverage, slice a = b |" in told


def test_of_an_error_the_beginning_is_told():
    error = "The file cannot be read: no footer\n  where: x"
    assert RetrainingRecord.from_details("failed", {"error": error}, ["age"]).obstacles == ("The file cannot be read",)


def test_the_picture_names_every_happening_and_every_way():
    drawn = year_plot({"never": year("never"), "weekly": year("weekly"), "trigger": year(w5=retrained("age"))})
    ElementTree.fromstring(drawn)
    for text in (*(each.name for each in SCHEDULE), "retrained never", "retrained every week", SEASON.name):
        assert text in drawn
    assert drawn == year_plot({"never": year("never"), "weekly": year("weekly"), "trigger": year(w5=retrained("age"))})
