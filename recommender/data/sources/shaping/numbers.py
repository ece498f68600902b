"""Numbers in the cells of a foreign table, as its source file says that they are written."""

import pandas as pd

from recommender.data.parsing.cells import Cells, as_stripped_text
from recommender.data.parsing.numbers import is_number, read_numbers
from recommender.data.sources.description.table_source import TableSource


def cell_numbers(cells: Cells, table: TableSource) -> Cells:
    """Cells as numbers, missing where they are none; float64. What is a number already is in nobody's format."""
    if pd.api.types.is_numeric_dtype(cells.dtype):
        return cells.astype("float64")
    numbers = read_numbers(as_stripped_text(cells), table.decimal, table.thousands_mark.strip())
    own = cells.map(is_number).astype(bool)
    return numbers.mask(own, pd.to_numeric(cells.where(own), errors="coerce").astype("float64"))
