"""What the figures of a benchmark are called: their files, and their place in a document."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from infrastructure import documents


def stem(found: Mapping[str, Any]) -> str:
    """The name of the files, without their ending; other than the split's alone where more was asked for."""
    least = [f"least{found['least']}"] if found["least"] else []
    draws = [f"draws{found['draws']}"] if found["draws"] > 1 else []
    tuned = ["tuned"] if found["tuned"] else []
    return "_".join(["quality", found["kind"], *least, *draws, *tuned])


def way(found: Mapping[str, Any]) -> str:
    """The split, who is tested, how often and with which settings, in a few words."""
    least = [f"{found['least']} products or more"] if found["least"] else []
    draws = [f"{found['draws']} draws"] if found["draws"] > 1 else []
    tuned = ["tuned for each draw"] if found["tuned"] else []
    return ", ".join([found["kind"], *least, *draws, *tuned])


def mark(name: str, split: str) -> str:
    """The line after which the figures of a data set by a split (:func:`way`) stand."""
    return documents.mark(f"figures of {name}, split {split}", "make benchmark-quality")


def write_figures(document: Path, name: str, split: str, figures: str) -> None:
    """Put ``figures`` in the place of what stands between their marks; nothing else of the document changes.

    Raises:
        ConfigError: The document is missing, or has no such marks.
    """
    documents.write_between(document, mark(name, split), figures)
