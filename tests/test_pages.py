"""The pages that people write: short, linked, and naming only commands and files that are there."""

import re
from pathlib import Path

import pytest

from tests.support.paths import ROOT

FIGURES = ROOT / "docs" / "figures"
PAGES = sorted(
    path
    for path in [*ROOT.glob("*.md"), *ROOT.glob("serving/*.md"), *(ROOT / "docs").rglob("*.md")]
    if FIGURES not in path.parents
)
TARGETS = set(re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
LONGEST, LONGEST_DECISION, LONGEST_IN_ALL = 800, 150, 15_000


def ids(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def words(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").split())


@pytest.mark.parametrize("page", PAGES, ids=ids)
def test_a_page_is_short(page):
    is_decision = "decisions" in page.parts and page.name != "index.md"
    assert words(page) <= (LONGEST_DECISION if is_decision else LONGEST)


def test_all_pages_together_are_read_in_an_hour():
    assert sum(map(words, PAGES)) <= LONGEST_IN_ALL


@pytest.mark.parametrize("page", PAGES, ids=ids)
def test_every_link_leads_somewhere(page):
    for target in re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8")):
        assert "://" in target or (page.parent / target).resolve().exists(), target


@pytest.fixture(scope="module")
def commands() -> set[str]:
    """What a person may type: of ``make``, of ``beauty``, and of what measures."""
    from typer.main import get_command

    from beauty.command_line import app
    from benchmarks.__main__ import app as benchmarks

    measuring = {f"make benchmark-{name}" for name in get_command(benchmarks).commands}
    return measuring | {f"make {name}" for name in TARGETS} | {f"beauty {name}" for name in get_command(app).commands}


@pytest.mark.parametrize("page", PAGES, ids=ids)
def test_every_command_is_there(page, commands):
    text = page.read_text(encoding="utf-8")
    named = re.findall(r"(?:`|^|bin/)((?:make|beauty) [a-z][a-z-]*[a-z])", text, re.MULTILINE)
    assert not [name for name in named if name not in commands]


@pytest.mark.parametrize("page", PAGES, ids=ids)
def test_every_file_that_is_named_is_there(page):
    named = re.findall(r"`((\w+)/[\w./-]*)`", page.read_text(encoding="utf-8"))
    rooms = {path.name for path in ROOT.iterdir() if path.is_dir()} - {"var"}
    assert not [path for path, room in named if room in rooms and not (ROOT / path).exists()]


def test_every_decision_stands_in_the_index():
    folder = ROOT / "docs" / "decisions"
    listed = set(re.findall(r"\]\(([^)]+)\)", (folder / "index.md").read_text(encoding="utf-8")))
    assert {path.relative_to(folder).as_posix() for path in folder.glob("*/*.md")} == listed
