"""Columns that are stored as they stand: texts that Arrow has already, so that no cell has to become an object."""

from collections.abc import Iterator
from typing import Any, Final

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from recommender.contract.fields import BEHAVIOUR, Field, Kind, fields_of
from recommender.data.parsing.cells import as_stripped_text
from recommender.data.sources.description.column_source import ColumnSource
from recommender.data.sources.description.table_source import TableSource
from recommender.data.sources.parts.evidence import Evidence
from recommender.data.sources.parts.foreign_rows import Part

_KINDS: Final = (Kind.IDENTIFIER, Kind.TEXT, Kind.TIME)
"""What a text is kept as it is for."""


def quick_columns(part: Part, table: str, source: TableSource, evidence: Evidence) -> dict[str, pa.ChunkedArray]:
    """Those of our columns that are texts of theirs and nothing else, of tables of what customers do."""
    return dict(_found(part, table, source, evidence)) if table in BEHAVIOUR and not source.missing else {}


def _found(part: Part, table: str, source: TableSource, evidence: Evidence) -> Iterator[tuple[str, pa.ChunkedArray]]:
    fields = fields_of(table)
    for name, how in source.columns.items():
        cells = _texts(part, fields[name], how)
        if cells is None:
            continue
        if fields[name].kind is Kind.TIME:
            evidence.note_iso(_sampled(cells, evidence), name)
        yield name, cells


def _texts(part: Part, field: Field, how: ColumnSource) -> pa.ChunkedArray | None:
    """The cells as texts, where they are and nothing is said of them but whose they are."""
    if field.kind not in _KINDS or how.model_fields_set != {"read"} or len(how.read) != 1:
        return None
    cells = part.arrow(how.read[0])
    if cells is None:
        return None
    if field.kind is Kind.IDENTIFIER and how.read[0] in part.objects and pa.types.is_integer(cells.type):
        return pc.cast(cells, pa.string())
    texts = pa.types.is_string(cells.type) or pa.types.is_large_string(cells.type)
    return cells.cast(pa.string()) if texts else None


def _sampled(cells: pa.ChunkedArray, evidence: Evidence) -> "pd.Series[Any]":
    places = pa.array(range(*evidence.sampled.indices(len(cells))), pa.int64())
    return as_stripped_text(cells.take(places).to_pandas())
