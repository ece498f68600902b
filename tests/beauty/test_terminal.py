"""What a command shows while it works: a live line in a terminal, a line from time to time in a log."""

import io
import logging
from collections.abc import Iterator

import pytest
from rich.console import Console

from beauty import terminal
from infrastructure.progress import Stage, logger, note


@pytest.fixture
def lines() -> Iterator[terminal._Lines]:
    handler = terminal._Lines()
    before = logger.level
    logger.setLevel(logging.INFO)
    logger.addHandler(handler)
    yield handler
    logger.removeHandler(handler)
    logger.setLevel(before)


def tell(handler: terminal._Lines, done: int, now: float) -> None:
    stage = Stage("answering", done, 100, "customers", now or 1.0)
    record = logging.LogRecord("x", logging.INFO, "", 0, str(stage), None, None)
    record.stage, record.created = stage, 1_000 + now
    handler.emit(record)


def test_a_log_has_a_line_every_15_seconds(lines: terminal._Lines) -> None:
    lines._console = Console(file=(shown := io.StringIO()), width=100)
    for second in range(60):
        tell(lines, second, second)
    told = shown.getvalue().splitlines()
    assert len(told) == 4
    assert told[1].strip() == "answering: 15 of 100 customers (15%), about 85 s left"


def test_a_terminal_has_one_line_that_goes_when_the_work_is_done(lines: terminal._Lines) -> None:
    lines._console = Console(file=(shown := io.StringIO()), width=100, force_terminal=True)
    lines._status = lines._console.status("")
    for second in range(3):
        tell(lines, second, second)
    assert lines._status._live.is_started
    tell(lines, 100, 4)
    assert not lines._status._live.is_started
    note("answered", customers=100)
    assert "answered" in shown.getvalue()
