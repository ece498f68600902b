"""Which rows of a foreign table fulfil the conditions that a source file names."""

from collections.abc import Mapping, Sequence
from functools import reduce
from operator import and_

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from recommender.data.parsing.cells import Cells, as_stripped_text
from recommender.data.sources.cells.missing_words import present
from recommender.data.sources.cells.times.bounds import at_least, at_most
from recommender.data.sources.cells.times.reading import read_times
from recommender.data.sources.cells.times.whole_columns import AT_ONCE, WholeColumns
from recommender.data.sources.description.column_source import Cell, ColumnSource
from recommender.data.sources.description.row_condition import RowCondition
from recommender.data.sources.description.table_source import TableSource
from recommender.data.sources.shaping.numbers import cell_numbers
from recommender.data.sources.shaping.repeated import by_value


def fulfilled(
    theirs: pd.DataFrame, conditions: Mapping[str, RowCondition], source: TableSource, whole: WholeColumns = AT_ONCE
) -> NDArray[np.bool_]:
    """bool[rows]: whether every condition holds, each of the column under its name."""
    every = (holds(theirs[column], condition, source, whole) for column, condition in conditions.items())
    return reduce(and_, every, np.ones(len(theirs), dtype=np.bool_))


def holds(
    cells: Cells, condition: RowCondition, source: TableSource, whole: WholeColumns = AT_ONCE
) -> NDArray[np.bool_]:
    """bool[rows]: whether a condition holds of the cells of a column, which has its name in the foreign table.

    What the whole column of times decides is asked of ``whole``.
    """
    table = source.table_of(str(cells.name))
    cells = present(cells, table.missing)
    texts = by_value(cells, as_stripped_text)
    found = np.ones(len(cells), dtype=np.bool_)
    if condition.one_of is not None:
        found &= _is_one_of(texts, condition.one_of)
    if condition.none_of is not None:
        found &= ~_is_one_of(texts, condition.none_of)
    if condition.matches is not None:
        found &= _contains(texts, condition.matches)
    if condition.matches_not is not None:
        found &= ~_contains(texts, condition.matches_not)
    if condition.missing is not None:
        found &= texts.isna().to_numpy() == condition.missing
    if condition.least is None and condition.most is None:
        return found
    return found & (
        _is_then(cells, condition, source, whole) if condition.is_of_times else _is_within(cells, condition, table)
    )


def _is_within(cells: Cells, condition: RowCondition, table: TableSource) -> NDArray[np.bool_]:
    numbers = cell_numbers(cells, table)
    found = numbers.notna().to_numpy()
    if condition.least is not None:
        found &= (numbers >= condition.least).to_numpy()
    if condition.most is not None:
        found &= (numbers <= condition.most).to_numpy()
    return found


def _is_then(cells: Cells, condition: RowCondition, source: TableSource, whole: WholeColumns) -> NDArray[np.bool_]:
    """Whether the times are within the bounds, read as where the column is mapped."""
    name = str(cells.name)
    how = next((how for how in source.columns.values() if how.read == (name,)), ColumnSource.model_validate(name))
    read = read_times(cells, how, source.place, name, whole)
    times = pd.to_datetime(read, format="ISO8601", utc=True, errors="coerce")
    found = times.notna().to_numpy()
    if condition.least is not None:
        found &= (times >= at_least(str(condition.least), how.timezone)).to_numpy()
    if condition.most is not None:
        found &= (times <= at_most(str(condition.most), how.timezone)).to_numpy()
    return found


def _is_one_of(texts: Cells, values: Sequence[Cell]) -> NDArray[np.bool_]:
    found = texts.isin(_texts(values)).to_numpy()
    return found | texts.isna().to_numpy() if None in values else found


def _contains(texts: Cells, pattern: str) -> NDArray[np.bool_]:
    return texts.str.count(pattern).gt(0).to_numpy(dtype=np.bool_)  # ``contains`` warns of groups, to whoever runs it.


def _texts(values: Sequence[Cell]) -> list[str]:
    """The values as the cells' texts: YAML's ``true`` is the text that a cell of truth has."""
    return as_stripped_text(pd.Series(list(values), dtype=object)).dropna().tolist()
