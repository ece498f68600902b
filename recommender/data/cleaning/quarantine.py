"""The quarantine: every rejected row with its origin, the rule that it broke and the reason."""

import json
from collections.abc import Sequence
from typing import Any, Final, cast

import numpy as np
import pandas as pd

from recommender.config.preparation import CleaningSettings
from recommender.contract import columns as c
from recommender.data.cleaning.rule import Rule
from recommender.data.parsing.cell_texts import UNREADABLE
from recommender.data.parsing.cells import Cells, as_text

COLUMNS: Final = (c.SOURCE, c.TABLE, c.ROW, c.RULE, c.REASON, c.CONTENT)

_LONGEST_VALUE: Final = 80


def quarantine_records(
    source: str,
    table: str,
    numbers: Sequence[int],
    content: pd.DataFrame,
    rule: Rule,
    settings: CleaningSettings,
    facts: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """One record for each raw row that breaks a rule, in the columns ``COLUMNS``.

    ``numbers`` are those of the rows in the source, from 0; ``content`` the same rows as they were read, under our
    column names: a record has each as JSON. ``facts`` are more cells of these rows that reasons may name.
    """
    named = content if facts is None else content.assign(**{str(name): facts[name].to_numpy() for name in facts})
    return pd.DataFrame(
        {
            c.SOURCE: source,
            c.TABLE: table,
            c.ROW: np.asarray(numbers, np.int64),
            c.RULE: rule.name,
            c.REASON: _reasons(named, rule, settings),
            c.CONTENT: [_json(row) for row in content.to_dict("records")],
        }
    )


def all_records(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """All records, by table and source row; with the same column types where there are none."""
    empty = pd.DataFrame({name: pd.Series(dtype="int64" if name == c.ROW else "object") for name in COLUMNS})
    filled = [part for part in parts if len(part)]
    if not filled:
        return empty
    everything = pd.concat(filled, ignore_index=True)
    order = everything[c.TABLE].map({name: at for at, name in enumerate(c.TABLES)})
    return everything.assign(_order=order).sort_values(["_order", c.ROW], kind="stable", ignore_index=True)[[*COLUMNS]]


def _reasons(content: pd.DataFrame, rule: Rule, settings: CleaningSettings) -> list[str]:
    used = [name for name in content if f"{{{name}}}" in rule.reason]
    texts = {str(name): _shown(content[name]) for name in used}
    rows = ({name: cells[at] for name, cells in texts.items()} for at in range(len(content)))
    return [rule.reason.format(**row, settings=settings) for row in rows]


def _shown(cells: Cells) -> list[str]:
    return (
        as_text(cells.map(_single))
        .fillna("")
        .str.replace(UNREADABLE, "", regex=False)
        .str.slice(0, _LONGEST_VALUE)
        .tolist()
    )


def _single(cell: Any) -> Any:
    """A cell; of a list, its only entry or the one that cannot be read."""
    if not isinstance(cell, list):
        return cell
    entries = cast("list[Any]", cell)
    unread = [entry for entry in entries if isinstance(entry, str) and UNREADABLE in entry]
    return (unread or entries)[0] if unread or len(entries) == 1 else entries


def _json(content: dict[Any, Any]) -> str:
    plain = {name: cell if isinstance(cell, list) or pd.notna(cell) else None for name, cell in content.items()}
    return json.dumps(plain, ensure_ascii=False, default=str).replace(UNREADABLE, "")
