"""Figures stand in documents between their marks, as tables that everybody reads alike."""

import pytest

from infrastructure.documents import END, mark, publish, table, write_between
from infrastructure.errors import ConfigError


def test_figures_are_written_between_their_marks_and_nowhere_else(tmp_path):
    document = tmp_path / "a.md"
    document.write_text(f"before\n{mark('x', 'make x')}\nold\n{END}\nafter\n{mark('y', 'make y')}\n{END}\n")
    write_between(document, mark("x", "make x"), r"new \1")
    text = f"before\n{mark('x', 'make x')}\n\nnew \\1\n\n{END}\nafter\n{mark('y', 'make y')}\n{END}\n"
    assert document.read_text() == text


def test_a_document_without_a_place_is_refused(tmp_path):
    (tmp_path / "a.md").write_text("nothing")
    for document in (tmp_path / "a.md", tmp_path / "b.md"):
        with pytest.raises(ConfigError):
            write_between(document, mark("x", "make x"), "new")


def test_what_is_published_is_told_and_written_where_a_document_is_named(tmp_path, capsys):
    document = tmp_path / "a.md"
    document.write_text(f"{mark('x', 'make x')}\n{END}\n")
    publish("new", mark("x", "make x"), None)
    assert "new" not in document.read_text()
    publish("new", mark("x", "make x"), document)
    assert "new" in document.read_text()
    assert capsys.readouterr().out == "new\nnew\n"


def test_words_stand_left_and_figures_right():
    assert table(["what", "how many"], [["a", "1"]]) == "| what | how many |\n| --- | ---: |\n| a | 1 |"
    assert table(["a"], ((cell for cell in row) for row in (["1"], ["2"]))).splitlines()[2:] == ["| 1 |", "| 2 |"]
    assert table(["a", "b", "c"], [], "lrl").splitlines()[1] == "| --- | ---: | --- |"
