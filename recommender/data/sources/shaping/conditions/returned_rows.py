"""Purchases that a source file says came back as a whole, by conditions of foreign cells."""

import pandas as pd

from recommender.contract import columns as c
from recommender.data.sources.cells.times.whole_columns import AT_ONCE, WholeColumns
from recommender.data.sources.description.table_source import TableSource
from recommender.data.sources.shaping.conditions.row_conditions import fulfilled


def with_returned(
    ours: pd.DataFrame, theirs: pd.DataFrame, source: TableSource, whole: WholeColumns = AT_ONCE
) -> pd.DataFrame:
    """``ours`` with all pieces of the rows that fulfil the conditions ``returned`` as pieces that came back.

    A column of such pieces that is mapped, too, counts for the other rows. A number of pieces that cannot be read costs
    the row where it stands, in the quantity.
    """
    if not source.returned:
        return ours
    back = fulfilled(theirs, source.returned, source, whole)
    nothing = pd.Series(None, index=ours.index, dtype=object)
    quantity = ours.get(c.QUANTITY, nothing).astype(object)
    pieces = quantity.where(pd.to_numeric(quantity, errors="coerce").notna(), 1)
    return ours.assign(**{c.RETURNED: pieces.where(back, ours.get(c.RETURNED, nothing))})
