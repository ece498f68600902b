from pathlib import Path

import pytest

from infrastructure.command_line import INTERRUPTED
from pipelines.__main__ import main
from pipelines.runner import Run


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
def test_bad_files_are_told_on_one_screen_before_anything_is_started(tmp_path, capsys, source_text, config_text, said):
    arguments = ["run", "--serve", "0", "--source", source(tmp_path, source_text) if source_text else "nowhere.yaml"]
    if config_text:
        (tmp_path / "config.yaml").write_text(config_text)
        arguments += ["--config", "config.yaml"]
    assert main(arguments) == 1
    message = capsys.readouterr().err
    assert all(part in message for part in said), message
    assert "Traceback" not in message
    assert len(message.splitlines()) < 12
    assert not (tmp_path / "var").exists()


def test_a_run_takes_the_parameters_that_its_source_names(tmp_path):
    (tmp_path / "own.yaml").write_text("seed: 5\n")
    (tmp_path / "other.yaml").write_text("seed: 7\n")
    named = Path(source(tmp_path, "name: shop\nsynthetic: {}\nconfig: own.yaml\n"))
    assert Run.prepare(named, None).config.seed == 5
    assert Run.prepare(named, tmp_path / "other.yaml").config.seed == 7


def test_an_interruption_has_the_shells_exit_code(tmp_path, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(Run, "execute", interrupted)
    assert main(["run", "--source", source(tmp_path), "--serve", "0"]) == INTERRUPTED
