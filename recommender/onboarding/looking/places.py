"""What a person named: folders, files, databases, web APIs and objects in a store; each becomes the tables in it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Final

from infrastructure.errors import DataError
from recommender.data.sources.connectors.remote_files import is_remote, local_copy
from recommender.data.sources.files import READABLE, TEXTS, UNREADABLE
from recommender.data.sources.reading.compressed import content_name
from recommender.data.sources.reading.folders import is_table
from recommender.data.sources.reading.spreadsheets import SUFFIXES
from recommender.onboarding.found_table import FoundTable, Looked, NoTableError
from recommender.onboarding.looking.apis import api_table
from recommender.onboarding.looking.databases import database_tables
from recommender.onboarding.looking.delimited import delimited_table
from recommender.onboarding.looking.entries_as_rows import with_entries
from recommender.onboarding.looking.names import DATABASES
from recommender.onboarding.looking.parts import united_parts
from recommender.onboarding.looking.records import json_table, parquet_table, table_as_read
from recommender.onboarding.looking.workbooks import sheet_tables

_STORES: Final = ("s3", "gs", "gcs", "hdfs", "file")
_FAULTS: Final = (NoTableError, DataError, *UNREADABLE)
_Look = Callable[[Path, str], FoundTable | list[FoundTable]]
_LOOKS: Final[dict[str, _Look]] = {
    ".jsonl": json_table,
    ".ndjson": json_table,
    ".json": json_table,
    ".parquet": parquet_table,
    **dict.fromkeys(SUFFIXES, sheet_tables),
}
"""By the end of a file's name; other texts are delimited, and other files are looked at as they are read."""


def look(places: Sequence[str], shown_from: Path, variable: str) -> Looked:
    """Find the tables of all that was named.

    Args:
        places: Folders, files and addresses.
        shown_from: The folder of the source file, to which its paths are relative.
        variable: Environment variable that the source file names for a database.

    Raises:
        DataError: A place is not there or does not answer, or no table is in any of them.
        ConfigError: A database's driver is not installed.
    """
    passed_over = dict[str, str]()
    tables = list(chain.from_iterable(_tables(place, shown_from, variable, passed_over) for place in places))
    if not tables:
        raise DataError(
            "No table was found.",
            where=", ".join(map(without_secrets, places)),
            value=passed_over or None,
            expected=f"files that end in {', '.join(READABLE)}, a database's URL or an API's address",
        )
    return Looked(tuple(with_entries(united_parts(tables))), passed_over)


def without_secrets(place: str) -> str:
    """An address as it may be shown: without user, password and query."""
    scheme, mark, rest = place.partition("://")
    return f"{scheme}{mark}{rest.partition('?')[0].rpartition('@')[2]}" if mark else place


def database_of(place: str) -> str | None:
    """The SQLAlchemy URL of the database that a place is, or a folder has in it; None where there is none."""
    if is_database(place):
        return database_url(place)
    folder = Path(place)
    if is_remote(place) or not folder.is_dir():
        return None
    file = next((file for file in sorted(folder.rglob("*")) if _is_candidate(file, folder) and _is_sqlite(file)), None)
    return database_url(str(file)) if file is not None else None


def is_database(place: str) -> bool:
    """Whether a place is a database: its URL or a file of SQLite."""
    scheme = place.partition("://")[0].lower()
    return _is_sqlite(Path(place)) if not is_remote(place) else scheme not in (*_STORES, "http", "https")


def database_url(place: str) -> str:
    """The SQLAlchemy URL of a database."""
    return place if is_remote(place) else f"sqlite:///{Path(place).resolve()}"


def _is_sqlite(path: Path) -> bool:
    return path.suffix.lower() in DATABASES


def _tables(place: str, shown_from: Path, variable: str, passed_over: dict[str, str]) -> Iterable[FoundTable]:
    if is_database(place):
        return database_tables(database_url(place), variable)
    if place.startswith(("http://", "https://")):
        return [api_table(place)]
    if is_remote(place):
        with local_copy(place, shown_from) as path:
            return list(_of_file(path, place, passed_over))
    return list(_of_path(Path(place), shown_from, variable, passed_over))


def _of_path(path: Path, shown_from: Path, variable: str, passed_over: dict[str, str]) -> Iterator[FoundTable]:
    if not path.exists():
        raise DataError("There is no such file or folder.", where=str(path), expected="a path, or an address with ://")
    files = _within(path) if path.is_dir() and not is_table(path) else [path]
    databases = [file for file in files if _is_sqlite(file)]
    for file in databases[:1]:
        yield from database_tables(database_url(str(file)), variable)
    for file in files:
        if file in databases[1:]:
            passed_over[_relative(file, shown_from)] = "a source file made here reads one database; name it alone"
        elif file not in databases:
            yield from _of_file(file, _relative(file, shown_from), passed_over)


def _within(folder: Path) -> list[Path]:
    """The files in a folder, and the folders in it that are one table each."""
    tables = [inner for inner in folder.rglob("*/") if inner.is_dir() and is_table(inner)]
    files = (file for file in folder.rglob("*") if _is_candidate(file, folder))
    return sorted((*tables, *(file for file in files if not any(file.is_relative_to(table) for table in tables))))


def _is_candidate(file: Path, folder: Path) -> bool:
    within = file.relative_to(folder).parts
    return file.is_file() and len(within) <= 3 and not any(part.startswith((".", "__")) for part in within)


def _relative(file: Path, folder: Path) -> str:
    return Path(_walk(file.resolve(), folder.resolve())).as_posix()


def _walk(file: Path, folder: Path) -> str:
    """The path from a folder to a file, over their common parent."""
    common = next((parent for parent in (folder, *folder.parents) if file.is_relative_to(parent)), None)
    if common is None:
        return str(file)
    up = len(folder.relative_to(common).parts)
    return str(Path(*[".."] * up, file.relative_to(common)))


def _of_file(path: Path, shown: str, passed_over: dict[str, str]) -> Iterator[FoundTable]:
    try:
        look_at = _look_for(path)
        found = look_at(path, shown) if look_at is not None else []
    except _FAULTS as error:
        passed_over[shown] = " ".join(str(error).split()) or type(error).__name__
        return
    yield from found if isinstance(found, list) else [found]


def _look_for(path: Path) -> _Look | None:
    """How the tables in a file or folder are found; None where it is a source file.

    Raises:
        NoTableError: It is of a kind that is not read.
        DataError, ...: As :func:`content_name`.
    """
    if path.is_dir():
        return table_as_read
    content = content_name(path)
    suffix = content.suffix.lower()
    if suffix in (".yaml", ".yml"):
        return None
    if suffix not in (READABLE if content == path else TEXTS):
        raise NoTableError(f"files that end in '{''.join(path.suffixes[-2:])}' are not read")
    return _LOOKS.get(suffix, delimited_table if suffix in TEXTS else table_as_read)
