import time

import pytest

from serving.customers.lookup import CircuitBreaker, CustomerLookup, CustomerLookupResult
from serving.customers.source import Customer, StoreUnavailableError

ANN, BOB = Customer(region="north"), Customer(region="south")


class Flaky:
    def __init__(self):
        self.broken = True
        self.asked = 0

    def read(self, customer_ids):
        self.asked += 1
        if self.broken:
            raise StoreUnavailableError("down")
        return {id_: {"ann": ANN, "bob": BOB}[id_] for id_ in customer_ids}


def test_a_failed_store_is_not_read_for_a_while_and_then_again(monkeypatch):
    source, now = Flaky(), time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now)
    guarded = CircuitBreaker(source, retry_seconds=0.1)
    for _ in range(3):
        with pytest.raises(StoreUnavailableError):
            guarded.read(["ann"])
    assert source.asked == 1

    source.broken = False
    monkeypatch.setattr(time, "monotonic", lambda: now + 0.15)

    assert set(guarded.read(["ann"])) == {"ann"}


def test_the_last_read_of_a_customer_is_used_while_the_store_fails():
    source = Flaky()
    source.broken = False
    lookup = CustomerLookup(source, capacity=10, seconds=60)
    assert lookup.find(["ann"]) == CustomerLookupResult({"ann": ANN})

    source.broken = True

    assert lookup.find(["ann", "bob"]) == CustomerLookupResult({"ann": ANN}, frozenset({"ann", "bob"}))


def test_a_read_that_is_too_old_is_not_used(monkeypatch):
    source = Flaky()
    source.broken = False
    lookup = CustomerLookup(source, capacity=10, seconds=60)
    lookup.find(["ann"])

    source.broken = True
    now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now + 61)

    assert lookup.find(["ann"]) == CustomerLookupResult({}, frozenset({"ann"}))


def test_only_the_latest_customers_are_cached():
    source = Flaky()
    source.broken = False
    lookup = CustomerLookup(source, capacity=1, seconds=60)
    lookup.find(["ann"])
    lookup.find(["bob"])

    source.broken = True

    assert lookup.find(["ann", "bob"]) == CustomerLookupResult({"bob": BOB}, frozenset({"ann", "bob"}))


def test_without_customers_the_store_is_not_read():
    source = Flaky()

    assert CustomerLookup(source, capacity=1, seconds=60).find([]) == CustomerLookupResult({})
    assert source.asked == 0


def test_a_malformed_row_concerns_its_customer_alone():
    class Spoilt(Flaky):
        def read(self, customer_ids):
            return {**super().read(customer_ids), **({"ann": None} if self.spoilt else {})}

    source = Spoilt()
    source.broken, source.spoilt = False, False
    guarded = CircuitBreaker(source, retry_seconds=60)
    fresh, lookup = CustomerLookup(guarded, capacity=10, seconds=60), CustomerLookup(guarded, capacity=10, seconds=60)
    lookup.find(["ann"])

    source.spoilt = True

    assert lookup.find(["ann", "bob"]) == CustomerLookupResult({"ann": ANN, "bob": BOB}, frozenset({"ann"}))
    assert fresh.find(["ann", "bob"]) == CustomerLookupResult({"bob": BOB}, frozenset({"ann"}))


def test_without_capacity_no_customer_is_cached():
    source = Flaky()
    source.broken = False
    lookup = CustomerLookup(source, capacity=0, seconds=60)
    lookup.find(["ann"])

    source.broken = True

    assert lookup.find(["ann"]) == CustomerLookupResult({}, frozenset({"ann"}))
