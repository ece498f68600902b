"""What continuous integration makes of a cluster, with stand-ins for it and for make."""

import subprocess
from pathlib import Path

import pytest

RUN = Path(__file__).parents[1] / ".ci" / "run"
MAKE = """#!/bin/bash
echo "make $*" >> "$CALLS"
case "$1" in
  test) echo "1 passed, 2 skipped in 3s"; exit "${TEST:-0}" ;;
  test-cluster) command -v kubectl >/dev/null || exit 3; exit "${SUITE:-0}" ;;
  build-images) exit "${IMAGES:-0}" ;;
esac
"""
CLUSTER = """#!/bin/bash
echo "$(basename "$0") $*" >> "$CALLS"
case "$(basename "$0")" in
  up) exit "${UP:-0}" ;;
  exec) [ -n "$THERE" ] || [ "$1" != true ] || exit 1; KUBECONFIG=/run/config PATH="$HERE/kubectl:$PATH" "$@" ;;
esac
"""


@pytest.fixture
def ci(tmp_path):
    """Runs it; exit code, output, and what was called."""
    calls, cluster = tmp_path / "calls", tmp_path / "shared" / "cluster"
    programs = {tmp_path / "bin" / name: "#!/bin/bash\n" for name in ("apt-get", "go")}
    programs |= {tmp_path / "bin" / "make": MAKE, tmp_path / "kubectl" / "kubectl": "#!/bin/bash\n"}
    programs |= {cluster / name: CLUSTER for name in ("up", "down", "exec", "build-image", "third-party/build")}
    programs[tmp_path / "repository" / ".ci" / "run"] = RUN.read_text()
    for path, text in programs.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        path.chmod(0o755)

    def run(**variables):
        variables |= {"PATH": f"{tmp_path / 'bin'}:/usr/bin:/bin", "CALLS": str(calls), "HERE": str(tmp_path)}
        command = [tmp_path / "repository" / ".ci" / "run"]
        done = subprocess.run(command, env=variables, capture_output=True, text=True)
        return done.returncode, done.stdout, calls.read_text()

    run.cluster = cluster
    return run


def test_the_suite_runs_on_a_cluster_that_came_up_and_the_cluster_is_taken_down(ci):
    code, said, called = ci()

    assert code == 0
    assert "make test-cluster KUBECONFIG=/run/config\ndown" in called
    assert said.splitlines()[-1] == "1 passed, 2 skipped in 3s"


def test_a_suite_that_fails_fails_all(ci):
    code, _, called = ci(SUITE="2")

    assert code == 2
    assert called.endswith("down \n")


@pytest.mark.parametrize("broken", ["UP", "IMAGES"])
def test_a_cluster_that_does_not_come_up_is_told_and_fails_nothing(ci, broken):
    code, said, called = ci(**{broken: "1"})

    assert code == 0
    assert "No cluster came up" in said
    assert "test-cluster" not in called


def test_a_suite_that_ran_out_of_time_is_told_and_fails_nothing(ci):
    code, said, _ = ci(SUITE="124")

    assert code == 0
    assert "not finished in time" in said


def test_a_cluster_that_is_up_already_is_left_alone(ci):
    code, said, called = ci(THERE="1")

    assert code == 0
    assert "Somebody's cluster is up" in said
    assert not {"up ", "down ", "make test-cluster KUBECONFIG=/run/config"} & set(called.splitlines())


def test_without_a_cluster_the_tests_are_all(ci):
    (ci.cluster / "up").unlink()

    assert ci()[0] == 0


def test_a_test_that_fails_fails_all_before_any_cluster(ci):
    code, _, called = ci(TEST="2")

    assert code == 2
    assert "up" not in called
