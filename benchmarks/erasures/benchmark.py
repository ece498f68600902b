"""Erases every customer of many odd shops, one after the other, and compares every row of every store each time."""

import tempfile
import time
from pathlib import Path

from benchmarks.erasures.rows import Change, WorkspaceRows, change
from benchmarks.erasures.shop import OddShop, draw_shop
from benchmarks.erasures.workspace import SALT, write_workspace
from infrastructure.documents import publish
from infrastructure.workspace import Workspace
from privacy.erasure import erase_customer

PAGE = "erasures"
COMMAND = "python -m benchmarks erasures"
CUSTOMERS = 50
"""Of a shop."""


def benchmark_erasures(count: int, folder: Path | None) -> None:
    """Make this many erasures and publish what they changed in ``folder``."""
    started = time.monotonic()
    changes: list[Change] = []
    for seed in range(-(-count // CUSTOMERS)):
        changes += _erasures(draw_shop(seed, CUSTOMERS), min(CUSTOMERS, count - len(changes)))
    seconds = (time.monotonic() - started) / len(changes)
    publish(erasures_text(changes, seconds), PAGE, folder, COMMAND)


def erasures_text(changes: list[Change], seconds: float) -> str:
    """What changed, in words."""
    gone, left, of_others = (sum(getattr(one, name) for one in changes) for name in ("gone", "left", "of_others"))
    return (
        f"{len(changes):,} erasures in shops of {CUSTOMERS} customers, whose ids are parts of each other and names "
        f"of products, sessions, requests and event types: {gone:,} rows of the customers removed, {left:,} left, "
        f"{of_others:,} rows of others changed ({seconds:.2f} s an erasure with its comparison)."
    )


def _erasures(shop: OddShop, count: int) -> list[Change]:
    """The changes by erasing the first customers of a shop."""
    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace(Path(folder))
        write_workspace(shop, workspace)
        reader, found = WorkspaceRows(shop, workspace), []
        before = reader.read()
        for customer in shop.customers[:count]:
            erase_customer(workspace, customer, SALT)
            after = reader.read()
            found.append(change(before, after, customer))
            before = after
        return found
