"""The measured times as Markdown."""

from collections.abc import Mapping
from typing import Any, Final

from recommender.documents import folded, table

_TITLES: Final = (
    "interactions", "customers", "products", "seconds", "interactions a second", "memory GB", "pandas: seconds",
    "memory GB", "pandas' time over ours",
)  # fmt: skip


def figures(found: Mapping[str, Any]) -> str:
    """Markdown: facts, the table, and the same as JSON."""
    grows = "" if found["exponent"] is None else f"\n- time grows with the {found['exponent']:.2f}th power of the rows"
    facts = (
        "- every feature view of clean tables in Parquet, read, computed and written in a process of its own; "
        f"medians of {found['rounds']} rounds, both by turns\n"
        f"- {found['cores']} cores, load average {found['load_average']:.1f} at the end{grows}\n"
        f"- commit {found['commit']}"
    )
    return f"{facts}\n\n{table(_TITLES, map(_cells, found['sizes']))}\n\n{folded(found)}"


def _cells(size: Mapping[str, Any]) -> tuple[str, ...]:
    ours, theirs = size["duckdb"], size.get("pandas")
    own = (f"{ours['seconds']:.1f}", f"{size['rows'] / ours['seconds']:,.0f}", _gigabytes(ours))
    peer = (f"{theirs['seconds']:.1f}", _gigabytes(theirs), f"{size['ratio']:.1f}") if theirs else ("–", "–", "–")
    return f"{size['rows']:,}", f"{size['customers']:,}", f"{size['products']:,}", *own, *peer


def _gigabytes(one: Mapping[str, Any]) -> str:
    return f"{one['memory'] / 1e9:.2f}"
