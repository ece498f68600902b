"""The bytes in a file that may be compressed, as its name says, read as they are needed."""

import bz2
import gzip
import io
import lzma
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, Any, Final, cast

import pyarrow as pa

from infrastructure.errors import DataError

_OFTEN_BESIDE: Final = ("__MACOSX/", ".DS_Store")
"""What a Mac puts into every archive."""


def open_bytes(path: Path) -> IO[bytes]:
    """What is in a file, without its compression.

    Raises:
        DataError: An archive holds none or several files, or asks for a password.
        OSError, EOFError, zipfile.BadZipFile, lzma.LZMAError: It is damaged, or not compressed in this way.
    """
    opener = COMPRESSIONS.get(path.suffix.lower())
    return opener(path) if opener else path.open("rb")


def content_name(path: Path) -> Path:
    """The name of what is in a file: ``x.csv`` of ``x.csv.gz``, and of an archive the name of its only file.

    Raises:
        DataError: An archive holds none or several files.
    """
    if path.suffix.lower() == ".zip":
        with zipfile.ZipFile(path) as archive:
            return Path(_only_member(path, archive).filename)
    return path.with_suffix("") if path.suffix.lower() in COMPRESSIONS else path


def _zstandard(path: Path) -> IO[bytes]:
    stream: Any = pa.CompressedInputStream(pa.OSFile(str(path)), "zstd")
    return io.BufferedReader(stream)


def _zip(path: Path) -> IO[bytes]:
    archive = zipfile.ZipFile(path)
    member = _only_member(path, archive)
    if member.flag_bits & 1:
        archive.close()
        raise DataError(
            "The archive asks for a password.", where=str(path), field="file", expected="a file without one"
        )
    return archive.open(member)


def _only_member(path: Path, archive: zipfile.ZipFile) -> zipfile.ZipInfo:
    members = [
        member
        for member in archive.infolist()
        if not (member.is_dir() or any(sign in member.filename for sign in _OFTEN_BESIDE))
    ]
    if len(members) == 1:
        return members[0]
    raise DataError(
        f"The archive holds {len(members)} files.",
        where=str(path),
        field="file",
        value=", ".join(member.filename for member in members) or None,
        expected="an archive of one file; unpack it and name the file that is meant",
    )


def _opened_by(module: Any) -> Callable[[Path], IO[bytes]]:
    return lambda path: cast("IO[bytes]", module.open(path, "rb"))


COMPRESSIONS: Final[Mapping[str, Callable[[Path], IO[bytes]]]] = {
    ".gz": _opened_by(gzip),
    ".bz2": _opened_by(bz2),
    ".xz": _opened_by(lzma),
    ".lzma": _opened_by(lzma),
    ".zst": _zstandard,
    ".zstd": _zstandard,
    ".zip": _zip,
}
"""Openers by the end of a file's name."""
