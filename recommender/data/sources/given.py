"""A data set's YAML file as a pipeline is given it: by its path, or by its text, which every pod can read."""

import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def source_file(given: str) -> Generator[Path]:
    """Yield the path of the file; one made of a text is gone after the block.

    Files that a text names are not beside it, so it has to name them by addresses (or absolute paths of the pod).

    Args:
        given: A path, or the YAML itself, which has the end of a line in it.
    """
    if "\n" not in given:
        yield Path(given)
        return
    with tempfile.TemporaryDirectory(prefix="source-") as folder:
        file = Path(folder) / "source.yaml"
        file.write_text(given, encoding="utf-8")
        yield file


def given_text(file: Path) -> str:
    """What gives a file to a pipeline whose pods cannot read it: its text, never taken for a path."""
    text = file.read_text(encoding="utf-8")
    return text if "\n" in text else f"{text}\n"
