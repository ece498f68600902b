"""Lines from all over a text file, without reading all of a large one."""

import bz2
import gzip
import lzma
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final, cast

import pyarrow as pa

_WHOLE: Final = 12 << 20
"""Bytes up to which a file is read as a whole."""
_HEAD: Final = 512 << 10
_PIECE: Final = 64 << 10
_PIECES: Final = 24
_MOST: Final = 96 << 20
"""Bytes of a compressed file that are looked through: it can only be read from its beginning."""
_OPENERS: Final[dict[str, Callable[..., Any]]] = {
    ".gz": gzip.open,
    ".bz2": bz2.open,
    ".xz": lzma.open,
    ".zst": lambda path, _: pa.input_stream(str(path), compression="zstd"),
}
COMPRESSED: Final = tuple(_OPENERS)


@dataclass(frozen=True)
class Pieces:
    """Parts of a file.

    Attributes:
        head: Its beginning, or all of it.
        others: Further parts, each of whole lines as far as a line end shows it.
        size: Bytes of the whole, uncompressed; None where that is not known.
        whole: Whether ``head`` is all of it.
    """

    head: bytes
    others: tuple[bytes, ...]
    size: int | None
    whole: bool


def read_pieces(path: Path) -> Pieces:
    """The beginning of a file and pieces spread through it.

    Raises:
        OSError, EOFError, lzma.LZMAError: It cannot be read.
    """
    compressed = path.suffix.lower() in _OPENERS
    opener = _OPENERS.get(path.suffix.lower(), cast("Callable[..., Any]", open))
    with opener(path, "rb") as content:
        return _streamed(content) if compressed else _sought(content, path.stat().st_size)


def _sought(content: IO[bytes], size: int) -> Pieces:
    if size <= _WHOLE:
        return Pieces(content.read(), (), size, whole=True)
    head, others = content.read(_HEAD), list[bytes]()
    for at in range(1, _PIECES + 1):
        content.seek(_HEAD + (size - _HEAD - _PIECE) * at // _PIECES)
        others.append(_lines_within(content.read(_PIECE)))
    return Pieces(_to_line_end(head), tuple(others), size, whole=False)


def _streamed(content: IO[bytes]) -> Pieces:
    head = content.read(_WHOLE)
    if len(head) < _WHOLE:
        return Pieces(head, (), len(head), whole=True)
    others, read = list[bytes](), len(head)
    while read < _MOST and (block := content.read(4 << 20)):
        read += len(block)
        others.append(_lines_within(block[:_PIECE]))
    size = read if read < _MOST else None
    return Pieces(_to_line_end(head[:_HEAD]), tuple(others), size, whole=False)


def _to_line_end(part: bytes) -> bytes:
    return part[: part.rfind(b"\n") + 1] or part


def _lines_within(part: bytes) -> bytes:
    """Without the halves of lines at both ends."""
    return part[part.find(b"\n") + 1 : part.rfind(b"\n") + 1]
