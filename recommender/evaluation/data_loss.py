"""Whether today's data still contains what the champion learnt from: rewritten history means broken data.

What customers did does not change: a later training sees the same interactions and more. An export with a wrong join,
a wrong file or half a table does not. Comparing models does not show it: on broken data both fail alike.
"""

from pathlib import Path
from typing import Final

import pandas as pd

from recommender.contract import columns as c
from recommender.contract.tables import Tables
from recommender.data.interactions import interactions

#: Interactions in the sample; enough to tell a loss of a tenth from none.
SAMPLE_SIZE: Final = 10_000

#: File in which one step of a training hands another what :func:`share_of_lost_interactions` found.
LOST_SHARE_FILE: Final = "lost.json"

_FILE: Final = "known_uses.parquet"
_COLUMNS: Final = [c.CUSTOMER_ID, c.PRODUCT_ID, c.TIME]


def write_interaction_sample(tables: Tables, folder: Path) -> None:
    """Write a sample of the interactions that a model learns from to a folder; the same data gives the same sample."""
    rows = interactions(tables)[_COLUMNS]
    drawn = pd.util.hash_pandas_object(rows, index=False).sort_values(kind="stable").index[:SAMPLE_SIZE]
    rows.loc[drawn].sort_values(_COLUMNS).to_parquet(folder / _FILE, index=False)


def share_of_lost_interactions(folder: Path, tables: Tables) -> float | None:
    """Share of the sample that ``tables`` no longer contain; None where there is no sample."""
    if not (folder / _FILE).is_file():
        return None
    sample = pd.read_parquet(folder / _FILE)
    if sample.empty:
        return None
    found = sample.merge(interactions(tables)[_COLUMNS], on=_COLUMNS, how="left", indicator="found")
    return float((found["found"] == "left_only").mean())
