"""How long-running work tells what it has done; who listens (a terminal, a log, a pipeline) decides how it looks."""

import logging
import time
from collections.abc import Generator
from contextlib import contextmanager

logger = logging.getLogger("infrastructure.progress")

Figure = int | float | str


def note(message: str, **figures: Figure) -> None:
    """Tell one finished piece of work with its figures (rows, seconds, a metric).

    A handler finds them as ``record.figures``.
    """
    logger.info(message, extra={"figures": figures})


@contextmanager
def timed(message: str, **figures: Figure) -> Generator[dict[str, Figure]]:
    """Note ``message`` with the seconds the block took.

    The block may add figures to what is yielded, and afterwards finds the seconds there.
    """
    start = time.perf_counter()
    found = dict(figures)
    yield found
    found["seconds"] = round(time.perf_counter() - start, 2)
    note(message, **found)
