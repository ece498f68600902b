import subprocess
import sys

import pandas as pd
import pytest
import yaml

from infrastructure import progress
from recommender.__main__ import main
from settings.config import Config

SOURCE = "name: tiny\nsynthetic: {seed: 0, customers: 60, products: 60, days: 120, dirt: {bots: 0}}\n"


@pytest.fixture(autouse=True)
def quiet():
    """No handler of one test prints in the next."""
    yield
    progress.logger.handlers.clear()


def test_config_prints_yaml_that_reads_back_as_the_same_parameters(capsys, tmp_path):
    (tmp_path / "config.yaml").write_text("seed: 5\nmodel: {groups: {age_bands: [20, 40]}}\n")
    assert main(["config", "--config", str(tmp_path / "config.yaml")]) == 0
    printed = capsys.readouterr().out
    config = Config.parse(yaml.safe_load(printed), where="printed")
    assert config == Config.load(tmp_path / "config.yaml")
    assert "# of every random draw" in printed


def test_config_prints_what_holds_for_a_source(capsys, tmp_path):
    (tmp_path / "own.yaml").write_text("seed: 5\n")
    (tmp_path / "tiny.yaml").write_text(f"{SOURCE}config: own.yaml\n")
    assert main(["config", "--source", str(tmp_path / "tiny.yaml")]) == 0
    assert Config.parse(yaml.safe_load(capsys.readouterr().out), where="printed") == Config(seed=5)


@pytest.mark.parametrize(
    "command", [["recommend", "--out", "x.parquet"], ["benchmark-quality"], ["benchmark-diversity"]]
)
def test_every_command_reads_the_sources_own_parameters(capsys, tmp_path, command):
    (tmp_path / "own.yaml").write_text("sed: 5\n")
    (tmp_path / "tiny.yaml").write_text(f"{SOURCE}config: own.yaml\n")
    assert main([*command, "--source", str(tmp_path / "tiny.yaml")]) == 1
    assert "own.yaml" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ([], {"seed": 5}),
        (["--seed", "7"], {"seed": 7}),
        (["--tuned"], {}),
        (["--tuned", "--trials", "3", "--config", "few.yaml"], {"tuning": {"trials": 3, "trials_alone": 2}}),
    ],
)
def test_a_search_for_each_draw_begins_with_the_defaults_and_not_with_what_the_source_names(
    tmp_path, monkeypatch, asked, expected
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "own.yaml").write_text("seed: 5\n")
    (tmp_path / "few.yaml").write_text("tuning: {trials_alone: 2}\n")
    (tmp_path / "tiny.yaml").write_text(f"{SOURCE}config: own.yaml\n")
    monkeypatch.setattr("benchmarks.quality.benchmark", lambda _, config, *__, tuned: (config, tuned))
    monkeypatch.setattr("builtins.print", lambda found: measured.append(found))
    measured = []
    assert main(["benchmark-quality", "--source", "tiny.yaml", *asked]) == 0
    assert measured == [(Config.parse(expected, where="test"), "--tuned" in asked)]


def test_recommend_writes_the_file_and_tells_what_it_does(capsys, tmp_path):
    (tmp_path / "tiny.yaml").write_text(SOURCE)
    arguments = ["recommend", "--source", str(tmp_path / "tiny.yaml"), "--out", str(tmp_path / "lists.parquet")]
    assert main([*arguments, "--k", "3"]) == 0
    assert pd.read_parquet(tmp_path / "lists.parquet")["rank"].max() == 3
    assert "lists.parquet" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["recommend", "--source", "nowhere.yaml", "--out", "x.parquet"], ["nowhere.yaml", "expected:"]),
        (
            ["recommend", "--source", "tiny.yaml", "--out", "x.parquet", "--k", "0"],
            ["field: k", "value: 0", "1 to 100"],
        ),
        (
            ["benchmark-quality", "--source", "tiny.yaml", "--least", "1"],
            ["the command line", "field: evaluation.minimum_history", "value: 1", "equal to 2"],
        ),
        (
            ["benchmark-quality", "--source", "tiny.yaml", "--least", "3", "--split", "customers"],
            ["field: --least", "value: 3", "expected: another split"],
        ),
        (
            ["benchmark-quality", "--source", "tiny.yaml", "--trials", "3"],
            ["field: --trials", "value: 3", "expected: --tuned"],
        ),
        (["config", "--config", "bad.yaml"], ["bad.yaml", "field: sede", "expected: one of: cleaning"]),
    ],
)
def test_a_mistake_of_the_user_is_one_short_message_and_exit_code_1(capsys, tmp_path, monkeypatch, arguments, told):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tiny.yaml").write_text(SOURCE)
    (tmp_path / "bad.yaml").write_text("sede: 1\n")
    assert main(arguments) == 1
    message = capsys.readouterr().err
    assert message.startswith("Error: ")
    assert len(message.splitlines()) <= 6
    assert all(part in message for part in told)
    assert not (tmp_path / "x.parquet").exists()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--least", "500"], ["nobody can be tested", "field: evaluation.minimum_history", "value: 500"]),
        (["--draws", "2"], ["field: --draws", "value: 2", "expected: 1, as dates say what is held out"]),
    ],
)
def test_what_the_data_cannot_be_asked_is_told_before_anything_is_fitted(capsys, tmp_path, arguments, told):
    (tmp_path / "tiny.yaml").write_text(SOURCE)
    assert main(["benchmark-quality", "--source", str(tmp_path / "tiny.yaml"), *arguments]) == 1
    message = capsys.readouterr().err
    assert all(part in message for part in ["Error: ", *told])
    assert "fitted" not in message


@pytest.mark.parametrize("arguments", [[], ["nonsense"], ["recommend"], ["recommend", "--k", "many"]])
def test_a_wrong_command_line_is_exit_code_2(capsys, arguments):
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    assert "usage" in capsys.readouterr().err


def test_config_loads_no_model_library():
    """Who only asks for the parameters does not wait for LightGBM and pandas."""
    program = (
        "import sys; from recommender.__main__ import main; main(['config']); "
        "sys.exit(any(name in sys.modules for name in ('pandas', 'lightgbm', 'implicit', 'sklearn')))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "families:" in done.stdout
