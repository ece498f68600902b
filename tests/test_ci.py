"""What continuous integration makes of a cluster, with stand-ins for it and for make."""

import subprocess
from types import SimpleNamespace

import pytest

from tests.support.paths import ROOT

CI = ROOT / ".ci"
NOTHING = "#!/bin/bash\n"
MAKE = """#!/bin/bash
echo "make $*" >> "$CALLS"
case "$*" in
  test) echo "20 passed, 5 skipped in 3s"; exit "${CODE_TEST:-0}" ;;
  test-benchmarks) echo "2 passed in 1s"; exit "${CODE_BENCHMARKS:-0}" ;;
  site) exit "${CODE_SITE:-0}" ;;
  build-images*) exit "${CODE_IMAGES:-0}" ;;
  test-cluster*)
    command -v kubectl >/dev/null && [ -n "$KUBECONFIG" ] || exit 3
    [ "$*" != "test-cluster TESTS=" ] || { echo "${SAID:-4 passed in 1700.00s (0:28:20)}"; exit "${CODE:-0}"; }
    echo "${SAID_AGAIN:-1 passed in 300.00s (0:05:00)}"; exit "${CODE_AGAIN:-0}" ;;
esac
"""
PYTHONS = """#!/bin/bash
exit "${CODE_PYTHONS:-0}"
"""
CLUSTER = """#!/bin/bash
name=$(basename "$0")
echo "$name $*" >> "$CALLS"
case "$name" in
  up) exit "${CODE_UP:-0}" ;;
  exec) KUBECONFIG=/run/config PATH="$HERE/kubectl:$PATH" "$@" ;;
esac
"""
BEAUTY = """#!/bin/bash
[ "$*" != "images --overlay local" ] || printf '%s:1\\n' beauty-recommender-serving redis postgres
"""
KUBECTL = "#!/bin/bash\nprintf '%s\\n' docker.io/library/redis:1 quay.io/another-postgres:1\n"
FAILED = (
    "ERROR tests/cluster/a.py::b - left\nFAILED tests/cluster/a.py::c[d-1] - why\n1 failed, 3 passed, 1 error in 9s"
)


@pytest.fixture
def ci(tmp_path):
    """Runs it; exit code, output, and what was called."""
    calls, cluster = tmp_path / "calls", tmp_path / "shared" / "cluster"
    programs = {tmp_path / "bin" / name: NOTHING for name in ("apt-get", "go", "java")}
    programs |= {tmp_path / "bin" / "make": MAKE, tmp_path / "kubectl" / "kubectl": KUBECTL}
    programs[tmp_path / "repository" / ".ci" / "pythons"] = PYTHONS
    programs |= {cluster / name: CLUSTER for name in ("up", "down", "exec", "build-image", "third-party/build")}
    programs |= {tmp_path / "repository" / ".ci" / name: (CI / name).read_text() for name in ("run", "cluster")}
    programs |= {tmp_path / "repository" / ".venv" / "bin" / "beauty": BEAUTY}
    for path, text in programs.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        path.chmod(0o755)

    def run(*command, **variables):
        variables |= {"PATH": f"{tmp_path / 'bin'}:/usr/bin:/bin", "CALLS": str(calls), "HERE": str(tmp_path)}
        arguments = [str(argument) for argument in command or ("run",)]
        arguments[0] = str(tmp_path / "repository" / ".ci" / arguments[0])
        done = subprocess.run(arguments, env=variables, capture_output=True, text=True)
        called = calls.read_text().splitlines() if calls.exists() else []
        return SimpleNamespace(code=done.returncode, lines=done.stdout.splitlines(), called=called)

    run.cluster = cluster
    return run


def suites(done):
    return [call for call in done.called if call.startswith("make test-cluster")]


def test_the_suite_runs_on_a_cluster_made_anew_which_is_taken_down_again(ci):
    done = ci()

    assert done.code == 0
    assert [call for call in done.called if call in ("up ", "down ", *suites(done))] == [
        "down ",
        "up ",
        "make test-cluster TESTS=",
        "down ",
    ]
    assert done.called.index("build postgres") < done.called.index("make test-cluster TESTS=")


def test_the_closing_line_counts_all_parts_and_what_ran_on_the_cluster_as_not_skipped(ci):
    assert ci().lines[-1] == "26 passed, 1 skipped"


def test_what_fails_is_tried_once_more_by_itself_and_named(ci):
    done = ci(SAID=FAILED, CODE="2", SAID_AGAIN="2 passed in 300.00s")

    assert done.code == 0
    assert suites(done)[1:] == ["make test-cluster TESTS=tests/cluster/a.py::b tests/cluster/a.py::c[d-1]"]
    assert "Passed on the cluster only when tried again: tests/cluster/a.py::b tests/cluster/a.py::c[d-1]" in done.lines
    assert done.lines[-1] == "27 passed, 0 skipped"
    assert done.called[-1] == "down "


def test_what_fails_twice_fails_all(ci):
    done = ci(SAID=FAILED, CODE="2", CODE_AGAIN="2")

    assert done.code == 1
    assert len(suites(done)) == 2
    assert "Failed on the cluster twice" in done.lines[-1]
    assert done.called[-1] == "down "


def test_what_fails_and_cannot_be_tried_again_fails_all(ci, tmp_path):
    assert ci(SAID="Interrupted", CODE="2").code == 1
    # Time for the suite, which then takes all of it.
    cluster = CI.joinpath("cluster").read_text().replace("AGAIN=600", "AGAIN=6000")
    (tmp_path / "repository" / ".ci" / "cluster").write_text(cluster)
    late = ci(SAID=FAILED, CODE="2")
    assert late.code == 1
    assert "too few to try again" in late.lines[-1]


@pytest.mark.parametrize(
    ("broken", "why"),
    [("CODE_UP", "no cluster came up within three minutes"), ("CODE_IMAGES", "the images were not built")],
)
def test_a_cluster_that_does_not_come_up_is_told_and_fails_nothing(ci, broken, why):
    done = ci(**{broken: "1"})

    assert done.code == 0
    assert f"The cluster's tests were left out: {why}." in done.lines
    assert suites(done) == []
    assert done.called[-1] == "down "
    assert done.lines[-1] == "22 passed, 5 skipped"


def test_a_named_cluster_is_taken_as_it_is(ci):
    done = ci(KUBECONFIG="/my/config")

    assert not {"up ", "down "} & set(done.called)
    assert suites(done) == ["make test-cluster TESTS="]


@pytest.mark.parametrize(("seconds", "runs"), [(1700, 0), (1900, 0), (2200, 1)])
def test_without_the_time_for_it_the_suite_is_left_out(ci, tmp_path, seconds, runs):
    done = ci("cluster", seconds, tmp_path / "log")

    assert done.code == 0
    assert len(suites(done)) == runs
    assert ("seconds are left" in done.lines[-1]) == (runs == 0)


def test_it_can_be_left_out_by_hand(ci):
    done = ci(CLUSTER_TESTS="0")

    assert (done.code, suites(done)) == (0, [])


def test_without_a_cluster_the_other_tests_are_all(ci):
    (ci.cluster / "up").unlink()
    done = ci()

    assert done.code == 0
    assert "The cluster's tests were left out: no KUBECONFIG is set." in done.lines


@pytest.mark.parametrize("part", ["TEST", "BENCHMARKS", "SITE", "PYTHONS"])
def test_a_part_that_fails_fails_all_before_any_cluster(ci, part):
    done = ci(**{f"CODE_{part}": "2"})

    assert done.code == 2
    assert "up " not in done.called
