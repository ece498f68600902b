"""Small parts, and a guard that tables are not read whole."""

from typing import Any

import pytest

from recommender.data.sources.parts import folder as parts_folder
from recommender.data.sources.parts import foreign_rows, opening


@pytest.fixture
def divided(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts of two or three rows."""
    monkeypatch.setattr(foreign_rows, "ROWS", 2)
    monkeypatch.setattr(opening, "ROWS", 3)


@pytest.fixture
def never_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> None:
        raise AssertionError("read whole")

    monkeypatch.setattr(parts_folder, "read_table", refuse)
    monkeypatch.setattr(parts_folder, "whole_frame", refuse)
