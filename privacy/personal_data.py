"""Finds and removes a customer's id and pseudonyms in the files of a shop's workspace."""

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

#: The first bytes of a SQLite file; the name is no evidence (Feast's registry.db is not one).
_SQLITE: Final = b"SQLite format 3\0"
#: SQLite's own files beside a database, which belong to that database.
_BESIDE: Final = ("-wal", "-shm", "-journal")
_KEY_VERSION: Final = 3
#: Characters of a longer word that an identifier may be part of.
_WORD_CHARACTERS: Final = "[0-9A-Za-z_-]"


@dataclass(frozen=True)
class CustomerIdentifiers:
    """The identifiers of one customer: the id, and the pseudonym in the log of impressions."""

    customer_id: str
    pseudonym: str

    @property
    def unsalted_pseudonym(self) -> str:
        """The pseudonym by which bundles know what customers avoid (``recommender.models.avoidances``)."""
        return customer_hash(self.customer_id)

    @property
    def texts(self) -> tuple[str, str]:
        """The id and the log's pseudonym."""
        return self.customer_id, self.pseudonym

    @property
    def entity_key(self) -> bytes:
        """The key in Feast's online store."""
        key = EntityKey(join_keys=[c.CUSTOMER_ID], entity_values=[Value(string_val=self.customer_id)])
        return serialize_entity_key(key, entity_key_serialization_version=_KEY_VERSION)

    @property
    def pattern(self) -> re.Pattern[bytes]:
        """The identifiers as whole words: c1 is not in c10."""
        return re.compile(f"(?<!{_WORD_CHARACTERS})(?:{self._either})(?!{_WORD_CHARACTERS})".encode())

    @property
    def re2_pattern(self) -> str:
        """The same as a pattern of RE2, which has no lookaround."""
        return f"(?:^|[^{_WORD_CHARACTERS[1:]})(?:{self._either})(?:$|[^{_WORD_CHARACTERS[1:]})"

    @property
    def _either(self) -> str:
        return "|".join(map(re.escape, self.texts))


def find_personal_data(folder: Path, names: CustomerIdentifiers) -> dict[str, int]:
    """The customer's rows, or mentions in files without rows, by file under ``folder``; empty where there are none."""
    counts = {str(path.relative_to(folder)): _count(path, names) for path in _files(folder)}
    return {path: count for path, count in counts.items() if count}


def remove_personal_data(folder: Path, names: CustomerIdentifiers) -> dict[str, int]:
    """Remove the customer's rows from every table under ``folder``; returns how many, by file.

    Files that are not tables are left as they are: :func:`find_personal_data` finds what is still in them.
    """
    counts = {str(path.relative_to(folder)): _remove(path, names) for path in _files(folder)}
    return {path: count for path, count in counts.items() if count}


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.endswith(_BESIDE))


def _count(path: Path, names: CustomerIdentifiers) -> int:
    if path.suffix == ".parquet":
        return int(np.count_nonzero(_theirs(pq.read_table(path), names)))
    if _is_sqlite(path):
        return sum(count for _, _, count in _in_sqlite(path, names))
    if path.suffix == ".npy":
        return _in_array(path, names)
    return len(names.pattern.findall(path.read_bytes()))


def _is_sqlite(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(_SQLITE)) == _SQLITE


def _in_array(path: Path, names: CustomerIdentifiers) -> int:
    """Mentions in an array of a bundle, which has customers by id as text, or by pseudonym as a number."""
    searched: dict[str, Any] = {"U": names.texts, "u": np.array([int(names.unsalted_pseudonym, 16)], np.uint64)}
    array = np.load(path, mmap_mode="r", allow_pickle=False)
    kind = array.dtype.kind
    return int(np.isin(array, searched[kind]).sum()) if kind in searched else 0


def _remove(path: Path, names: CustomerIdentifiers) -> int:
    if path.suffix == ".parquet":
        return _remove_from_parquet(path, names)
    return _remove_from_sqlite(path, names) if _is_sqlite(path) else 0


def _remove_from_parquet(path: Path, names: CustomerIdentifiers) -> int:
    table = pq.read_table(path)
    theirs = _theirs(table, names)
    count = int(np.count_nonzero(theirs))
    if count:
        remaining = io.BytesIO()
        pq.write_table(table.filter(pa.array(~theirs)), remaining)
        write_atomically(path, remaining.getvalue())
    return count


def _theirs(table: pa.Table, names: CustomerIdentifiers) -> "np.ndarray[Any, np.dtype[np.bool_]]":
    """Which rows mention the customer in a text column, or within a text (the quarantine keeps whole rows as text)."""
    theirs = np.zeros(len(table), np.bool_)
    for column, kind in zip(table.columns, table.schema.types, strict=True):
        if pa.types.is_string(kind) or pa.types.is_large_string(kind):
            matches = pc.match_substring_regex(column, pattern=names.re2_pattern).fill_null(False)
            theirs |= matches.to_numpy()
    return theirs


def _in_sqlite(path: Path, names: CustomerIdentifiers) -> Iterator[tuple[str, str, int]]:
    """Table, column and number of the rows that mention the customer."""
    with closing(sqlite3.connect(path, timeout=30)) as connection:
        for table, column in _columns(connection):
            statement = f'SELECT count(*) FROM "{table}" WHERE "{column}" IN (?, ?, ?)'  # noqa: S608 (names of the file's own)
            (count,) = connection.execute(statement, (*names.texts, names.entity_key)).fetchone()
            if count:
                yield table, column, count


def _remove_from_sqlite(path: Path, names: CustomerIdentifiers) -> int:
    matches = list(_in_sqlite(path, names))
    if not matches:
        return 0
    with closing(sqlite3.connect(path, timeout=30)) as connection:
        connection.execute("PRAGMA secure_delete = ON")
        for table, column, _ in matches:
            statement = f'DELETE FROM "{table}" WHERE "{column}" IN (?, ?, ?)'  # noqa: S608 (names of the file's own)
            connection.execute(statement, (*names.texts, names.entity_key))
        connection.commit()
        # Afterwards no page of the file or of its write-ahead log has the deleted rows.
        connection.execute("VACUUM")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return sum(count for _, _, count in matches)


def _columns(connection: sqlite3.Connection) -> list[tuple[str, str]]:
    tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    return [
        (table, row[1])
        for table in tables
        if not table.startswith("sqlite_")
        for row in connection.execute(f'PRAGMA table_info("{table}")')
    ]
