"""Columns in which values repeat."""

from collections.abc import Callable

import pandas as pd

from recommender.data.parsing.cells import Cells


def by_value(cells: Cells, read: Callable[[Cells], Cells]) -> Cells:
    """What ``read`` makes of a column, computed once for each different value; None where it is missing."""
    if cells.dtype == object and pd.api.types.infer_dtype(cells, skipna=True) != "string":
        return read(cells)  # lists do not compare, and True would be 1
    codes, values = pd.factorize(cells)
    known = read(pd.Series(values, dtype=object)) if len(values) else pd.Series(dtype=object)
    taken = known.reindex(codes).set_axis(cells.index).astype(object)
    return taken.where(taken.notna(), None)  # pyright: ignore[reportArgumentType]
