import json

import pytest

from components.running.events import StepEvent, StepEventFile
from components.running.step import EVENT_FILE, step
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
