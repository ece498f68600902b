"""Incremental ingest: rows of earlier ingests are stored, and the next one reads only new and changed rows."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pandas as pd

from infrastructure.files import read_json, replace_folder, write_json
from recommender.contract import columns as c
from recommender.contract.fields import Kind, fields_of
from recommender.data.parsing.pandas_parsing import id_keys
from recommender.data.raw_tables import read_stored, storable
from recommender.data.sources.description.table_source import TableSource

_STATE: Final = "state.json"
_UNITED: Final = (c.CUSTOMERS, c.PRODUCTS)
_KINDS: Final = {"datetime": datetime.fromisoformat, "date": date.fromisoformat, "Decimal": Decimal}


@dataclass(frozen=True)
class EarlierRows:
    """Rows of one table from earlier ingests.

    Attributes:
        rows: Under our column names, not cleaned.
        cursor: Greatest value of their cursor column.
    """

    rows: pd.DataFrame
    cursor: Any


def load_earlier(folder: Path, table: str, source: TableSource) -> EarlierRows | None:
    """The stored rows of a table; None where there are none, or where its description has changed since."""
    about = folder / table / _STATE
    if not about.is_file():
        return None
    state = read_json(about)
    if state["source"] != _fingerprint(source):
        return None
    cursor = _KINDS.get(state["kind"], lambda value: value)(state["cursor"])
    return EarlierRows(read_stored(table, folder / table / f"{table}.parquet"), cursor)


def save_earlier(folder: Path, table: str, source: TableSource, earlier: EarlierRows) -> None:
    """Store rows and cursor together: after an interruption both are old or both are new."""
    kind = type(earlier.cursor).__name__
    cursor = str(earlier.cursor) if kind in _KINDS else earlier.cursor
    with replace_folder(folder / table) as partial:
        earlier.rows.to_parquet(partial / f"{table}.parquet", index=False)
        write_json(partial / _STATE, {"cursor": cursor, "kind": kind, "source": _fingerprint(source)})


def merge_rows(table: str, old: pd.DataFrame, new: pd.DataFrame, key: tuple[str, ...]) -> pd.DataFrame:
    """``old`` with ``new``: a row of ``new`` replaces those with the same key, others are appended.

    Ids are the same in whatever spelling: a column of whole numbers that gets a gap has "7.0" for 7 from then on.
    Several new rows of one customer or product all stay, as cleaning unites what they say; of other rows the last does.
    A row that lacks a part of its key is identified by all its cells, so that cleaning sees it once.
    """
    together = storable(table, pd.concat([old, new], ignore_index=True))
    keys = _comparable(table, together[[*key]])
    named = keys.notna().all(axis=1)
    # As texts, for a key may be a list.
    place, _ = pd.MultiIndex.from_frame(keys[named].astype(str)).factorize()
    rows = together[named].assign(_place=place)
    current = _of_last_read(rows, len(old)) if table in _UNITED else _last(rows)
    nameless = together[~named]
    nameless = nameless[~nameless.map(repr).duplicated()]
    return pd.concat([current[[*together]], nameless], ignore_index=True)


def without_rows(table: str, old: pd.DataFrame, gone: pd.DataFrame, key: tuple[str, ...]) -> pd.DataFrame:
    """``old`` without the rows that have a whole key of a row of ``gone``."""
    keys, others = (_comparable(table, rows[[*key]]) for rows in (old, gone))
    left_out = pd.MultiIndex.from_frame(others[others.notna().all(axis=1)].astype(str))
    return old[~pd.MultiIndex.from_frame(keys.astype(str)).isin(left_out)]


def _comparable(table: str, keys: pd.DataFrame) -> pd.DataFrame:
    ids = [name for name, field in fields_of(table).items() if name in keys and field.kind is Kind.IDENTIFIER]
    return keys.assign(**{name: id_keys(keys[name]) for name in ids})


def _last(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.drop_duplicates("_place", keep="last").sort_values("_place")


def _of_last_read(rows: pd.DataFrame, old: int) -> pd.DataFrame:
    """The rows of each key from the last read that changed any; those numbered below ``old`` are the stored ones."""
    different = rows[~rows.astype(str).duplicated()]
    changed = different.loc[different.index >= old, "_place"]
    kept = different[(different.index >= old) | ~different["_place"].isin(changed)]
    return kept.sort_values("_place", kind="stable")


def greatest_cursor(cursors: "pd.Series[Any]", before: Any) -> Any:
    """The greatest cursor there is, as plain Python; ``before`` where none is greater."""
    found = [*cursors.dropna(), *([] if before is None else [before])]
    return max(found, default=None)


def _fingerprint(source: TableSource) -> str:
    """A hash of everything that the source file says of the table; a key that it leaves out may come up later."""
    text = json.dumps(source.model_dump(mode="json", exclude_defaults=True), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
