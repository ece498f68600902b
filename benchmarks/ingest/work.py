"""One way of reading, in a process of its own: seconds and greatest memory, as JSON.

Run within an older checkout, it measures that one's way: reading whole tables and writing them.
"""

import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

FIRST: Final = 100_000
"""Rows of a preview."""


Read = Callable[[Path, Path], object]
"""Reads the data set of a source file; what it stores goes into a folder."""


def main(what: str, source: Path, out: Path) -> None:
    """Ingest the data set ``source`` into the folder ``out``, or preview it where ``what`` is "preview"."""
    read = {"ingest": _ingest, "whole": _whole, "preview": _preview}[what]()
    begin = time.perf_counter()
    read(source, out)
    seconds = time.perf_counter() - begin
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    sys.stdout.write(f"{json.dumps({'seconds': seconds, 'memory': memory})}\n")


def _ingest() -> Read:
    from recommender.data.sources.parts.folder import ingest_folder

    return ingest_folder


def _whole() -> Read:
    from recommender.data.sources.ingest import ingest

    return lambda source, out: ingest(source).write(out)


def _preview() -> Read:
    from recommender.data.cleaning.prepare import prepare
    from recommender.data.sources.ingest import ingest
    from settings.config import Config

    return lambda source, _: prepare(ingest(source, first=FIRST), Config())


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
