"""Files that are not on this machine: they are downloaded before they are read."""

import shutil
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
from pyarrow import fs

from infrastructure.errors import DataError


def is_remote(file: str) -> bool:
    """Whether a source's ``file`` is an address such as ``s3://bucket/sales.parquet``."""
    return "://" in file


@contextmanager
def local_copy(file: str, folder: Path) -> Generator[Path]:
    """The file as a path on this machine, while the block lasts.

    Args:
        file: A path relative to ``folder``, or an address that Arrow's file systems know (s3, gs, hdfs, file).
            Credentials come from the environment, as Arrow and the store's own tools take them.
        folder: The source file's.

    Raises:
        DataError: There is no such object, or its store does not answer.
    """
    if not is_remote(file):
        yield folder / file
        return
    with tempfile.TemporaryDirectory() as place:
        yield _fetched(file, Path(place))


def _fetched(file: str, place: Path) -> Path:
    address = file.partition("?")[0]
    target = place / address.rpartition("/")[2]
    try:
        system, path = fs.FileSystem.from_uri(file)
        with system.open_input_stream(path, compression=None) as source, target.open("wb") as copy:
            shutil.copyfileobj(source, copy)
    except (OSError, pa.ArrowException) as error:
        raise DataError(
            f"The file cannot be fetched: {' '.join(str(error).split())}",
            where=address,
            field="file",
            expected="an object that these credentials may read",
        ) from None
    return target
