"""The command line itself: what it knows, how it explains itself, and how it ends."""

import os
import signal
import subprocess
import sys

import pandas as pd
import pytest
import yaml

from beauty.command_line import app
from beauty.options import OVERLAYS
from deployment.doctor import Finding
from infrastructure import progress
from infrastructure.errors import DataError
from settings.config import Config
from tests.support.command_line import beauty
from tests.support.paths import ROOT

SOURCE = "name: tiny\nsynthetic: {seed: 0, customers: 60, products: 60, days: 120, dirt: {bots: 0}}\n"
COMMANDS = {
    "Your shop": ["init"],
    "Everyday": ["run", "serve", "recommend", "config", "status"],
    "Data": ["quarantine", "validate-knowledge"],
    "Models and experiments": [
        "tune", "compile", "submit", "monitor", "experiment", "power", "survey", "survey-report", "kpis",
    ],
    "Operations": ["collect", "forget", "doctor", "deploy", "undeploy", "images", "ask"],
}  # fmt: skip
NAMES = [name for names in COMMANDS.values() for name in names]
TAKES_NO_SOURCE = {"init", "compile", "kpis", "doctor", "deploy", "undeploy", "images", "ask"}


@pytest.fixture(autouse=True)
def quiet():
    """No handler of one test prints in the next."""
    yield
    progress.logger.handlers.clear()


@pytest.mark.parametrize("width", ["60", "200"])
def test_the_help_names_every_command_under_who_uses_it(width):
    done = process("--help", TERMINAL_WIDTH=width)
    assert done.returncode == 0
    assert max(map(len, done.stdout.splitlines())) <= int(width)
    places = [done.stdout.index(f"─ {title} ") for title in COMMANDS]
    assert places == sorted(places)
    for names, start, stop in zip(COMMANDS.values(), places, [*places[1:], None], strict=True):
        lines = done.stdout[start:stop].splitlines()[1:]
        assert [line.split()[1] for line in lines if line.startswith("│ ") and line[2].isalpha()] == names


@pytest.mark.parametrize("name", NAMES)
def test_every_command_explains_itself_and_its_data_set(name):
    done = beauty(name, "--help")
    assert done.exit_code == 0
    assert f"Usage: beauty {name}" in done.stdout
    assert ("--source" in done.stdout) == (name not in TAKES_NO_SOURCE)


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["nonsense"],
        ["recommend", "--k", "many"],
        ["forget"],
        ["forget", "--customer", "7"],
        ["undeploy"],
        ["submit", "--runner", "x"],
        ["serve", "-p", "-1"],
    ],
)
def test_a_wrong_command_line_is_exit_code_2(arguments):
    done = beauty(*arguments)
    assert done.exit_code == 2
    assert "Usage: beauty" in done.output


def test_a_word_that_is_nearly_a_command_is_told_what_was_meant():
    assert "monitor" in beauty("monitr").stderr


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["recommend", "--source", "nowhere.yaml", "--out", "x.parquet"], ["nowhere.yaml", "expected:"]),
        (
            ["recommend", "--source", "tiny.yaml", "--out", "x.parquet", "--k", "0"],
            ["field: k", "value: 0", "1 to 100"],
        ),
        (["config", "--config", "bad.yaml"], ["bad.yaml", "field: sede", "expected: one of: cleaning"]),
        (["tune", "--source", "tiny.yaml", "--trials", "0"], ["--trials", "field: trials"]),
        (["serve", "--source", "none.yaml"], ["none.yaml"]),
    ],
)
def test_a_mistake_of_the_user_is_one_short_message_and_exit_code_1(tmp_path, monkeypatch, arguments, told):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tiny.yaml").write_text(SOURCE)
    (tmp_path / "bad.yaml").write_text("sede: 1\n")
    if "--source" not in arguments:
        arguments = [*arguments, "--source", "tiny.yaml"]
    done = beauty(*arguments)
    assert done.exit_code == 1
    assert done.stderr.startswith("Error: ")
    assert len(done.stderr.splitlines()) <= 6
    assert all(part in done.stderr for part in told)
    assert not (tmp_path / "x.parquet").exists()


@pytest.mark.parametrize(
    "command", ["run", "serve", "recommend", "config", "quarantine", "tune", "monitor", "collect", "status", "submit"]
)
def test_every_command_reads_the_sources_own_parameters(tmp_path, monkeypatch, command):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "own.yaml").write_text("sed: 5\n")
    (tmp_path / "tiny.yaml").write_text(f"{SOURCE}config: own.yaml\n")
    done = beauty(command, "--source", "tiny.yaml")
    assert done.exit_code == 1
    assert "own.yaml" in done.stderr


def test_options_may_be_environment_variables(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tiny.yaml").write_text(SOURCE)
    (tmp_path / "config.yaml").write_text("seed: 5\n")
    done = beauty("config", BEAUTY_SOURCE="tiny.yaml", BEAUTY_CONFIG="config.yaml")
    assert yaml.safe_load(done.stdout)["seed"] == 5
    assert yaml.safe_load(beauty("config", BEAUTY_SOURCE="tiny.yaml", BEAUTY_CONFIG="").stdout)["seed"] == 0


def test_config_prints_yaml_that_reads_back_as_the_same_parameters(tmp_path):
    (tmp_path / "config.yaml").write_text("seed: 5\nmodel: {groups: {age_bands: [20, 40]}}\n")
    (tmp_path / "tiny.yaml").write_text(SOURCE)
    done = beauty("config", "-s", tmp_path / "tiny.yaml", "-c", tmp_path / "config.yaml")
    assert done.exit_code == 0
    assert Config.parse(yaml.safe_load(done.stdout), where="printed") == Config.load(tmp_path / "config.yaml")
    assert "# of every random draw" in done.stdout


def test_config_prints_what_holds_for_a_source(tmp_path):
    (tmp_path / "own.yaml").write_text("seed: 5\n")
    (tmp_path / "tiny.yaml").write_text(f"{SOURCE}config: own.yaml\n")
    done = beauty("config", "--source", tmp_path / "tiny.yaml")
    assert Config.parse(yaml.safe_load(done.stdout), where="printed") == Config(seed=5)


def test_recommend_writes_the_file_and_tells_what_it_does(tmp_path):
    (tmp_path / "tiny.yaml").write_text(SOURCE)
    done = beauty("recommend", "-s", tmp_path / "tiny.yaml", "--out", tmp_path / "lists.parquet", "--k", "3")
    assert done.exit_code == 0
    assert pd.read_parquet(tmp_path / "lists.parquet")["rank"].max() == 3
    assert "lists.parquet" in done.stderr


@pytest.mark.parametrize(
    ("options", "folder"),
    [
        ([], "k8s/overlays/local"),
        (["--overlay", "production"], "k8s/overlays/production"),
        (["--overlay", "elsewhere/mine"], "elsewhere/mine"),
        (["--overlay", "./mine"], "mine"),
        (["--overlay", ".."], ".."),
    ],
)
def test_an_overlay_is_named_by_itself_or_by_its_path(monkeypatch, options, folder):
    rendered = []
    monkeypatch.setattr("deployment.manifests.build_manifests", lambda overlay: rendered.append(overlay) or [])
    assert beauty("images", *options).exit_code == 0
    assert [overlay.as_posix() for overlay in rendered] == [folder]
    assert (ROOT / OVERLAYS / "local").is_dir()


@pytest.mark.parametrize("required", [True, False])
def test_the_doctor_fails_where_something_required_is_missing(monkeypatch, required):
    finding = Finding("one", False, "gone", "bring it", required=required)
    monkeypatch.setattr("deployment.doctor.examine", lambda _: [finding])
    done = beauty("doctor")
    assert (done.exit_code, done.stdout) == (int(required), f"{finding}\n")


def test_forget_takes_the_id_as_it_was_typed(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tiny.yaml").write_text(SOURCE)
    forgotten = []
    monkeypatch.setattr("privacy.erasure.erase_customer", lambda _, customer, __: forgotten.append(customer) or ())
    monkeypatch.setattr("privacy.report.print_report", lambda *_: 1)
    done = beauty("forget", "--source", "tiny.yaml", "--customer", "auth0|507f$HOME")
    assert (done.exit_code, forgotten) == (1, ["auth0|507f$HOME"])


def test_the_measures_are_printed():
    done = beauty("kpis")
    assert done.exit_code == 0
    assert "| Measure |" in done.stdout


def test_an_error_of_ours_is_no_message_for_the_user(monkeypatch):
    monkeypatch.setattr("recommender.evaluation.kpis.publish_measures", lambda _: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        beauty("kpis")
    monkeypatch.setattr("recommender.evaluation.kpis.publish_measures", _refuse)
    assert beauty("kpis").stderr == "Error: No.\n  value: 1\n"


def _refuse(_):
    raise DataError("No.", value=1)


# --- as processes -----------------------------------------------------------------------------------


def process(*arguments, **variables):
    command = [sys.executable, "-m", "beauty", *arguments]
    return subprocess.run(command, cwd=ROOT, env=os.environ | variables, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("arguments", [["--help"], ["config", "--source", "sources/synthetic.yaml"]])
def test_what_needs_no_model_library_loads_none(arguments):
    """Who only asks for help or the parameters does not wait for LightGBM and pandas."""
    program = (
        "import sys\nfrom beauty.command_line import app\n"
        f"app({arguments}, standalone_mode=False)\n"
        "sys.exit(any(name in sys.modules for name in ('pandas', 'lightgbm', 'implicit', 'sklearn', 'kfp', 'feast')))"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout


HEAVY = ("pandas", "jax", "lightgbm", "sklearn", "feast", "kfp", "kserve", "evidently", "bentoml")
LOADED = """
import runpy, sys
sys.argv = ["beauty", *sys.argv[1:]]
try:
    runpy.run_module("beauty", run_name="__main__")
except SystemExit:
    print("\\nloaded", *sys.modules)
"""


@pytest.mark.parametrize("arguments", [["--help"], ["config"]])
def test_they_answer_at_once_because_they_load_no_large_library(arguments):
    command = [sys.executable, "-c", LOADED, *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = done.stdout.splitlines()[-1].split()
    assert loaded[0] == "loaded"
    assert not {*HEAVY} & {*loaded}


def test_a_shell_can_complete_commands_and_options():
    # As the script that --show-completion prints would ask, with a terminal's words so far.
    shell = {"_BEAUTY_COMPLETE": "complete_bash", "COMP_CWORD": "1"}
    assert process(COMP_WORDS="beauty mon", **shell).stdout.split() == ["monitor"]
    shell["COMP_CWORD"] = "2"
    assert "--dry-run" in process(COMP_WORDS="beauty monitor --d", **shell).stdout.split()


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_is_told_how_to_ask_for_completion(shell):
    done = process("--show-completion", shell, _TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION="1")
    assert done.returncode == 0, done.stderr
    assert "_BEAUTY_COMPLETE" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["serve", "--source", "none.yaml"], 1, "Error: There is no such file.\n  where: none.yaml\n"),
        (["recommend", "--k", "many"], 2, "Usage: beauty recommend"),
    ],
)
def test_a_process_ends_with_its_exit_code_and_no_traceback(arguments, code, told):
    done = process(*arguments)
    assert done.returncode == code
    assert told in done.stderr
    assert "Traceback" not in done.stderr
    assert not done.stdout


def heed_interrupts():
    # A job in the background of a shell ignores them from birth.
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.slow
def test_control_c_ends_a_process_with_130(tmp_path):
    (tmp_path / "tiny.yaml").write_text(SOURCE)
    command = [sys.executable, "-m", "beauty", "run", "--no-serve", "--source", "tiny.yaml"]
    variables = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(
        command, cwd=tmp_path, env=variables, start_new_session=True, preexec_fn=heed_interrupts, **pipes
    ) as running:
        assert running.stdout.readline().startswith("Run ")
        os.kill(running.pid, signal.SIGINT)
        _, said = running.communicate(timeout=60)
    assert running.returncode == 130, said
    assert said.endswith("Interrupted. Nothing is left half done; run it again to complete.\n")


def test_every_command_is_known_by_one_name():
    assert [command.callback.__name__.replace("_", "-") for command in app.registered_commands] == NAMES
