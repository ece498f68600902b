"""The drift report as a page: which windows were compared, by which thresholds, and each value's share of both."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from recommender.reports import wording
from recommender.reports.page import Listing, Page, Section, Table

_MOST_VALUES: Final = 12
_NOTHING: Final = "(nothing)"


def drift_page(summary: Mapping[str, Any], what: str, about: str) -> Page:
    """The page of one comparison.

    Args:
        summary: As :meth:`monitoring.drift.Drift.summary` gives it.
        what: Of what the rows are ("purchases").
        about: Which data set it is about, and when it was made.
    """
    columns: Mapping[str, Mapping[str, Any]] = summary["columns"]
    ranked = sorted(columns, key=lambda name: -columns[name]["score"])
    headline = (
        ("columns drifted", f"{len(summary['drifted'])} of {len(columns)}"),
        (f"{what} before", wording.count(summary["reference_rows"])),
        (f"recent {what}", wording.count(summary["current_rows"])),
    )
    sections = (
        Section("What was compared", (Listing((*windows_text(summary, what), _METHOD)), _columns(columns, ranked))),
        Section("Shares of each value", tuple(_shares(summary, ranked))),
    )
    return Page(f"Drift of {what}", drift_verdict(summary, what), headline, sections, about)


_METHOD: Final = (
    "The population stability index of a column compares the shares of its values, not their counts. A column has "
    "drifted from its threshold on: the set one, or the index that chance alone seldom exceeds for so few customers."
)


def drift_verdict(summary: Mapping[str, Any], what: str) -> str:
    """In one sentence, whether and in what recent traffic differs."""
    if not summary["drifted"]:
        return f"No column of recent {what} has drifted."
    return f"Recent {what} differ in {wording.enumeration([*summary['drifted']])}."


def windows_text(summary: Mapping[str, Any], what: str) -> tuple[str, ...]:
    """Both windows in words, with how many rows of each were compared."""
    before, recent = summary.get("windows") or ("", "")
    if not before or not recent:
        return ()
    rows = (wording.count(summary[name]) for name in ("reference_rows", "current_rows"))
    return tuple(
        f"{title}: {text}; {count} {what} compared."
        for title, text, count in zip(("Before", "Recent"), (before, recent), rows, strict=True)
    )


def _columns(columns: Mapping[str, Mapping[str, Any]], ranked: list[str]) -> Table:
    rows = tuple(
        (
            name,
            f"{columns[name]['score']:.3f}",
            f"{columns[name]['threshold']:.3f}",
            "drifted" if columns[name]["drifted"] else "",
        )
        for name in ranked
    )
    heads = ("column", "index", "threshold", "verdict")
    return Table("Columns", heads, rows, "lrrl", "The most changed first.")


def _shares(summary: Mapping[str, Any], ranked: list[str]) -> Iterator[Table]:
    """A table a column: the values whose shares changed most."""
    for name in ranked:
        values: Mapping[str, tuple[float, float]] = summary.get("shares", {}).get(name, {})
        most = sorted(values, key=lambda value: -abs(values[value][1] - values[value][0]))[:_MOST_VALUES]
        rows = tuple((value or _NOTHING, *_row(*values[value])) for value in most)
        says = f"The {len(most)} of {len(values)} values whose shares changed most." if len(most) < len(values) else ""
        if rows:
            yield Table(name, ("value", "before", "recent", "points"), rows, "lrrr", says)


def _row(before: float, recent: float) -> tuple[str, str, str]:
    return wording.share(before), wording.share(recent), f"{100 * (recent - before):+.1f}"
