"""Environment variables are read as what they stand for, and a wrong one is named."""

from pathlib import Path

import pytest

from infrastructure.environment import read_path, read_port, read_text
from infrastructure.errors import ConfigError


@pytest.mark.parametrize("variables", [{}, {"X": ""}])
def test_a_variable_that_is_missing_or_empty_is_not_set(variables):
    assert read_text("X", variables=variables) == ""
    assert read_text("X", "y", variables) == "y"
    assert read_path("X", variables) is None
    assert read_port("X", 3000, variables) == 3000


def test_what_is_set_is_read():
    assert read_path("X", {"X": "here"}) == Path("here").absolute()
    assert read_port("X", 3000, {"X": "80"}) == 80


@pytest.mark.parametrize("text", ["many", "-5.5", "70000.1"])
def test_a_wrong_value_is_named_with_what_would_be_right(text):
    with pytest.raises(ConfigError, match=r"(?s)field: X.*expected:") as refused:
        read_port("X", 1, {"X": text})
    assert refused.value.value == text
