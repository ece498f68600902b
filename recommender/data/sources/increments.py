"""Tables that grow: what earlier ingests read is kept, and the next one asks only for what is new or restated."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pandas as pd

from infrastructure.files import read_json, whole_folder, write_json
from recommender.data.raw_tables import read_stored, storable
from recommender.data.sources.source import TableSource

_STATE: Final = "state.json"
_KINDS: Final = {"datetime": datetime.fromisoformat, "date": date.fromisoformat, "Decimal": Decimal}


@dataclass(frozen=True)
class Kept:
    """What earlier ingests read of one table.

    Attributes:
        rows: Under our column names, as raw as they came.
        cursor: Greatest value of their cursor column.
    """

    rows: pd.DataFrame
    cursor: Any


def load(folder: Path, table: str, source: TableSource) -> Kept | None:
    """What is kept of a table; None where nothing is, or where its description has changed since."""
    about = folder / table / _STATE
    if not about.is_file():
        return None
    state = read_json(about)
    if state["source"] != _fingerprint(source):
        return None
    cursor = _KINDS.get(state["kind"], lambda value: value)(state["cursor"])
    return Kept(read_stored(table, folder / table / f"{table}.parquet"), cursor)


def save(folder: Path, table: str, source: TableSource, kept: Kept) -> None:
    """Keep the rows and the cursor together: interrupted anywhere, both are the old or both the new."""
    kind = type(kept.cursor).__name__
    cursor = str(kept.cursor) if kind in _KINDS else kept.cursor
    with whole_folder(folder / table) as partial:
        kept.rows.to_parquet(partial / f"{table}.parquet", index=False)
        write_json(partial / _STATE, {"cursor": cursor, "kind": kind, "source": _fingerprint(source)})


def merged(table: str, old: pd.DataFrame, new: pd.DataFrame, key: tuple[str, ...]) -> pd.DataFrame:
    """``old`` with ``new``: a row of ``new`` takes the place of the one with the same key, others come behind.

    A row that lacks a part of its key is named by all it holds, so that cleaning still sees it, once.
    """
    together = storable(table, pd.concat([old, new], ignore_index=True))
    named = together[[*key]].notna().all(axis=1)
    rows = together[named]
    place, _ = pd.MultiIndex.from_frame(rows[[*key]]).factorize()
    current = rows.assign(_place=place).drop_duplicates("_place", keep="last").sort_values("_place")
    nameless = together[~named]
    nameless = nameless[~nameless.astype(str).duplicated()]
    return pd.concat([current[[*together]], nameless], ignore_index=True)


def greatest(cursors: "pd.Series[Any]", before: Any) -> Any:
    """The greatest cursor there is, as plain Python; ``before`` where none is greater."""
    found = [*cursors.dropna(), *([] if before is None else [before])]
    return max(found, default=None)


def _fingerprint(source: TableSource) -> str:
    """Changes with anything that the source file says of the table."""
    text = json.dumps(source.model_dump(mode="json"), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
