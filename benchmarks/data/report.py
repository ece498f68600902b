"""The measured times as Markdown."""

from collections.abc import Mapping
from typing import Any, Final

from infrastructure.documents import table

_TITLES: Final = (
    "interactions", "customers", "products", "seconds", "of them preparing", "interactions a second", "memory GB",
    "pandas: seconds", "of them preparing", "memory GB", "pandas' time over ours",
)  # fmt: skip


def figures(found: Mapping[str, Any]) -> str:
    """Markdown: facts and the table."""
    grows = "" if found["exponent"] is None else f"\n- time grows with the {found['exponent']:.2f}th power of the rows"
    facts = (
        "- raw tables in Parquet cleaned, and every feature view computed, written, in a process of its own; "
        f"medians of {found['rounds']} rounds, both by turns\n"
        f"- {found['cores']} cores, load average {found['load_average']:.1f} at the end{grows}\n"
        f"- commit {found['commit']}"
    )
    return f"{facts}\n\n{table(_TITLES, map(_cells, found['sizes']))}"


def _cells(size: Mapping[str, Any]) -> tuple[str, ...]:
    ours, theirs = size["duckdb"], size.get("pandas")
    own = (*_seconds(ours), f"{size['rows'] / ours['seconds']:,.0f}", _gigabytes(ours))
    peer = (*_seconds(theirs), _gigabytes(theirs), f"{size['ratio']:.1f}") if theirs else ("–",) * 4
    return f"{size['rows']:,}", f"{size['customers']:,}", f"{size['products']:,}", *own, *peer


def _seconds(one: Mapping[str, Any]) -> tuple[str, str]:
    return f"{one['seconds']:.1f}", f"{one['preparing']:.1f}"


def _gigabytes(one: Mapping[str, Any]) -> str:
    return f"{one['memory'] / 1e9:.2f}"
