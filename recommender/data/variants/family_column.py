"""The clean products' column of families: the source's ids, and those found by names."""

from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

import ibis
import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from infrastructure.progress import note
from recommender.config.preparation import VariantSettings
from recommender.contract import columns as c
from recommender.data.engines.backend import ROW, Backend
from recommender.data.variants.recognition import NamedProduct, recognised_families

_BY_NAME: Final = "name:"
"""Before the id of a family that was found by names, which no family of the source has: the id of its first product."""
_FOUND: Final = "_found"


def with_families(rows: ibis.Table, known: ibis.Table, settings: VariantSettings, backend: Backend) -> ibis.Table:
    """Clean products with the column ``family_id`` where any product is of a family.

    Only the products that the source gives no family are compared by their names, with each other.

    Args:
        rows: The products, as they are kept.
        known: The same without imputed values: an estimated price or brand says nothing of a family.
        settings: What families are found by.
        backend: What holds the rows.
    """
    if settings.found_by == "none":
        return rows.drop(c.FAMILY_ID) if c.FAMILY_ID in rows.columns else rows
    return rows if settings.found_by == "source" else _with_named_families(rows, known, backend)


def _with_named_families(rows: ibis.Table, known: ibis.Table, backend: Backend) -> ibis.Table:
    lacking = known.filter(known[c.FAMILY_ID].isnull()) if c.FAMILY_ID in known.columns else known
    columns = [name for name in (c.NAME, c.BRAND, c.CATEGORY, c.PRICE) if name in known.columns]
    found = _families(backend.to_arrow(lacking.select(ROW, c.PRODUCT_ID, *columns).order_by(c.PRODUCT_ID)))
    if not found.num_rows:
        return rows
    note("products found to be variants by their names", products=found.num_rows, families=_different(found))
    joined: Any = rows.left_join(backend.from_arrow(found), ROW)
    values = {name: joined[name] for name in rows.columns}
    own = ibis.coalesce(joined[c.FAMILY_ID], joined[_FOUND]) if c.FAMILY_ID in rows.columns else joined[_FOUND]
    return joined.select(**values | {c.FAMILY_ID: own})


def _different(found: pa.Table) -> int:
    return len(set(found[_FOUND].to_pylist()))


def _families(products: pa.Table) -> pa.Table:
    """Number of row and id of family of those products, which stand in the order of their ids, that have others."""
    named = [
        NamedProduct(*row) for row in zip(*(_cells(products, name) for name in NamedProduct.__slots__), strict=True)
    ]
    families = recognised_families(named)
    sizes = Counter(families)
    ids, numbers = products[c.PRODUCT_ID].to_pylist(), products[ROW].to_pylist()
    found = [(number, ids[first]) for number, first in zip(numbers, families, strict=True) if sizes[first] > 1]
    return pa.table(
        {
            ROW: pa.array([number for number, _ in found], products[ROW].type),
            _FOUND: pa.array([f"{_BY_NAME}{first}" for _, first in found], pa.string()),
        }
    )


def _cells(products: pa.Table, column: str) -> Sequence[Any]:
    """A column's values, texts as texts; as many missing ones where there is no such column."""
    blank = None if column == c.PRICE else ""
    if column not in products.column_names:
        return [blank] * products.num_rows
    return [blank if cell is None else cell for cell in products[column].to_pylist()]


def family_positions(products: pd.DataFrame) -> NDArray[np.int32]:
    """For each product the position of the first one of its family; its own where it is of none: int32[products]."""
    own = np.arange(len(products), dtype=np.int32)
    if c.FAMILY_ID not in products:
        return own
    codes, families = pd.factorize(products[c.FAMILY_ID])
    first = np.full(len(families), len(products), np.int32)
    known = codes >= 0
    np.minimum.at(first, codes[known], own[known])
    return np.where(known, first[codes], own).astype(np.int32) if len(families) else own
