"""Avro files: records as frames, their logical types (times, decimals) as such."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, cast

import fastavro
import pandas as pd

from infrastructure.errors import DataError
from recommender.data.sources.description.table_source import TableSource
from recommender.data.sources.reading.frames import frames_of
from recommender.data.sources.reading.text_files import require_columns


def avro_frames(path: Path, columns: Sequence[str], _: TableSource) -> Iterator[pd.DataFrame]:
    """The ``columns`` of a file's records.

    Raises:
        DataError: It holds no records, or they lack a column.
        OSError, ValueError, EOFError: It cannot be read.
    """
    with path.open("rb") as content:
        records: Any = fastavro.reader(content)
        schema = records.writer_schema
        if not isinstance(schema, dict) or schema.get("type") != "record":
            raise DataError("The file holds no records.", where=str(path), expected="an Avro file of records")
        fields = cast("list[dict[str, Any]]", schema["fields"])
        require_columns(str(path), columns, [field["name"] for field in fields])
        yield from frames_of(([record[name] for name in columns] for record in records), columns)
