"""How long-running work tells what it has done; who listens (a terminal, a log, a pipeline) decides how it looks."""

import logging
import time
from collections.abc import Generator
from contextlib import contextmanager

logger = logging.getLogger("recommender.progress")

Figure = int | float | str


def note(message: str, **figures: Figure) -> None:
    """Tell one finished piece of work with its figures (rows, seconds, a metric).

    A handler finds them as ``record.figures``.
    """
    logger.info(message, extra={"figures": figures})


@contextmanager
def timed(message: str, **figures: Figure) -> Generator[dict[str, Figure]]:
    """Note ``message`` with the seconds the block took; the block may add figures to what is yielded."""
    start = time.perf_counter()
    found = dict(figures)
    yield found
    note(message, **found, seconds=round(time.perf_counter() - start, 2))
