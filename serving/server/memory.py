"""When Python's garbage collector looks at everything: before the first request, and hardly ever after it."""

import gc
from typing import Final

_RARELY: Final = 1000
"""Collections of the middle generation before a full one, which Python has after ten."""


def settle_memory() -> None:
    """Take what is loaded out of the collector's sight, and make full collections a hundred times rarer.

    A request leaves a few small things that live for seconds: BentoML keeps its timer until that runs out. At thousands
    of requests a second they are a hundred thousand, a full collection looks at each of them, for up to 80 ms, twice a
    second, and nobody is answered meanwhile. It finds next to nothing: what requests leave is freed as soon as nothing
    refers to it any more. Full collections stay possible, for rings of references that outlived the younger ones.
    """
    gc.collect()
    gc.freeze()
    young, middle, _ = gc.get_threshold()
    gc.set_threshold(young, middle, _RARELY)
