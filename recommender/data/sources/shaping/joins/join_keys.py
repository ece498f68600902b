"""The keys by which rows of two tables belong together."""

from collections.abc import Sequence
from typing import Any, Final

import pandas as pd

from recommender.data.parsing.cells import Cells
from recommender.data.parsing.pandas_parsing import id_keys
from recommender.data.sources.cells.missing_words import present
from recommender.data.sources.shaping.repeated import by_value

_BETWEEN: Final = "\x1f"
"""Between the columns of a key: a control character, which no id has."""

_NOTHING: Final[Any] = None


def keys_of(rows: pd.DataFrame, columns: Sequence[str], missing: tuple[str, ...]) -> Cells:
    """One text for each row, the same for every spelling of its ids; None where a part is missing."""
    parts = [by_value(present(rows[name], missing), id_keys) for name in columns]
    together = parts[0]
    for part in parts[1:]:
        together = (together + _BETWEEN + part).where(together.notna() & part.notna(), _NOTHING)
    return together


def shown(keys: Cells, number: int) -> str:
    """Some keys, for people."""
    return ", ".join(key.replace(_BETWEEN, " + ") for key in keys.dropna().unique()[:number]) or "none"
