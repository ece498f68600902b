"""Figures of safety: violations by path over drawn shops, and products lost to caution in data sets."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from benchmarks.safety.caution import Caution, measure_caution
from benchmarks.safety.drawn import Findings, ask_drawn_shops
from infrastructure.documents import code_commit, publish, table
from infrastructure.errors import DataError
from recommender.data.sources.description.source import Source

PAGE: Final = "quality/safety"
COMMAND: Final = "make benchmark-safety"
_SEED: Final = 0
_EXAMPLES: Final = 20


def benchmark_safety(shops: int, sources: Sequence[Path], folder: Path | None) -> None:
    """Ask every path of drawn shops, measure caution in each data set, and publish the figures in ``folder``.

    Raises:
        ConfigError: A source file is missing or wrong.
        DataError: Data cannot be read; or somebody was shown what they avoid: the error has examples.
    """
    findings = ask_drawn_shops(shops, _SEED, os.cpu_count() or 1)
    caution = {Source.load(source).name: measure_caution(source) for source in sources}
    publish(_markdown(shops, findings, caution), PAGE, folder, COMMAND, _figures(shops, findings, caution))
    if findings.violations:
        raise DataError(
            "Products were shown that hold what their customers avoid.",
            value="\n".join(map(str, findings.examples[:_EXAMPLES])),
            expected="none",
        )


def _markdown(shops: int, findings: Findings, caution: Mapping[str, Sequence[Caution]]) -> str:
    rows = (
        (path, f"{count:,}", f"{findings.shown[path]:,}", f"{findings.violations[path]:,}")
        for path, count in findings.asked.items()
    )
    facts = (
        f"- {shops:,} shops drawn by the seed {_SEED}, each with three customers who avoid something; labels as shops "
        f"print them\n- of {findings.safe:,} labelled products without anything that their customer avoids "
        f"{findings.lost:,} were hidden ({findings.lost / max(findings.safe, 1):.2%})\n"
        f"- commit {code_commit(':/benchmarks', ':/serving')}"
    )
    drawn = table(("path", "answers", "products shown", "with something avoided"), rows)
    return "\n\n".join([facts, drawn, *(_caution_table(name, rows) for name, rows in caution.items())])


def _caution_table(name: str, rows: Sequence[Caution]) -> str:
    titles = (f"avoided in {name}", "hidden: contains it", "hidden: no label", "hidden: label not read", "may be shown")
    return table(
        titles,
        ((row.family, *(f"{n:,}" for n in (row.containing, row.unlabelled, row.unread, row.shown))) for row in rows),
    )


def _figures(shops: int, findings: Findings, caution: Mapping[str, Sequence[Caution]]) -> dict[str, Any]:
    paths = {
        path: {"answers": count, "shown": findings.shown[path], "violations": findings.violations[path]}
        for path, count in findings.asked.items()
    }
    return {
        "shops": shops,
        "seed": _SEED,
        "paths": paths,
        "safe": findings.safe,
        "lost": findings.lost,
        "caution": {name: [vars(row) for row in rows] for name, rows in caution.items()},
    }
