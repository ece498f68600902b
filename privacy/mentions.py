"""Where else a customer's id or pseudonym stands in a workspace: counted, and never touched.

A shop may have a product of the same name, and code may have a sample: what is found here is no customer's row.
"""

import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from infrastructure.workspace import Workspace
from privacy.database_rows import WAIT_SECONDS
from privacy.identity import CustomerIdentity

#: The first bytes of a SQLite file and of a Parquet file; the name is no evidence (Feast's registry.db is neither).
_SQLITE: Final = b"SQLite format 3\0"
_PARQUET: Final = b"PAR1"
#: SQLite's own files beside a database, which belong to that database.
_BESIDE: Final = ("-wal", "-shm", "-journal")


def find_mentions(workspace: Workspace, customer: CustomerIdentity) -> dict[str, int]:
    """How often the files of a workspace mention the customer, by file; those that do not are left out.

    Not searched is what erasures themselves write, which has no id: figures in it would look like short ids.
    """
    counts = {path.relative_to(workspace.root).as_posix(): _count(path, customer) for path in _files(workspace)}
    return {name: count for name, count in counts.items() if count}


def _files(workspace: Workspace) -> list[Path]:
    ours = workspace.lock, workspace.forgotten, *workspace.erasures.glob("*")
    found = (path for path in workspace.root.rglob("*") if path.is_file() and not path.name.endswith(_BESIDE))
    return sorted(path for path in found if path not in ours)


def _count(path: Path, customer: CustomerIdentity) -> int:
    with path.open("rb") as file:
        start = file.read(len(_SQLITE))
    if start == _SQLITE:
        return _in_sqlite(path, customer)
    if start.startswith(_PARQUET):
        # A file that only begins like one is searched as any other.
        with suppress(pa.ArrowInvalid):
            return _in_parquet(path, customer)
    return _in_array(path, customer) if path.suffix == ".npy" else len(customer.pattern.findall(path.read_bytes()))


def _in_parquet(path: Path, customer: CustomerIdentity) -> int:
    """Texts that mention the customer, in lists too."""
    with pq.ParquetFile(path) as file:
        groups = (file.read_row_group(number) for number in range(file.num_row_groups))
        return sum(_in_column(column, customer) for group in groups for column in group.columns)


def _in_column(column: Any, customer: CustomerIdentity) -> int:
    while pa.types.is_list(column.type):
        column = pc.list_flatten(column)
    if not (pa.types.is_string(column.type) or pa.types.is_large_string(column.type)):
        return 0
    counted = pc.value_counts(column)
    values, counts = counted.field("values"), counted.field("counts")
    # Arrow looks for the letters, quickly; Python for whole words among what that found.
    there = pc.fill_null(_any_of(values, customer.texts), False)
    found = zip(values.filter(there).to_pylist(), counts.filter(there).to_pylist(), strict=True)
    return sum(count for value, count in found if _mentions(value, customer))


def _any_of(values: Any, texts: tuple[str, ...]) -> Any:
    there = pc.match_substring(values, texts[0])
    for text in texts[1:]:
        there = pc.or_(there, pc.match_substring(values, text))
    return there


def _in_sqlite(path: Path, customer: CustomerIdentity) -> int:
    """Cells that mention the customer."""
    with closing(sqlite3.connect(path, timeout=WAIT_SECONDS)) as connection:
        connection.create_function("mentions", 1, lambda cell: _mentions(cell, customer))
        return sum(
            connection.execute(f'SELECT count(*) FROM "{table}" WHERE mentions("{column}")').fetchone()[0]  # noqa: S608 (names of the file's own)
            for table, column in _columns(connection)
        )


def _columns(connection: sqlite3.Connection) -> list[tuple[str, str]]:
    tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    return [(table, row[1]) for table in tables for row in connection.execute(f'PRAGMA table_info("{table}")')]


def _in_array(path: Path, customer: CustomerIdentity) -> int:
    """Texts of an array of a bundle; numbers are no mention."""
    array = np.load(path, mmap_mode="r", allow_pickle=False)
    return int(np.isin(array, customer.texts).sum()) if array.dtype.kind == "U" else 0


def _mentions(cell: object, customer: CustomerIdentity) -> bool:
    if isinstance(cell, bytes):
        return customer.pattern.search(cell) is not None
    return isinstance(cell, str) and customer.pattern.search(cell.encode(errors="replace")) is not None
