import io
from itertools import pairwise

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


def progress_events(seconds: int) -> list[StepEvent]:
    """A step that reports each second."""
    told = [StepEvent("train", "progress", f"fitting: {at} of {seconds}", time=100.0 + at) for at in range(seconds)]
    return [StepEvent("train", "started", time=100.0), *told]


def test_no_line_of_a_log_stands_still_over_30_seconds_while_work_is_reported():
    console = Console(file=io.StringIO(), width=80)
    display = choose_display(console)
    for event in progress_events(480):
        display.show(event)
    lines = console.file.getvalue().splitlines()
    told = [int(line.split(":")[1].split()[0]) for line in lines if "fitting" in line]
    assert all(later - earlier <= 30 for earlier, later in pairwise([0, *told, 480]))
    assert len(lines) < 480 / 10  # and it is not flooded


def test_a_terminals_line_moves_with_the_work_and_leaves_no_trace():
    console = Console(file=io.StringIO(), width=100, force_terminal=True)
    display = LiveTable(console)
    for event in progress_events(3):
        display.show(event)
    with console.capture() as shown:
        console.print(display._table())
    assert "fitting: 2 of 3" in shown.get()
    display.show(StepEvent("train", "note", "fitted", time=104.0))
    display.show(StepEvent("train", "finished", time=105.0))
    with console.capture() as shown:
        console.print(display._table())
    assert "fitting" not in shown.get()
    assert "fitted" in shown.get()


def test_a_long_step_says_what_it_took_before_this_run():
    console = Console(file=io.StringIO(), width=100)
    display = choose_display(console, {"train": 480.0, "gate": 2.0})
    for event in EVENTS:
        display.show(event)
    lines = console.file.getvalue().splitlines()
    assert lines[0].endswith("train       ... of about 8 min")
    assert lines[3].endswith("gate        ...")
    live = LiveTable(console, {"train": 480.0})
    live.show(EVENTS[0])
    with console.capture() as shown:
        console.print(live._table())
    assert "of about 8 min" in shown.get()
