"""How far a piece of work is: told from time to time, with the time that is left at its own pace."""

import logging
from collections.abc import Iterator

import pytest

from infrastructure import progress
from infrastructure.progress import Stage, counted, duration, steps


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.now = 0.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    found = Clock()
    monkeypatch.setattr(progress, "time", found)
    return found


@pytest.fixture
def told(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    with caplog.at_level(logging.INFO, logger=progress.logger.name):
        yield caplog


def test_a_stage_tells_share_and_time_left(clock: Clock, told: pytest.LogCaptureFixture) -> None:
    with steps("fitting", 200, "trees") as work:
        for _ in range(50):
            clock.now += 0.5
            work.advance()
        assert told.messages[-1] == "fitting: 50 of 200 trees (25%), about 75 s left"
    assert told.messages[-1] == "fitting: 50 of 50 trees (100%)"
    assert told.records[-1].__dict__["stage"].is_done


def test_it_tells_no_more_than_once_a_second(clock: Clock, told: pytest.LogCaptureFixture) -> None:
    for _ in counted(range(1000), "reading", 1000):
        clock.now += 0.01
    assert 9 <= len(told.records) <= 11


def test_short_work_says_nothing(clock: Clock, told: pytest.LogCaptureFixture) -> None:
    for _ in counted(range(1000), "reading", 1000):
        clock.now += 0.0005
    assert not told.records


def test_more_than_was_expected_is_no_mistake(clock: Clock) -> None:
    with steps("rows", 10) as work:
        clock.now = 5
        work.advance(20)
        assert work.stage.share == 1
        assert work.stage.seconds_left is None


def test_the_first_of_many_steps_says_nothing_of_the_rest() -> None:
    assert Stage("x", 1, 300, "trees", 16.0).seconds_left is None
    assert Stage("x", 6, 300, "trees", 16.0).seconds_left == pytest.approx(16 * 49)
    assert Stage("x", 1, 12, "epochs", 10.0).seconds_left == pytest.approx(110)


def test_nothing_to_do_is_done() -> None:
    assert Stage("x", 0, 0, "", 1.0).share == 1


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.2, "1 s"), (40, "40 s"), (89, "89 s"), (120, "2 min"), (3600, "1 h 0 min"), (4800, "1 h 20 min")],
)
def test_durations_as_people_say_them(seconds: float, text: str) -> None:
    assert duration(seconds) == text
