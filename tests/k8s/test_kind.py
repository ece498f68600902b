"""The cluster in Docker, with stand-ins for Docker and kind: no such thing runs where the tests run."""

import os
import subprocess

import pytest

from deployment.doctor import KSERVE
from tests.support.manifests import K8S

STAND_IN = """#!/bin/bash
echo "$(basename "$0") $*" >> "$CALLS"
case "$(basename "$0") $*" in
  "kind get clusters") cat "$STATE/cluster" 2>/dev/null || true ;;
  "kind create"*) echo beauty-recommender > "$STATE/cluster" ;;
  "kubectl --namespace kserve get"*) test -e "$STATE/kserve" ;;
  curl*) echo 'touch "$STATE/kserve"' ;;
  "docker image inspect built:1") ;;
  docker*) exit 1 ;;
esac
"""


@pytest.fixture
def up(tmp_path):
    """Runs the script; what it called."""
    programs, calls = tmp_path / "bin", tmp_path / "calls"
    programs.mkdir()
    for name in ("docker", "kind", "kubectl", "curl"):
        (programs / name).write_text(STAND_IN)
        (programs / name).chmod(0o755)

    def run(*images):
        calls.write_text("")
        variables = {"PATH": f"{programs}:{os.environ['PATH']}", "CALLS": str(calls), "STATE": str(tmp_path)}
        subprocess.run([K8S / "kind" / "up", *images], env=variables, check=True, capture_output=True)
        return calls.read_text().splitlines()

    return run


def test_a_cluster_with_kserve_is_made_and_gets_the_images_that_were_built(up):
    called = up("built:1", "pulled:1")

    assert len([call for call in called if call.startswith("kind create cluster")]) == 1
    assert [KSERVE in call for call in called if call.startswith("curl")] == [True]
    loaded = [call for call in called if call.startswith("kind load")]
    assert loaded == ["kind load docker-image --name beauty-recommender built:1"]


def test_what_is_there_already_is_left_as_it_is(up):
    up()

    called = up()

    assert not [call for call in called if call.startswith(("kind create", "curl"))]
