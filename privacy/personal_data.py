"""Where a customer's id, or the name that logs have for it, stands in a shop's workspace: found, and removed."""

import io
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from feast.infra.key_encoding_utils import serialize_entity_key
from feast.protos.feast.types.EntityKey_pb2 import EntityKey
from feast.protos.feast.types.Value_pb2 import Value

from infrastructure.files import write_atomically
from recommender.contract import columns as c
from recommender.contract.query import customer_hash

#: How a SQLite file begins; the name does not tell (Feast's registry.db is none).
_SQLITE: Final = b"SQLite format 3\0"
#: SQLite's own files beside a database: they are that database's.
_BESIDE: Final = ("-wal", "-shm", "-journal")
_KEY_VERSION: Final = 3
#: What a name may be part of.
_OF_WORDS: Final = "[0-9A-Za-z_-]"


@dataclass(frozen=True)
class Names:
    """What one customer is called.

    Attributes:
        customer_id: The id.
        pseudonym: The name in the log of what was shown.
    """

    customer_id: str
    pseudonym: str

    @property
    def plain(self) -> str:
        """The unsalted name under which bundles know what customers avoid (``recommender.models.avoidances``)."""
        return customer_hash(self.customer_id)

    @property
    def texts(self) -> tuple[str, str]:
        """Both names."""
        return self.customer_id, self.pseudonym

    @property
    def entity_key(self) -> bytes:
        """The name in Feast's online store."""
        key = EntityKey(join_keys=[c.CUSTOMER_ID], entity_values=[Value(string_val=self.customer_id)])
        return serialize_entity_key(key, entity_key_serialization_version=_KEY_VERSION)

    @property
    def anywhere(self) -> re.Pattern[bytes]:
        """The names as words of their own: c1 is not in c10."""
        return re.compile(f"(?<!{_OF_WORDS})(?:{self._either})(?!{_OF_WORDS})".encode())

    @property
    def within(self) -> str:
        """The same as a pattern of RE2, which knows no looking around."""
        return f"(?:^|[^{_OF_WORDS[1:]})(?:{self._either})(?:$|[^{_OF_WORDS[1:]})"

    @property
    def _either(self) -> str:
        return "|".join(map(re.escape, self.texts))


def traces(folder: Path, names: Names) -> dict[str, int]:
    """Rows, or for files without rows mentions, of the customer by file under ``folder``; empty for no trace."""
    found = {str(path.relative_to(folder)): _count(path, names) for path in _files(folder)}
    return {path: count for path, count in found.items() if count}


def remove(folder: Path, names: Names) -> dict[str, int]:
    """Take the customer's rows out of every table under ``folder``; how many, by file.

    Files that are no tables are left as they are: :func:`traces` tells what still stands in them.
    """
    found = {str(path.relative_to(folder)): _remove(path, names) for path in _files(folder)}
    return {path: count for path, count in found.items() if count}


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.endswith(_BESIDE))


def _count(path: Path, names: Names) -> int:
    if path.suffix == ".parquet":
        return int(np.count_nonzero(_theirs(pq.read_table(path), names)))
    if _is_sqlite(path):
        return sum(count for _, _, count in _in_sqlite(path, names))
    if path.suffix == ".npy":
        return _in_array(path, names)
    return len(names.anywhere.findall(path.read_bytes()))


def _is_sqlite(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(_SQLITE)) == _SQLITE


def _in_array(path: Path, names: Names) -> int:
    """A bundle's arrays name customers by their ids as texts, or by their pseudonyms as numbers."""
    looked_for: dict[str, Any] = {"U": names.texts, "u": np.array([int(names.plain, 16)], np.uint64)}
    array = np.load(path, mmap_mode="r", allow_pickle=False)
    kind = array.dtype.kind
    return int(np.isin(array, looked_for[kind]).sum()) if kind in looked_for else 0


def _remove(path: Path, names: Names) -> int:
    if path.suffix == ".parquet":
        return _remove_from_parquet(path, names)
    return _remove_from_sqlite(path, names) if _is_sqlite(path) else 0


def _remove_from_parquet(path: Path, names: Names) -> int:
    table = pq.read_table(path)
    theirs = _theirs(table, names)
    count = int(np.count_nonzero(theirs))
    if count:
        kept = io.BytesIO()
        pq.write_table(table.filter(pa.array(~theirs)), kept)
        write_atomically(path, kept.getvalue())
    return count


def _theirs(table: pa.Table, names: Names) -> "np.ndarray[Any, np.dtype[np.bool_]]":
    """Which rows name the customer: in a text column, or within one (the quarantine keeps whole rows as text)."""
    theirs = np.zeros(len(table), np.bool_)
    for column, kind in zip(table.columns, table.schema.types, strict=True):
        if pa.types.is_string(kind) or pa.types.is_large_string(kind):
            found = pc.match_substring_regex(column, pattern=names.within).fill_null(False)
            theirs |= found.to_numpy()
    return theirs


def _in_sqlite(path: Path, names: Names) -> Iterator[tuple[str, str, int]]:
    """Table, column and number of the rows that name the customer."""
    with closing(sqlite3.connect(path, timeout=30)) as connection:
        for table, column in _columns(connection):
            statement = f'SELECT count(*) FROM "{table}" WHERE "{column}" IN (?, ?, ?)'  # noqa: S608 (names of the file's own)
            (count,) = connection.execute(statement, (*names.texts, names.entity_key)).fetchone()
            if count:
                yield table, column, count


def _remove_from_sqlite(path: Path, names: Names) -> int:
    found = list(_in_sqlite(path, names))
    if not found:
        return 0
    with closing(sqlite3.connect(path, timeout=30)) as connection:
        connection.execute("PRAGMA secure_delete = ON")
        for table, column, _ in found:
            statement = f'DELETE FROM "{table}" WHERE "{column}" IN (?, ?, ?)'  # noqa: S608 (names of the file's own)
            connection.execute(statement, (*names.texts, names.entity_key))
        connection.commit()
        # What was deleted is in no page of the file, nor of its write-ahead log.
        connection.execute("VACUUM")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return sum(count for _, _, count in found)


def _columns(connection: sqlite3.Connection) -> list[tuple[str, str]]:
    tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    return [
        (table, row[1])
        for table in tables
        if not table.startswith("sqlite_")
        for row in connection.execute(f'PRAGMA table_info("{table}")')
    ]
