"""The measured times as Markdown."""

from collections.abc import Mapping
from typing import Any, Final

from recommender.documents import folded

_HEAD: Final = """\
| catalogue | products | p50 ms | p99 ms | p50 ms of processor | fastest round's p50 ms |
| --- | ---: | ---: | ---: | ---: | ---: |"""


def figures(found: Mapping[str, Any]) -> str:
    """Markdown: facts, the table, and the same as JSON."""
    facts = [
        f"- bundle `{found['bundle']}` of `{found['source']}`; k = {found['k']}, one request at a time, with reasons",
        f"- {found['customers']:,} customers in turn, {found['history']:.1f} products of history each on average",
        f"- {found['rounds']} rounds of {found['requests']:,} requests; medians of the rounds' figures",
        f"- loaded in {found['load_seconds']:.2f} s, checksums included; one thread on {found['processor']}, load "
        f"average {found['load_average']:.1f} on {found['cores']} cores",
        f"- p50 grows with the {found['exponent']:.2f}th power of the number of products",
        f"- commit {found['commit']}",
    ]
    return "\n".join([*facts, "", _HEAD, *(_line(row) for row in found["sizes"]), "", folded(found)])


def _line(row: Mapping[str, Any]) -> str:
    cells = f"{row['p50']:.2f} | {row['p99']:.2f} | {row['cpu50']:.2f} | {row['fastest']:.2f}"
    return f"| {row['catalogue']} | {row['products']:,} | {cells} |"
