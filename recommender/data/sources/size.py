"""About how many rows a data set has, without reading them: for saying how long a run will take."""

import gzip
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from infrastructure.errors import RecommenderError
from recommender.contract import columns as c
from recommender.contract.fields import BEHAVIOUR
from recommender.data.sources.connectors.remote_files import is_remote
from recommender.data.sources.connectors.several_files import local_files
from recommender.data.sources.description.source import Source
from recommender.data.sources.description.table_source import TableSource
from recommender.data.sources.files import TEXTS
from recommender.data.sources.reading.compressed import content_name
from recommender.data.sources.reading.json_documents import has_lines

_HEAD: Final = 1 << 20
"""Bytes that are looked at, unpacked."""
_ROWS_A_CUSTOMER: Final = 67
"""Of the synthetic shop."""


def about_rows(source: Path) -> tuple[int, int] | None:
    """About how many rows of transactions, ratings and events, and how many products; None where nothing tells it."""
    described = Source.load(source)
    if described.synthetic is not None:
        return described.synthetic.customers * _ROWS_A_CUSTOMER, described.synthetic.products
    found = {name: _rows(table, source.parent) for name, table in described.tables.present().items()}
    behaviour = [found[name] for name in BEHAVIOUR if name in found]
    if None in behaviour:
        return None
    return sum(rows or 0 for rows in behaviour), found.get(c.PRODUCTS) or 0


def _rows(table: TableSource, folder: Path) -> int | None:
    if not table.files or any(map(is_remote, table.files)):
        return None
    try:
        with local_files(table.files, folder) as paths:
            rows = [about_rows_of(path) for path in paths]
            return None if None in rows else sum(count or 0 for count in rows)
    except (OSError, pa.ArrowException, RecommenderError):
        return None  # the run itself says what is wrong


def about_rows_of(path: Path) -> int | None:
    """About how many rows a file has: a Parquet file says it, and lines are as many as in its beginning.

    Raises:
        OSError, pa.ArrowException: It cannot be read.
    """
    if path.suffix.lower() == ".parquet":
        return pq.read_metadata(path).num_rows
    packed = path.suffix.lower() == ".gz"
    kind = content_name(path).suffix.lower() if packed else path.suffix.lower()
    if kind not in TEXTS or (kind == ".json" and not has_lines(path, "utf-8")):
        return None
    with path.open("rb") as file:
        head = gzip.GzipFile(fileobj=file).read(_HEAD) if packed else file.read(_HEAD)
        return round(path.stat().st_size * head.count(b"\n") / max(file.tell(), 1))
