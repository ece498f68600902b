"""A port that nothing else takes."""

import pytest

from tests.support.servers.claimed_port import claimed_port


@pytest.fixture
def port():
    with claimed_port() as port:
        yield port
