"""The files of one table: by name, address, pattern or list, each as a path on this machine while it is read."""

import glob
from collections.abc import Generator, Sequence
from contextlib import ExitStack, contextmanager
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Final

import pyarrow as pa
from pyarrow import fs

from infrastructure.errors import DataError
from recommender.data.sources.connectors.remote_files import is_remote, local_copy

_SIGNS: Final = "*?["
"""What makes a name a pattern; in an address a question mark begins its parameters."""


@contextmanager
def local_files(names: Sequence[str], folder: Path) -> Generator[list[Path]]:
    """All files that ``names`` mean, in the order of the names and sorted within a pattern, while the block lasts.

    Args:
        names: Paths relative to ``folder``, addresses (:func:`local_copy`), or patterns of either.
        folder: The source file's.

    Raises:
        DataError: A pattern matches nothing, or an object cannot be fetched.
    """
    with ExitStack() as stack:
        yield [stack.enter_context(local_copy(file, folder)) for name in names for file in _meant(name, folder)]


def _meant(name: str, folder: Path) -> list[str]:
    if is_remote(name):
        return _objects(name) if any(sign in name.partition("?")[0] for sign in _SIGNS) else [name]
    # A file may really be called so.
    if not any(sign in name for sign in _SIGNS) or (folder / name).is_file():
        return [name]
    # Unlike a path's own method it takes a pattern that begins at the root.
    paths = glob.glob(name, root_dir=folder, recursive=True)  # noqa: PTH207
    found = sorted(path for path in paths if (folder / path).is_file())
    return _some(found, name, str(folder))


def _objects(address: str) -> list[str]:
    """The addresses of the objects in the pattern's folder whose names match its last part."""
    pattern, mark, parameters = address.partition("?")
    place, _, last = pattern.rpartition("/")
    try:
        system, path = fs.FileSystem.from_uri(f"{place}{mark}{parameters}")
        entries = system.get_file_info(fs.FileSelector(path))
    except (OSError, pa.ArrowException) as error:
        raise DataError(
            f"The folder cannot be listed: {' '.join(str(error).split())}",
            where=place,
            field="file",
            expected="a folder that these credentials may list; a pattern stands in the last part of an address",
        ) from None
    files = (entry.base_name for entry in entries if entry.type == fs.FileType.File)
    found = sorted(f"{place}/{file}{mark}{parameters}" for file in files if fnmatchcase(file, last))
    return _some(found, last, place)


def _some(found: list[str], pattern: str, place: str) -> list[str]:
    if found:
        return found
    raise DataError(
        "No file matches the pattern.",
        where=place,
        field="file",
        value=pattern,
        expected="a pattern of at least one file beside the source file, such as sales-*.csv",
    )
