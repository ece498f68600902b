"""Figures stand in pages of their own, as tables that everybody reads alike."""

import json
import re

import pytest

from infrastructure.documents import page_name, publish, table
from tests.support.paths import ROOT

FIGURES = sorted((ROOT / "docs" / "figures").glob("*.md"))
PROSE = [path for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")] if path not in FIGURES]


def test_figures_are_a_whole_page_that_names_its_command(tmp_path, capsys):
    publish("new", "rate-of-x", tmp_path / "figures", "make x", {"b": 1, "a": 2})
    page = tmp_path / "figures" / "rate-of-x.md"
    assert page.read_text() == "<!-- Written by make x -->\n\n# Rate of x\n\nnew\n"
    assert json.loads(page.with_suffix(".json").read_text()) == {"a": 2, "b": 1}
    assert capsys.readouterr().out == f"wrote {page}\n"


def test_a_page_is_replaced_and_has_no_json_where_there_is_no_data(tmp_path):
    for figures in ("old", "new"):
        publish(figures, "x", tmp_path, "make x")
    assert (tmp_path / "x.md").read_text().endswith("\n\nnew\n")
    assert [path.name for path in tmp_path.iterdir()] == ["x.md"]


def test_without_a_folder_figures_are_printed(tmp_path, capsys):
    publish("new", "x", None, "make x", {"a": 1})
    assert capsys.readouterr().out == "new\n"
    assert not list(tmp_path.iterdir())


def test_a_page_is_named_by_its_title():
    assert page_name("Figures of amazon_beauty, split last") == "figures-of-amazon-beauty-split-last"


@pytest.mark.parametrize("path", FIGURES, ids=lambda path: path.stem)
def test_every_page_of_figures_says_which_command_writes_it(path):
    assert re.match(r"<!-- Written by (make|beauty) [a-z-]+ -->\n\n# ", path.read_text(encoding="utf-8"))


def test_words_stand_left_and_figures_right():
    assert table(["what", "how many"], [["a", "1"]]) == "| what | how many |\n| --- | ---: |\n| a | 1 |"
    assert table(["a"], ((cell for cell in row) for row in (["1"], ["2"]))).splitlines()[2:] == ["| 1 |", "| 2 |"]
    assert table(["a", "b", "c"], [], "lrl").splitlines()[1] == "| --- | ---: | --- |"
