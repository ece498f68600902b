"""Lines from all over a text file, without reading all of a large one."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from recommender.data.sources.reading.compressed import COMPRESSIONS, open_bytes
from recommender.data.sources.sniffing.encodings import likely_encoding

_WHOLE: Final = 12 << 20
"""Bytes up to which a file is read as a whole."""
_HEAD: Final = 512 << 10
_PIECE: Final = 64 << 10
_PIECES: Final = 24
_MOST: Final = 96 << 20
"""Bytes of a compressed file that are looked through: it can only be read from its beginning."""
_USUAL: Final = "utf-8"
_ANY: Final = "cp1252"
"""Reads nearly everything."""
_WORDS: Final = re.compile(r"[^\W\d_]+")


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
        DataError, OSError, EOFError, ...: As :func:`open_bytes`.
    """
    compressed = path.suffix.lower() in COMPRESSIONS
    with open_bytes(path) as content:
        return _streamed(content) if compressed else _sought(content, path.stat().st_size)


def encoding_keys(pieces: Pieces) -> tuple[str, dict[str, str]]:
    """The encoding of a text, and why it must be named, by key; nothing where it need not be."""
    head = pieces.head
    found = likely_encoding(head)
    if found == _USUAL and head.isascii():
        head = b"".join(pieces.others)
        found = likely_encoding(head)
    if found == _USUAL:
        return found, {}
    if found is None:
        return _ANY, {"encoding": "it is not UTF-8, and no encoding gives it the letters of a language"}
    words = _WORDS.findall(head[:_HEAD].decode(found, errors="ignore"))
    example = next((word for word in words if not word.isascii()), words[0] if words else "")
    return found, {"encoding": f"it is not UTF-8, and read so it has words such as '{example}'"}


def rows_estimated(pieces: Pieces, rows: int) -> int | None:
    """How many rows a file has of which the pieces have so many; None where its size is not known."""
    if pieces.whole or pieces.size is None:
        return rows if pieces.whole else None
    return round(rows * pieces.size / max(len(pieces.head) + sum(map(len, pieces.others)), 1))


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
