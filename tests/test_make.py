"""What is typed on make's command line reaches programs letter by letter; make finds a Python by itself."""

import os
import re
import shutil
import subprocess
import sys

import pytest

from beauty.command_line import app
from tests.support.paths import ROOT

MAKEFILE = (ROOT / "Makefile").read_text()
TARGETS = set(re.findall(r"^([a-z%-]+):.*## ", MAKEFILE, re.MULTILINE))
ELSEWHERE = re.search(r"^override ELSEWHERE := ((?:.*\\\n)*.*)", MAKEFILE, re.MULTILINE)[1].replace("\\", "").split()
PROGRAM = """#!{python} -S
import os, sys
print(repr(sys.argv[1:]))
print(repr({{name: value for name, value in os.environ.items() if name.startswith("BEAUTY_")}}))
"""
RECORDER = """#!{python} -S
import os, sys
name = os.path.basename(sys.argv[0])
with open({log!r}, "a") as log:
    print((name, sys.argv[1:], os.environ.get("BEAUTY_OVERLAY")), file=log)
if name == "beauty" and sys.argv[1:] == ["images"]:
    print("x/beauty-recommender-serving:1")
    print("x/beauty-recommender-pipeline:1")
if name == "python" and sys.argv[1:2] == ["-c"]:
    print((3, 11))
"""
ODD = [
    "auth0|507f$HOME",
    "a;touch pwned",
    "$$HOME ${HOME} $(HOME)",
    "$(shell touch pwned)",
    "`touch pwned` $(touch pwned)",
    'it\'s "quoted" \\ & <x> *',
    "a # no comment",
    "two  blanks",
    "%=:,!~",
    "-7",
    "first\nsecond; touch pwned\t#",
    "\\\ttouch pwned && $(info pwned) $@ $< $*",
]
NAMES = re.search(r"^override NAMES := ((?:.*\\\n)*.*)", MAKEFILE, re.MULTILINE)[1].replace("\\", "").split()


@pytest.fixture
def project(tmp_path):
    """A copy of what make reads, set up, with programs that only print what reached them."""
    bin_folder = tmp_path / ".venv" / "bin"
    bin_folder.mkdir(parents=True)
    for name in ("beauty", "python"):
        (bin_folder / name).write_text(PROGRAM.format(python=sys.executable))
        (bin_folder / name).chmod(0o755)
    for name in ("Makefile", "pyproject.toml", "requirements.txt"):
        shutil.copy(ROOT / name, tmp_path)
    shutil.copytree(ROOT / ".ci", tmp_path / ".ci")
    (tmp_path / ".venv" / ".ready").touch()
    return tmp_path


def make(project, *arguments, **variables):
    """Run as if by hand: a make that runs these tests hands down nothing."""
    own = {name: os.environ[name] for name in ("PATH", "HOME")}
    return subprocess.run(
        ["make", *arguments], cwd=project, env=own | variables, capture_output=True, text=True, check=False
    )


def reached(done):
    """Arguments and variables of the one program that was run."""
    assert done.returncode == 0, done.stderr
    arguments, variables = done.stdout.splitlines()
    return eval(arguments), eval(variables)


@pytest.mark.parametrize("value", ODD)
@pytest.mark.parametrize(
    ("target", "program"), [("run", ["run"]), ("benchmark-quality", ["-m", "benchmarks", "quality"])]
)
def test_a_value_reaches_the_program_as_it_was_typed_and_no_shell(project, target, program, value):
    files = set(project.rglob("*"))
    done = make(project, target, f"SOURCE={value}", f"CONFIG={value}")
    assert reached(done) == (program, {"BEAUTY_SOURCE": value, "BEAUTY_CONFIG": value})
    assert set(project.rglob("*")) == files


@pytest.mark.parametrize("value", ODD)
def test_so_does_every_other(project, value):
    files = set(project.rglob("*"))
    done = make(project, "benchmark-quality", *(f"{name}={value}" for name in NAMES))
    _, variables = reached(done)
    assert variables == {f"BEAUTY_{name}": value for name in NAMES}
    assert set(project.rglob("*")) == files


@pytest.mark.parametrize("value", ODD)
def test_so_does_one_of_the_environment(project, value):
    files = set(project.rglob("*"))
    assert reached(make(project, "recommend", OUT=value, K="3")) == (
        ["recommend"], {"BEAUTY_OUT": value, "BEAUTY_K": "3"},
    )  # fmt: skip
    assert set(project.rglob("*")) == files


@pytest.fixture
def calls(project):
    """Lets programs only write down with what they were called; returns those calls."""
    folder, log = project / "programs", project / "calls"
    folder.mkdir()
    for program in ("skopeo", "docker", "kind", "kubectl", "curl"):
        (folder / program).write_text(RECORDER.format(python=sys.executable, log=str(log)))
    bin_folder = project / ".venv" / "bin"
    for program in ("beauty", "python", "ruff", "pyright", "lint-imports"):
        (bin_folder / program).write_text(RECORDER.format(python=sys.executable, log=str(log)))
    shutil.copytree(ROOT / "k8s" / "kind", project / "k8s" / "kind")
    for file in (*folder.iterdir(), *bin_folder.iterdir()):
        file.chmod(0o755)
    log.touch()
    before = set(project.rglob("*"))

    def called(*arguments, **variables):
        done = make(project, *arguments, PATH=f"{folder}:{os.environ['PATH']}", **variables)
        assert set(project.rglob("*")) - {project / "var"} == before
        return done, [tuple(eval(line)) for line in log.read_text().splitlines()]

    return called


@pytest.mark.parametrize("value", ODD)
def test_a_registry_is_one_word(calls, value):
    done, called = calls("mirror", f"REGISTRY={value}", f"OVERLAY={value}")
    assert done.returncode == 0, done.stderr
    copies = [arguments for name, arguments, _ in called if name == "skopeo"]
    names = ("beauty-recommender-serving:1", "beauty-recommender-pipeline:1")
    assert copies == [["copy", "--all", f"docker://x/{name}", f"docker://{value}/{name}"] for name in names]
    assert {overlay for name, _, overlay in called if name == "beauty"} == {value}


@pytest.mark.parametrize("value", ODD)
def test_what_builds_images_is_words_and_nothing_else_is_run(calls, value):
    done, called = calls("build-images", f"IMAGE_BUILD=docker build {value}", f"OVERLAY={value}")
    assert done.returncode == 0, done.stderr
    built = [arguments for name, arguments, _ in called if name == "docker"]
    assert [arguments[: 1 + len(value.split())] for arguments in built] == [["build", *value.split()]] * 2


def test_what_builds_images_is_no_pattern(calls):
    _, called = calls("build-images", "IMAGE_BUILD=docker build M*e [a-z]*")
    assert [arguments[1:3] for name, arguments, _ in called if name == "docker"] == [["M*e", "[a-z]*"]] * 2


@pytest.mark.parametrize("value", ODD)
def test_an_overlay_reaches_the_cluster_as_it_was_typed(calls, value):
    done, called = calls("cluster-up", f"OVERLAY={value}")
    assert done.returncode == 0, done.stderr
    assert {overlay for name, _, overlay in called if name == "beauty"} == {value}


@pytest.mark.parametrize("value", ODD)
@pytest.mark.parametrize(
    ("target", "variable", "words"),
    [
        ("test", "WORKERS", ["--numprocesses"]),
        ("test-benchmarks", "WORKERS", ["--numprocesses"]),
        ("drills", "FIGURES", ["--drill-figures"]),
    ],
)
def test_an_option_of_pytest_is_one_word(calls, target, variable, words, value):
    done, called = calls(target, f"{variable}={value}")
    assert done.returncode == 0, done.stderr
    options = [arguments for name, arguments, _ in called if name == "python" and words[0] in arguments]
    assert [arguments[arguments.index(words[0]) + 1] for arguments in options] == [value]


@pytest.mark.parametrize("value", ODD)
def test_tests_are_words_as_they_were_typed(calls, value):
    _, called = calls("test-cluster", f"TESTS={value}")
    (arguments,) = [arguments for name, arguments, _ in called if name == "python"]
    assert arguments[2:-3] == value.split()


@pytest.mark.parametrize("value", ODD)
def test_a_python_that_is_none_is_told_and_not_run(calls, value):
    done, _ = calls("run", f"PYTHON={value}")
    assert done.returncode == 2
    assert f"PYTHON={value} is none" in done.stderr


@pytest.mark.parametrize("value", ["; touch pwned;", "$(shell touch pwned)", "x"])
@pytest.mark.parametrize("target", ["help", "run", "forget", "build-images"])
def test_what_recipes_are_made_of_cannot_be_set(calls, target, value):
    expected, _ = calls(target)
    internal = re.findall(r"^(?:override )?([A-Za-z_]+) :?= ", MAKEFILE, re.MULTILINE)
    assert {"VENV", "BIN", "SHELL", "ELSEWHERE", "quoted", "version", "compile"} <= {*internal}
    names = (*internal, "instead", "MAKEFILE_LIST", "CURDIR")
    for given in ([f"{name}={value}" for name in names], *([f"{name}={value}"] for name in names)):
        done, _ = calls(target, *given)
        assert (done.returncode, done.stdout, done.stderr) == (expected.returncode, expected.stdout, expected.stderr)
    done, _ = calls(target, **dict.fromkeys(internal, value))
    assert (done.returncode, done.stdout, done.stderr) == (expected.returncode, expected.stdout, expected.stderr)


def test_what_is_not_given_or_empty_does_not_reach_it(project):
    assert reached(make(project, "serve", "CONFIG=")) == (["serve"], {})


def test_the_name_of_a_benchmark_is_one_word(project):
    assert reached(make(project, "benchmark-a b;touch pwned'")) == (["-m", "benchmarks", "a b;touch pwned'"], {})


@pytest.mark.parametrize("target", ELSEWHERE)
def test_a_command_that_is_no_target_is_refused_with_its_name(project, target):
    done = make(project, target)
    assert done.returncode == 2
    told = re.search(r"make \S+ is no target; the command is: (.*)", done.stderr)[1]
    names = {command.callback.__name__.replace("_", "-") for command in app.registered_commands}
    if told.startswith("make benchmark-"):
        assert told.removeprefix("make benchmark-") in {
            "experiments", "simulated-year", "drift-alarms", "drift-demo",
        }  # fmt: skip
    else:
        assert told == f".venv/bin/beauty {target}"
        assert target in names


def test_every_command_is_a_target_or_is_refused_by_name():
    names = {command.callback.__name__.replace("_", "-") for command in app.registered_commands}
    assert names <= TARGETS | {*ELSEWHERE, "ask", "kpis"}


def test_several_tests_are_several_words_and_no_pattern(project):
    (project / "a::c").touch()
    arguments, _ = reached(make(project, "test-cluster", "TESTS=a::[bc] d;e"))
    assert arguments[:4] == ["-m", "pytest", "a::[bc]", "d;e"]


# --- which Python -----------------------------------------------------------------------------------

PYTHON = """#!/bin/bash
# Version {version} of a Python, as far as is asked.
case "$2" in
  *ensurepip*) exec {python} -c "${{2/sys.version_info/(3, {minor}, 0)}}" ;;
  *) echo "(3, {minor})" ;;
esac
"""


@pytest.fixture
def pythons(project):
    """Let a folder hold these Pythons, and nothing else that make would find."""
    folder = project / "pythons"
    folder.mkdir()
    for program in ("bash", "env", "sed", "dirname", "cat"):
        (folder / program).symlink_to(shutil.which(program))

    def there(**minors):
        for name, minor in minors.items():
            file = folder / name.replace("_", ".")
            file.write_text(PYTHON.format(version=f"3.{minor}", minor=minor, python=sys.executable))
            file.chmod(0o755)
        return folder

    return there


def chosen(folder, **variables):
    return subprocess.run(
        [folder.parent / ".ci" / "python"], env={"PATH": str(folder)} | variables, capture_output=True, text=True
    )


def test_the_newest_supported_python_is_chosen(pythons):
    folder = pythons(python3_10=10, python3_11=11, python3_12=12, python3=11, python3_99=99)
    assert chosen(folder).stdout == "python3.12\n"
    assert chosen(folder, PYTHON="python3.11").stdout == "python3.11\n"


def test_python3_will_do_where_it_is_in_range(pythons):
    assert chosen(pythons(python3=12)).stdout == "python3\n"


def test_a_python_that_does_not_start_is_passed_over(pythons):
    folder = pythons(python3_11=11, python3_12=12)
    (folder / "python3.12").write_text("#!/bin/bash\nexit 127\n")
    assert chosen(folder).stdout == "python3.11\n"


@pytest.mark.parametrize("variables", [{}, {"PYTHON": "python3"}, {"PYTHON": "no such;python"}])
def test_without_one_it_is_told_what_to_install(pythons, variables):
    done = chosen(pythons(python3=10), **variables)
    assert done.returncode == 1
    assert not done.stdout
    assert re.search(r"^Python 3\.11 to 3\.\d+, with its module venv, is needed", done.stderr)


@pytest.mark.parametrize(("minor", "is_new"), [(11, False), (12, True)])
def test_an_environment_is_made_anew_only_for_another_version_that_is_named(project, pythons, minor, is_new):
    folder = pythons(python3_11=11, python3_12=12)
    shutil.copy(folder / "python3.11", project / ".venv" / "bin" / "python")
    path = f"{folder}:/usr/bin:/bin"
    assert make(project, "--dry-run", "setup", PATH=path).stdout.count("-m venv --clear") == 0
    dry = make(project, "--dry-run", "setup", f"PYTHON={folder / f'python3.{minor}'}", PATH=path)
    assert ("-m venv --clear" in dry.stdout) == is_new


def test_the_versions_that_are_tried_are_those_that_the_project_allows():
    done = subprocess.run([ROOT / ".ci" / "python", "versions"], capture_output=True, text=True, check=True)
    oldest, end = re.search(r'requires-python = ">=3\.(\d+),<3\.(\d+)"', (ROOT / "pyproject.toml").read_text()).groups()
    assert done.stdout.split() == [f"3.{minor}" for minor in range(int(oldest), int(end))]


def test_uv_is_called_with_the_index_that_pip_would_use():
    scripts = [path.read_text() for path in (ROOT / ".ci").iterdir() if path.name != "uv"]
    assert not [line for text in (*scripts, MAKEFILE) for line in text.splitlines() if "bin/uv " in line]
    assert "$(BIN)/uv" not in MAKEFILE
