"""What holds for every log of what was shown, wherever it is kept."""

import threading

from prometheus_client import REGISTRY

from serving.impressions.batch_writer import BatchWriter


class Fragile(BatchWriter[int]):
    """Fails as nobody foresaw, a number of times."""

    size = 2

    def __init__(self, failures, table="fragile"):
        super().__init__(capacity=10, flush_seconds=0.001, table=table)
        self.failures, self.handed_on, self.first = failures, [], threading.Event()

    def deliver(self, batch):
        if self.failures:
            self.failures -= 1
            raise RuntimeError("nobody foresaw this")
        self.handed_on += batch.rows
        self.first.set()
        return True


def dropped():
    return REGISTRY.get_sample_value("recommender_impressions_total", {"outcome": "dropped"}) or 0.0


def test_an_unforeseen_error_costs_no_row_and_is_logged(caplog):
    batches, before = Fragile(failures=2), dropped()
    batches.add(1)
    batches.start()
    assert batches.first.wait(60)
    for row in (2, 3, 4):
        batches.add(row)
    batches.stop()
    assert batches.handed_on == [1, 2, 3, 4]
    assert dropped() == before
    assert caplog.text.count("impressions wait: they could not be written") == 2


def test_rows_that_cannot_be_written_are_counted_at_the_end():
    batches, before = Fragile(failures=10**9), dropped()
    for row in range(3):
        batches.add(row)
    batches.start()
    batches.stop()
    assert batches.handed_on == []
    assert dropped() == before + 3


class Refusing(Fragile):
    """Says of everything that it should be tried again later."""

    def deliver(self, batch):  # noqa: ARG002
        return False


def waiting(table):
    return REGISTRY.get_sample_value("recommender_impressions_waiting", {"table": table})


def test_waiting_rows_are_counted_for_each_table():
    stuck, free = Refusing(0, table="stuck"), Fragile(0, table="free")
    for batches in (stuck, free):
        for row in range(3):
            batches.add(row)
        batches.flush()
    assert (waiting("stuck"), waiting("free")) == (3, 0)
