"""``python -m benchmarks``: each benchmark gets what the command line, or make, names."""

import os

import pytest

from benchmarks.__main__ import app
from infrastructure import progress
from tests.support.command_line import beauty

NAMES = [
    "quality", "diversity", "guests", "reasons", "gate", "safety", "engine", "serving", "data", "ingest", "fit",
    "collector", "cleaning",
    "labels", "drift-alarms", "experiments", "erasures", "simulated-year", "drift-demo",
]  # fmt: skip


@pytest.fixture(autouse=True)
def quiet(monkeypatch):
    """No handler of one test prints in the next, and no test computes on one thread for it."""
    monkeypatch.setenv("OMP_NUM_THREADS", os.environ.get("OMP_NUM_THREADS", "2"))
    yield
    progress.logger.handlers.clear()


def run(*arguments, **variables):
    return beauty(*arguments, app=app, **variables)


def test_there_is_a_command_for_each():
    assert [command.callback.__name__.replace("_", "-") for command in app.registered_commands] == NAMES
    assert all(run(name, "--help").exit_code == 0 for name in NAMES)


def test_a_benchmark_that_there_is_not_is_exit_code_2():
    assert run("speed").exit_code == 2


@pytest.fixture
def called(monkeypatch):
    calls = []
    for module in ("fit", "data", "engine", "cleaning", "reasons"):
        function = f"benchmarks.{module}.benchmark.benchmark_{module}"
        monkeypatch.setattr(function, lambda *arguments: calls.append(arguments))
    return calls


def test_lists_are_separated_by_blanks_in_a_variable(called):
    run("fit", BEAUTY_SIZES="0.1 1", BEAUTY_NETWORK_UP_TO="0.5")
    run("fit", "--sizes", "2", "--sizes", "3", "--ask", "50")
    run("cleaning", BEAUTY_SOURCES="sources/a.yaml sources/b.yaml", BEAUTY_FIGURES="docs/figures")
    (first, _), (second, _), (source, others, folder) = called
    assert (list(first.sizes), first.network_up_to, list(first.ask)) == ([0.1, 1], 0.5, [100])
    assert (list(second.sizes), second.network_up_to, list(second.ask)) == ([2, 3], 1, [50])
    assert [source.as_posix(), *(other.as_posix() for other in others), folder.as_posix()] == [
        "sources/synthetic.yaml", "sources/a.yaml", "sources/b.yaml", "docs/figures",
    ]  # fmt: skip


def test_defaults_are_those_of_the_published_figures(called):
    run("data")
    run("engine", BEAUTY_ROUNDS="3")
    run("cleaning")
    data, engine, cleaning = called
    assert (list(data[0]), *data[1:]) == ([100_000, 1_000_000, 10_000_000], 1_000_000, 1, None)
    assert (list(engine[1]), *engine[2:]) == ([100_000, 1_000_000], 3, 500, None)
    assert cleaning[1:] == ([], None)


@pytest.mark.parametrize("name", ["engine", "fit"])
def test_what_is_timed_alone_computes_on_one_thread(called, name):
    run(name)
    assert len(called) == 1
    assert os.environ["OMP_NUM_THREADS"] == "1"
