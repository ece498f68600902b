"""What the machine gives: memory, checked before work begins (a clear error instead of being killed), and threads."""

import os
from pathlib import Path
from typing import Final

import psutil

from infrastructure.errors import CapacityError

_CGROUP: Final = Path("/sys/fs/cgroup")
_LIMITS: Final = (
    ("memory.max", "memory.current", "memory.stat", "inactive_file"),
    ("memory/memory.limit_in_bytes", "memory/memory.usage_in_bytes", "memory/memory.stat", "total_inactive_file"),
)
"""Files of a control group, version 2 and 1: limit, use, and statistics with the part of it that can be reclaimed."""


def require_memory(needed: int, what: str, *, cure: str, field: str | None = None, value: str | None = None) -> None:
    """Refuse work (named so that it begins a sentence) for which the machine has too little memory, in bytes.

    The error names the parameter that is to blame and its value, where there is one, and the cure.

    Raises:
        CapacityError: There are fewer bytes.
    """
    there = available_memory()
    if needed > there:
        raise CapacityError(
            f"{what} would need about {gibibytes(needed)} of memory.",
            field=field,
            value=value,
            expected=f"at most {gibibytes(there)} in all: {cure}",
        )


def available_memory() -> int:
    """Bytes that this process may still take: those of the machine, or fewer where a container has a lower limit."""
    free = int(psutil.virtual_memory().available)
    return min([free, *(left for names in _LIMITS if (left := _left(*names)) is not None)])


def _left(most: str, used: str, statistics: str, given_back: str) -> int | None:
    """Bytes that a control group leaves; cached files do not count as used."""
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


def gibibytes(size: int) -> str:
    """Bytes as text for people: "2.0 GiB"."""
    return f"{size / 2**30:.1f} GiB"


def one_thread_for_xla() -> None:
    """Have JAX's compiler use one thread for each computation; without effect after the first computation."""
    os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false")
