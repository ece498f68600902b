"""Where the figures of a benchmark stand in a document."""

from pathlib import Path

from recommender import documents


def mark(name: str, split: str) -> str:
    """The line after which the figures of a data set by a split stand."""
    return documents.mark(f"figures of {name}, split {split}", "make benchmark-quality")


def write_figures(document: Path, name: str, split: str, figures: str) -> None:
    """Put ``figures`` in the place of what stands between their marks; nothing else of the document changes.

    Raises:
        ConfigError: The document is missing, or has no such marks.
    """
    documents.write_between(document, mark(name, split), figures)
