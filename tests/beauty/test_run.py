"""``beauty run``: mistakes are told before anything is started, and what serves afterwards takes the process over."""

import os
import sys
from pathlib import Path

import pytest

from beauty.terminal import INTERRUPTED
from pipelines.runner import TrainingRun
from tests.support.command_line import beauty


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def source(tmp_path, text="name: shop\nsynthetic: {}\n"):
    path = tmp_path / "source.yaml"
    path.write_text(text)
    return str(path)


@pytest.mark.parametrize(
    ("source_text", "config_text", "said"),
    [
        (None, None, ["no such file", "nowhere.yaml"]),
        ("name: shop\nsynthetic: [", None, ["Not valid YAML", "source.yaml"]),
        ("name: shop\nsynthetic: {costumers: 5}", None, ["source.yaml", "synthetic.costumers", "customers"]),
        ("name: shop\nsynthetic: {}\n", "sed: 1", ["config.yaml", "sed", "seed"]),
        ("name: shop\nsynthetic: {}\n", "seed: many", ["config.yaml", "seed", "'many'", "integer"]),
        ("name: shop\nsynthetic: {}\n", "seed: {", ["Not valid YAML", "config.yaml"]),
    ],
)
def test_bad_files_are_told_on_one_screen_before_anything_is_started(tmp_path, source_text, config_text, said):
    arguments = ["run", "--no-serve", "--source", source(tmp_path, source_text) if source_text else "nowhere.yaml"]
    if config_text:
        (tmp_path / "config.yaml").write_text(config_text)
        arguments += ["--config", "config.yaml"]
    done = beauty(*arguments)
    assert done.exit_code == 1
    assert all(part in done.stderr for part in said), done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) < 12
    assert not (tmp_path / "var").exists()


def test_a_run_takes_the_parameters_that_its_source_names(tmp_path):
    (tmp_path / "own.yaml").write_text("seed: 5\n")
    (tmp_path / "other.yaml").write_text("seed: 7\n")
    named = Path(source(tmp_path, "name: shop\nsynthetic: {}\nconfig: own.yaml\n"))
    assert TrainingRun.prepare(named, None).config.seed == 5
    assert TrainingRun.prepare(named, tmp_path / "other.yaml").config.seed == 7


@pytest.fixture
def no_pipeline(monkeypatch):
    """Nothing is run; the process that would become the server stays, and what it would become is given."""
    became = []
    monkeypatch.setattr(TrainingRun, "execute", lambda *_: None)
    monkeypatch.setattr("pipelines.summary.print_summary", lambda *_: None)
    monkeypatch.setattr("pipelines.summary.example_call", lambda _, port: f"ask port {port}")
    monkeypatch.setattr(os, "execv", lambda *command: became.append(command))
    return became


@pytest.mark.parametrize(
    ("options", "variables", "port"),
    [
        (["--serve"], {}, "3000"),
        (["--serve", "--port", "3456"], {"PORT": "1"}, "3456"),
        (["--serve"], {"PORT": "3456"}, "3456"),
        ([], {"BEAUTY_SERVE": "1", "BEAUTY_PORT": "3456", "PORT": "1"}, "3456"),
    ],
)
def test_the_serving_step_takes_the_process_over(tmp_path, no_pipeline, options, variables, port):
    named = source(tmp_path)
    done = beauty("run", "--source", named, *options, **variables)
    assert done.exit_code == 0
    assert f"ask port {port}" in done.stdout
    command = [sys.executable, "-m", "beauty", "serve", "--source", named, "--port", port]
    assert no_pipeline == [(sys.executable, command)]


@pytest.mark.parametrize(
    ("options", "variables"), [([], {}), (["--no-serve"], {}), ([], {"BEAUTY_SERVE": "0"}), ([], {"BEAUTY_SERVE": ""})]
)
def test_nothing_is_served_outside_of_a_terminal_or_where_it_is_not_wanted(tmp_path, no_pipeline, options, variables):
    assert beauty("run", "--source", source(tmp_path), *options, **variables).exit_code == 0
    assert not no_pipeline


def test_an_interruption_has_the_shells_exit_code_and_says_what_to_do(tmp_path, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(TrainingRun, "execute", interrupted)
    done = beauty("run", "--source", source(tmp_path), "--no-serve")
    assert done.exit_code == INTERRUPTED == 130
    assert done.stderr == "Interrupted. Nothing is left half done; run it again to complete.\n"
