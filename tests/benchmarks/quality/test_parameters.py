"""What quality is measured with, as the command line says it."""

import pytest

from benchmarks.__main__ import app
from infrastructure import progress
from settings.config import Config
from tests.support.command_line import beauty

SOURCE = "name: tiny\nsynthetic: {seed: 0, customers: 60, products: 60, days: 120, dirt: {bots: 0}}\n"


def quality(*arguments, **variables):
    return beauty("quality", *arguments, app=app, **variables)


@pytest.fixture(autouse=True)
def shop(tmp_path, monkeypatch):
    """A folder with a shop and parameters of its own; no handler of one test prints in the next."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "own.yaml").write_text("seed: 5\n")
    (tmp_path / "few.yaml").write_text("tuning: {trials_alone: 2}\n")
    (tmp_path / "tiny.yaml").write_text(f"{SOURCE}config: own.yaml\n")
    (tmp_path / "plain.yaml").write_text(SOURCE)
    yield
    progress.logger.handlers.clear()


@pytest.mark.parametrize(
    ("arguments", "variables", "expected"),
    [
        ([], {}, {"seed": 5}),
        (["--seed", "7"], {}, {"seed": 7}),
        ([], {"BEAUTY_SEED": "7", "BEAUTY_LEAST": "3"}, {"seed": 7, "evaluation": {"minimum_history": 3}}),
        (["--tuned"], {}, {}),
        ([], {"BEAUTY_TUNED": "1"}, {}),
        (["--tuned", "--trials", "3", "--config", "few.yaml"], {}, {"tuning": {"trials": 3, "trials_alone": 2}}),
    ],
)
def test_a_search_for_each_draw_begins_with_the_defaults_and_not_with_what_the_source_names(
    monkeypatch, arguments, variables, expected
):
    measured = []
    monkeypatch.setattr(
        "benchmarks.quality.benchmark_quality", lambda _, config, *__, tuned: measured.append((config, tuned))
    )
    assert quality("--source", "tiny.yaml", *arguments, **variables).exit_code == 0
    assert measured == [(Config.parse(expected, where="test"), "--tuned" in arguments or "BEAUTY_TUNED" in variables)]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--least", "1"], ["the command line", "field: evaluation.minimum_history", "value: 1", "equal to 2"]),
        (["--least", "3", "--split", "customers"], ["field: --least", "value: 3", "expected: another split"]),
        (["--trials", "3"], ["field: --trials", "value: 3", "expected: --tuned"]),
        (["--source", "nowhere.yaml"], ["nowhere.yaml"]),
    ],
)
def test_a_mistake_of_the_user_is_one_short_message_and_exit_code_1(arguments, told):
    done = quality("--source", "plain.yaml", *arguments)
    assert done.exit_code == 1
    assert done.stderr.startswith("Error: ")
    assert len(done.stderr.splitlines()) <= 6
    assert all(part in done.stderr for part in told)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--least", "500"], ["nobody can be tested", "field: evaluation.minimum_history", "value: 500"]),
        (["--draws", "2"], ["field: --draws", "value: 2", "expected: 1, as dates say what is held out"]),
    ],
)
def test_what_the_data_cannot_be_asked_is_told_before_anything_is_fitted(arguments, told):
    done = quality("--source", "plain.yaml", *arguments)
    assert done.exit_code == 1
    assert all(part in done.stderr for part in ["Error: ", *told])
    assert "fitted" not in done.stderr


def test_a_split_that_there_is_not_is_exit_code_2():
    assert quality("--split", "thirds").exit_code == 2
