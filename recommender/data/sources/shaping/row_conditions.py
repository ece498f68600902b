"""Which rows of a foreign table fulfil the conditions that a source file names."""

from collections.abc import Mapping, Sequence
from functools import reduce
from operator import and_

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from recommender.data.parsing.cells import Cells, as_stripped_text
from recommender.data.parsing.numbers import read_numbers
from recommender.data.sources.description.column_source import Cell
from recommender.data.sources.description.row_condition import RowCondition
from recommender.data.sources.description.table_source import TableSource


def fulfilled(theirs: pd.DataFrame, conditions: Mapping[str, RowCondition], source: TableSource) -> NDArray[np.bool_]:
    """bool[rows]: whether every condition holds, each of the column under its name."""
    every = (_holds(theirs[column], condition, source) for column, condition in conditions.items())
    return reduce(and_, every, np.ones(len(theirs), dtype=np.bool_))


def _holds(cells: Cells, condition: RowCondition, source: TableSource) -> NDArray[np.bool_]:
    texts = as_stripped_text(cells)
    found = np.ones(len(cells), dtype=np.bool_)
    if condition.one_of is not None:
        found &= texts.isin(_texts(condition.one_of)).to_numpy()
    if condition.none_of is not None:
        found &= ~texts.isin(_texts(condition.none_of)).to_numpy()
    if condition.matches is not None:
        found &= _contains(texts, condition.matches)
    if condition.matches_not is not None:
        found &= ~_contains(texts, condition.matches_not)
    if condition.missing is not None:
        found &= texts.isna().to_numpy() == condition.missing
    return found & _is_within(texts, condition, source)


def _is_within(texts: Cells, condition: RowCondition, source: TableSource) -> NDArray[np.bool_]:
    found = np.ones(len(texts), dtype=np.bool_)
    if condition.least is None and condition.most is None:
        return found
    numbers = read_numbers(texts, source.decimal, source.thousands_mark.strip())
    if condition.least is not None:
        found &= (numbers >= condition.least).to_numpy()
    if condition.most is not None:
        found &= (numbers <= condition.most).to_numpy()
    return found


def _contains(texts: Cells, pattern: str) -> NDArray[np.bool_]:
    return texts.str.contains(pattern, regex=True, na=False).to_numpy(dtype=np.bool_)


def _texts(values: Sequence[Cell]) -> list[str]:
    """The values as the cells' texts: YAML's ``true`` is the text that a cell of truth has."""
    return as_stripped_text(pd.Series(list(values), dtype=object)).dropna().tolist()
