import json
import threading
import time

import pytest

from components.running import step as step_module
from components.running.events import StepEvent, StepEventFile
from components.running.step import EVENT_FILE, step
from infrastructure import progress
from infrastructure.errors import DataError
from infrastructure.progress import note


@pytest.fixture
def events(tmp_path, monkeypatch):
    path = tmp_path / "events.jsonl"
    monkeypatch.setenv(EVENT_FILE, str(path))
    return StepEventFile(path)


def test_a_step_tells_its_start_notes_and_end(events, capsys):
    with step("prepare"):
        note("cleaned", rows=3)
    found = list(events.new())
    assert [(e.step, e.kind, e.text, e.figures) for e in found] == [
        ("prepare", "started", "", {}),
        ("prepare", "note", "cleaned", {"rows": 3}),
        ("prepare", "finished", "", {}),
    ]
    assert "prepare note cleaned rows=3" in capsys.readouterr().out


def test_a_mistake_of_the_user_is_told_in_full(events):
    error = DataError("There is no such file.", where="a.csv", field="file")
    with pytest.raises(DataError), step("ingest"):
        raise error
    last = list(events.new())[-1]
    assert (last.kind, last.text, last.mendable) == ("failed", str(error), True)


def test_a_bug_is_told_by_its_type(events):
    with pytest.raises(ZeroDivisionError), step("train"):
        _ = 1 / 0
    last = list(events.new())[-1]
    assert (last.text, last.mendable) == ("ZeroDivisionError: division by zero", False)


def test_notes_between_steps_reach_nobody(events):
    with step("train"):
        pass
    list(events.new())
    note("too late")
    assert list(events.new()) == []


def test_only_new_and_whole_lines_are_read(tmp_path):
    path = tmp_path / "events.jsonl"
    reader = StepEventFile(path)
    assert list(reader.new()) == []
    StepEvent("a", "started").append(path)
    assert [e.step for e in reader.new()] == ["a"]
    line = json.dumps({"step": "b", "kind": "started"})
    with path.open("a") as file:
        file.write(line[:9])
    assert list(reader.new()) == []
    with path.open("a") as file:
        file.write(line[9:] + "\n")
    assert [e.step for e in reader.new()] == ["b"]


def test_how_far_a_step_is_reaches_the_file_each_second_and_a_log_from_time_to_time(events, capsys, monkeypatch):
    monkeypatch.setattr(progress, "REPORT_SECONDS", 0.0)
    with step("train"), progress.steps("fitting", 100, "trees") as work:
        for _ in range(100):
            work.advance()
    found = [event for event in events.new() if event.kind == "progress"]
    assert len(found) > 100
    assert found[24].text.startswith("fitting: 25 of 100 trees (25%), about ")
    assert capsys.readouterr().out.count("progress") == 0  # all of it within the first seconds


def test_a_step_that_can_say_nothing_is_heard_of(events, capsys, monkeypatch):
    monkeypatch.setattr(step_module, "SILENT_SECONDS", 0.0)
    monkeypatch.setattr(step_module, "LOG_SECONDS", 0.0)
    with step("train"):
        note("described candidates", customers=9)
        time.sleep(2.5)
    found = [event.text for event in events.new() if event.kind == "progress"]
    assert 1 <= len(found) <= 3
    assert all(text.startswith("described candidates … still at work, ") for text in found)
    assert "train progress described candidates … still at work, 1 s in all" in capsys.readouterr().out


def test_after_a_step_nothing_beats(events, monkeypatch):
    monkeypatch.setattr(step_module, "SILENT_SECONDS", 0.0)
    with step("train"):
        pass
    before = threading.active_count()
    list(events.new())
    time.sleep(1.2)
    assert list(events.new()) == []
    assert threading.active_count() == before
