"""A port that no other test takes, as long as it is needed."""

import socket
from collections.abc import Generator
from contextlib import contextmanager
from typing import Final

import pytest

#: Below the ports that connections of clients come from: those that find no server would else connect to themselves,
#: and any connection of anybody's could take the port before its server does.
PORTS: Final = range(20_000, 30_000)


@contextmanager
def claimed_port() -> Generator[int]:
    """The datagram port of the same number says whose it is, also while its server is down; and no test asks it."""
    for port in PORTS:
        with socket.socket(type=socket.SOCK_DGRAM) as claim, socket.socket() as probe:
            try:
                claim.bind(("127.0.0.1", port))
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            probe.close()
            yield port
            return
    pytest.fail("no port is free")
