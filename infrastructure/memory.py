"""How much memory there is, asked before work begins: a clear refusal instead of the kernel's."""

from pathlib import Path
from typing import Final

import psutil

from infrastructure.errors import CapacityError

_CGROUP: Final = Path("/sys/fs/cgroup")
_LIMITS: Final = (
    ("memory.max", "memory.current", "memory.stat", "inactive_file"),
    ("memory/memory.limit_in_bytes", "memory/memory.usage_in_bytes", "memory/memory.stat", "total_inactive_file"),
)
"""Of a control group, version 2 and version 1: its limit, what is used, and what of that the kernel gives back."""


def refuse_above(needed: int, what: str, *, cure: str, field: str | None = None, value: str | None = None) -> None:
    """Refuse ``what``, in words that begin a sentence, where its ``needed`` bytes are not there.

    Raises:
        CapacityError: They are not; it says ``cure``, and ``field`` and ``value`` where a parameter is to blame.
    """
    there = available()
    if needed > there:
        raise CapacityError(
            f"{what} would need about {told(needed)} of memory.",
            field=field,
            value=value,
            expected=f"at most {told(there)} in all: {cure}",
        )


def available() -> int:
    """Bytes that this process may still take: the machine's, or less where a container is given less."""
    free = int(psutil.virtual_memory().available)
    return min([free, *(left for names in _LIMITS if (left := _left(*names)) is not None)])


def _left(most: str, used: str, statistics: str, given_back: str) -> int | None:
    """Bytes that a control group leaves, files that it merely remembers not counted as used."""
    limit, taken = _number(_text(most)), _number(_text(used))
    if limit is None or taken is None:
        return None
    told = dict(line.split(maxsplit=1) for line in _text(statistics).splitlines())
    return max(0, limit - taken + int(told.get(given_back, 0)))


def _number(text: str) -> int | None:
    return int(text) if text.isdigit() else None


def _text(name: str) -> str:
    path = _CGROUP / name
    return path.read_text().strip() if path.is_file() else ""


def told(size: int) -> str:
    """Bytes as people read them."""
    return f"{size / 2**30:.1f} GiB"
