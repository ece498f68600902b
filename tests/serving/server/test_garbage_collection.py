import gc

import pytest

from serving.server.memory import settle_memory


@pytest.fixture
def collector():
    """Python's own settings again at the end."""
    thresholds = gc.get_threshold()
    yield
    gc.set_threshold(*thresholds)
    gc.unfreeze()


def full_collections():
    return gc.get_stats()[2]["collections"]


class Ring:
    def __init__(self):
        self.itself = self


@pytest.mark.usefixtures("collector")
def test_what_requests_leave_for_a_while_brings_no_full_collection():
    settle_memory()
    assert gc.get_freeze_count() > 10_000
    before = full_collections()
    kept = [[number] for number in range(200_000)]
    assert full_collections() == before
    del kept


@pytest.mark.usefixtures("collector")
def test_full_collections_stay_possible():
    settle_memory()
    young, middle, full = gc.get_threshold()
    assert 0 < young * middle * full < 10_000_000


@pytest.mark.usefixtures("collector")
def test_rings_that_requests_leave_are_freed_all_the_same():
    settle_memory()
    for _ in range(100_000):
        Ring()
    assert sum(isinstance(one, Ring) for one in gc.get_objects()) < 10_000
