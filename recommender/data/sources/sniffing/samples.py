"""The beginning of a file, for who looks for how it is written."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from recommender.data.sources.reading.compressed import open_bytes
from recommender.data.sources.sniffing.encodings import likely_encoding

BYTES: Final = 1 << 18
LINES: Final = 100


def sample_bytes(path: Path) -> bytes:
    """The first bytes of what is in a file, compressed or not."""
    with open_bytes(path) as content:
        return content.read(BYTES)


def encoding_of(path: Path) -> str | None:
    """The encoding of a file, by the first part of it that is not ASCII; None where none is likely."""
    with open_bytes(path) as content:
        sample = content.read(BYTES)
        while sample.isascii() and (more := content.read(BYTES)):
            sample = more
    return likely_encoding(sample)


def sample_lines(path: Path, encoding: str) -> Sequence[str]:
    """The first whole lines of a text file; bytes that do not fit become signs that no name has."""
    text = sample_bytes(path).decode(encoding, errors="replace").removeprefix("\ufeff")
    lines = text.splitlines()
    return lines[:LINES] if len(text) < BYTES else lines[: min(LINES, max(1, len(lines) - 1))]
