"""How long-running work reports what it has done; the log handler (of a terminal, file or pipeline) formats it."""

import logging
import time
from collections.abc import Generator
from contextlib import contextmanager

logger = logging.getLogger("infrastructure.progress")

Figure = int | float | str


def note(message: str, **figures: Figure) -> None:
    """Report one finished piece of work with its figures (rows, seconds, a metric).

    A log handler finds them as ``record.figures``.
    """
    logger.info(message, extra={"figures": figures})


@contextmanager
def timed(message: str, **figures: Figure) -> Generator[dict[str, Figure]]:
    """Report ``message`` with the seconds that the block took.

    The block may add figures to the yielded dictionary, and finds the seconds there afterwards.
    """
    start = time.perf_counter()
    found = dict(figures)
    yield found
    found["seconds"] = round(time.perf_counter() - start, 2)
    note(message, **found)
