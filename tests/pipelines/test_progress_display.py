import io

from rich.console import Console

from components.running.events import StepEvent
from pipelines.progress_display import LiveTable, LogLines, choose_display, figures_text

EVENTS = [
    StepEvent("train", "started", time=100.0),
    StepEvent("train", "note", "ease fitted", {"products": 12101, "seconds": 3.25}, time=103.0),
    StepEvent("train", "finished", time=104.5),
    StepEvent("gate", "started", time=104.6),
    StepEvent("gate", "failed", "No.\n  where: here", time=104.7),
]


def test_figures_are_written_as_people_read_them():
    assert figures_text({"rows_kept": 12101, "ndcg": 0.05512, "path": "a.csv"}) == (
        "rows kept 12,101 · ndcg 0.05512 · path a.csv"
    )


def test_a_log_gets_one_plain_line_an_event():
    console = Console(file=io.StringIO(), width=40)
    display = choose_display(console)
    assert isinstance(display, LogLines)
    for event in EVENTS:
        display.show(event)
    lines = console.file.getvalue().splitlines()
    assert len(lines) == len(EVENTS)
    assert lines[1].endswith("train       ease fitted  products 12,101 · seconds 3.25")
    assert lines[2].endswith("train       done in 4.5 s")
    assert lines[4].endswith("gate        No.")
    assert "\x1b" not in console.file.getvalue()


def test_a_terminal_gets_one_row_a_step():
    console = Console(file=io.StringIO(), width=100, force_terminal=True)
    display = choose_display(console)
    assert isinstance(display, LiveTable)
    with display.open():
        for event in EVENTS:
            display.show(event)
    shown = console.file.getvalue().splitlines()
    assert any("✓" in line and "train" in line and "4.5 s" in line and "ease fitted" in line for line in shown)
    assert any("✗" in line and "gate" in line for line in shown)
