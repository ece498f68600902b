"""What fitting needs of memory, asked before it begins: a clear refusal instead of the kernel's."""

from pathlib import Path
from typing import Final

import psutil

from recommender.config.model import ModelSettings
from recommender.errors import CapacityError

_CGROUP: Final = Path("/sys/fs/cgroup")
_FLOAT: Final = 4
_CELL: Final = 12  # bytes of a sparse matrix's cell, with what building it takes
_FAMILIES: Final = 10
_FEATURES: Final = 110  # of a ranking row, about
_BATCH: Final = 256  # customers described at once
_COPIES: Final = 4  # of the network's weights while it is fitted: weights, gradient, two moments


def needed(products: int, customers: int, settings: ModelSettings) -> dict[str, int]:
    """Bytes at the peak of fitting, by the parameter that they grow with.

    An upper bound for shops whose products all have as many neighbours as are kept.
    """
    families, ranker, network = settings.families, settings.ranker, settings.network
    cells = products * min(families.neighbours, products)
    rows = min(customers, ranker.most_customers) * settings.candidates * (ranker.levels + 1) if ranker.enabled else 0
    vectors = network.width * _COPIES + network.text_width if network.enabled and ranker.enabled else 0
    return {
        "model.families.neighbours": cells * (_FAMILIES * _CELL + 3 * (_FAMILIES + 2) * _FLOAT),
        "model.families.ease_most_products": 3 * 8 * min(products, families.ease_most_products) ** 2,
        "model.ranker.most_customers": rows * _FEATURES * _FLOAT,
        "model.network.width": products * vectors * _FLOAT,
        "model.candidates": _BATCH * products * _FLOAT * 5,
    }


def check(products: int, customers: int, settings: ModelSettings) -> None:
    """Refuse what would not fit into memory.

    Raises:
        CapacityError: More is needed than there is; it names the parameter that needs most.
    """
    parts = needed(products, customers, settings)
    total, there = sum(parts.values()), available()
    if total > there:
        field = max(parts, key=lambda name: parts[name])
        raise CapacityError(
            f"Fitting {products:,} products and {customers:,} customers would need about {_giga(total)} of memory.",
            field=field,
            value=f"{_giga(parts[field])} of it",
            expected=f"at most {_giga(there)} in all: lower {field}, or take a machine with more memory",
        )


def available() -> int:
    """Bytes that this process may still take: the machine's, or less where a container is given less."""
    free = int(psutil.virtual_memory().available)
    limit, used = (_cgroup(name) for name in ("memory.max", "memory.current"))
    return free if limit is None or used is None else min(free, max(0, limit - used))


def _cgroup(name: str) -> int | None:
    path = _CGROUP / name
    text = path.read_text().strip() if path.is_file() else ""
    return int(text) if text.isdigit() else None


def _giga(size: int) -> str:
    return f"{size / 2**30:.1f} GiB"
