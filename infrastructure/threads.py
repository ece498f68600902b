"""How many threads libraries take that are told so by environment variables only."""

import os


def one_thread_for_xla() -> None:
    """Have JAX's compiler use one thread for each computation; heard until the first computation, not after it."""
    os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false")
