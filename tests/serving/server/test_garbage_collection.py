import gc

import pytest

from serving.server.runtime import tune_garbage_collector


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
def test_short_lived_objects_of_requests_cause_no_full_collection():
    tune_garbage_collector()
    assert gc.get_freeze_count() > 10_000
    before = full_collections()
    kept = [[number] for number in range(200_000)]
    assert full_collections() == before
    del kept


@pytest.mark.usefixtures("collector")
def test_full_collections_stay_possible():
    tune_garbage_collector()
    young, middle, full = gc.get_threshold()
    assert 0 < young * middle * full < 10_000_000


@pytest.mark.usefixtures("collector")
def test_reference_cycles_of_requests_are_still_freed():
    tune_garbage_collector()
    for _ in range(100_000):
        Ring()
    assert sum(isinstance(one, Ring) for one in gc.get_objects()) < 10_000
