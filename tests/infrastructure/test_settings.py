"""Reading YAML: what stands there is what is read."""

from pathlib import Path

import pytest

from infrastructure.settings import read_yaml


@pytest.mark.parametrize("word", ["on", "off", "yes", "no", "No", "NO", "Off"])
def test_a_key_is_the_word_that_stands_there(word: str, tmp_path: Path) -> None:
    file = tmp_path / "file.yaml"
    file.write_text(
        f"join: [{{file: orders.csv, {word}: order_id}}]\n{word}: &same {{{word}: 1}}\nagain: {{<<: *same}}\n"
    )
    assert read_yaml(file) == {
        "join": [{"file": "orders.csv", word: "order_id"}],
        word: {word: 1},
        "again": {word: 1},
    }


def test_truths_are_truths(tmp_path: Path) -> None:
    file = tmp_path / "file.yaml"
    file.write_text("values: {true: 1, false: 0}\nliteral: yes\nother: [on, off, true]\n")
    assert read_yaml(file) == {"values": {True: 1, False: 0}, "literal": True, "other": [True, False, True]}
