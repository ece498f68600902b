"""Where the services of this folder listen."""

import os
from typing import Final

#: Environment variable that names the collector's port.
COLLECTOR: Final = "COLLECTOR_PORT"
DEFAULT_COLLECTOR: Final = 3001


def collector_port() -> int:
    """The collector's port."""
    return int(os.environ.get(COLLECTOR, str(DEFAULT_COLLECTOR)))
