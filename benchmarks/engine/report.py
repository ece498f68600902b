"""The measured times as Markdown."""

from collections.abc import Mapping
from typing import Any, Final

from infrastructure.documents import table

_TITLES: Final = ("catalogue", "products", "p50 ms", "p99 ms", "p50 ms of processor", "fastest round's p50 ms")


def figures(found: Mapping[str, Any]) -> str:
    """Markdown: facts and the table."""
    facts = [
        f"- bundle `{found['bundle']}` of `{found['source']}`; k = {found['k']}, one request at a time, with reasons",
        f"- {found['customers']:,} customers in turn, {found['history']:.1f} products of history each on average",
        f"- {found['rounds']} rounds of {found['requests']:,} requests; medians of the rounds' figures",
        f"- loaded in {found['load_seconds']:.2f} s, checksums included; one thread on {found['processor']}, load "
        f"average {found['load_average']:.1f} on {found['cores']} cores",
        f"- p50 grows with the {found['exponent']:.2f}th power of the number of products",
        f"- commit {found['commit']}",
    ]
    return "\n".join([*facts, "", table(_TITLES, map(_cells, found["sizes"]))])


def _cells(row: Mapping[str, Any]) -> tuple[str, ...]:
    times = (f"{row[name]:.2f}" for name in ("p50", "p99", "cpu50", "fastest"))
    return row["catalogue"], f"{row['products']:,}", *times
