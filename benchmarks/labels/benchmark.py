"""Shares of real ingredient lists that are read, by language, in Markdown."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from infrastructure.documents import code_commit, publish, table
from infrastructure.errors import DataError
from recommender.data.parsing.ingredient_lists import split_label
from recommender.knowledge.knowledge import Knowledge
from recommender.reports.knowledge.coverage import Coverage

PAGE: Final = "labels-by-language"
COMMAND: Final = "python -m benchmarks labels FOLDER"
_TITLES: Final = ("language", "lists", "names", "recognised", "not understood", "lists refused to who avoids something")
_EXAMPLES: Final = 40


def benchmark_labels(folder: Path, figures: Path | None) -> None:
    """Measure the labels in ``folder`` (:func:`label_figures`), and publish the figures.

    Raises:
        DataError: The folder has no such file.
    """
    publish(label_figures(folder), PAGE, figures, COMMAND)


def label_figures(folder: Path) -> str:
    """Markdown: shares of names and lists by file, and what is understood though nothing knows it.

    Each file ``LANGUAGE.txt`` has one ingredient list a line. What is understood without being known is where a
    member of an avoided family could hide: read these names by hand.

    Raises:
        DataError: The folder has no such file.
    """
    files = sorted(folder.glob("*.txt"))
    if not files:
        raise DataError("There are no labels.", where=str(folder), expected="files LANGUAGE.txt, one list a line")
    knowledge = Knowledge.load()
    covered = {file.stem: Coverage.from_labels(_labels(file), knowledge) for file in files}
    return "\n\n".join(
        [
            table(_TITLES, (_row(language, coverage) for language, coverage in covered.items())),
            *(_unknown(language, coverage) for language, coverage in covered.items()),
            f"- commit {code_commit(':/benchmarks')}",
        ]
    )


def _labels(file: Path) -> list[Sequence[str]]:
    return [split_label(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]


def _row(language: str, coverage: Coverage) -> list[str]:
    return [
        language,
        f"{coverage.labels:,}",
        f"{coverage.mentions.total():,}",
        f"{coverage.share(coverage.resolved):.1%}",
        f"{coverage.share(coverage.unread.total()):.1%}",
        f"{coverage.refused / max(coverage.labels, 1):.1%}",
    ]


def _unknown(language: str, coverage: Coverage) -> str:
    """The names that are understood though nothing knows them, and those that are not understood."""
    silent = Counter({name: count for name, count in coverage.unknown.items() if name not in coverage.unread})
    return (
        f"{language}: understood, not recognised: {_listed(silent)}\n\n{language}: refused: {_listed(coverage.unread)}"
    )


def _listed(names: "Counter[str]") -> str:
    return ", ".join(f"{name} ({count})" for name, count in names.most_common(_EXAMPLES)) or "none"
