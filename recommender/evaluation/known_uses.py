"""Whether today's data still tells of what the champion learnt from: history that is rewritten is broken data.

What customers did is over: a later training sees the same uses and more. An export with a join gone wrong, a wrong
file or half a table does not. Judging models cannot tell: on broken data champion and challenger fail alike.
"""

from pathlib import Path
from typing import Final

import pandas as pd

from recommender.contract import columns as c
from recommender.contract.tables import Tables
from recommender.data.interactions import interactions

#: Uses that are kept; enough to tell a tenth from none.
KEPT: Final = 10_000

#: File in which one step of a training tells another what :func:`share_lost` found.
LOST: Final = "lost.json"

_FILE: Final = "known_uses.parquet"
_USE: Final = [c.CUSTOMER_ID, c.PRODUCT_ID, c.TIME]


def write_known_uses(tables: Tables, folder: Path) -> None:
    """Keep some of the uses that a model learns from, in an existing folder: the same ones of the same data."""
    uses = interactions(tables)[_USE]
    drawn = pd.util.hash_pandas_object(uses, index=False).sort_values(kind="stable").index[:KEPT]
    uses.loc[drawn].sort_values(_USE).to_parquet(folder / _FILE, index=False)


def share_lost(folder: Path, tables: Tables) -> float | None:
    """Share of the kept uses that ``tables`` do not tell of any more; None where none were kept."""
    if not (folder / _FILE).is_file():
        return None
    kept = pd.read_parquet(folder / _FILE)
    if kept.empty:
        return None
    found = kept.merge(interactions(tables)[_USE], on=_USE, how="left", indicator="found")
    return float((found["found"] == "left_only").mean())
