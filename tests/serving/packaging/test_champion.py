import json
import os

import pytest

from infrastructure.files import write_json
from tests.support.command_line import beauty


@pytest.fixture
def source(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "shop.yaml"
    path.write_text("name: shop\nsynthetic: {}\n")
    return path


def test_without_a_champion_it_says_so(source):
    done = beauty("serve", "--source", source)
    assert done.exit_code == 1
    assert "There is no champion to serve yet." in done.stderr


def test_the_champions_bento_becomes_the_process(source, tmp_path, monkeypatch):
    workspace = tmp_path / "var" / "shop"
    (workspace / "bentos" / "v1").mkdir(parents=True)
    (workspace / "bentos" / "v1" / "bento.yaml").write_text("service: x\n")
    write_json(workspace / "champion.json", {"version": "v1", "bento": "bentos/v1"})
    config = tmp_path / "config.yaml"
    config.write_text("serving: {default_k: 4}\n")
    became = {}
    monkeypatch.setattr(os, "execve", lambda path, args, env: became.update(path=path, args=args, env=env))

    assert beauty("serve", "-s", source, "-c", config, "--port", "3456").exit_code == 0

    assert became["args"][1:] == ["-m", "bentoml", "serve", str(workspace / "serving")]
    assert (workspace / "serving" / "bento.yaml").is_file()
    environment = became["env"]
    assert environment["CHAMPION"] == str(workspace / "champion.json")
    assert environment["ONLINE_STORE"] == str(workspace / "feast" / "online.db")
    assert environment["IMPRESSIONS_LOG"] == str(workspace / "log.db")
    assert environment["PORT"] == "3456"
    assert json.loads(environment["SERVING_SETTINGS"])["default_k"] == 4
