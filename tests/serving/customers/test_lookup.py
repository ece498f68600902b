import time

import pytest

from serving.customers.lookup import Found, GuardedCustomers, Lookup
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


def test_a_failed_store_is_left_alone_for_a_while_and_then_asked_again(monkeypatch):
    source, now = Flaky(), time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now)
    guarded = GuardedCustomers(source, retry_seconds=0.1)
    for _ in range(3):
        with pytest.raises(StoreUnavailableError):
            guarded.read(["ann"])
    assert source.asked == 1

    source.broken = False
    monkeypatch.setattr(time, "monotonic", lambda: now + 0.15)

    assert set(guarded.read(["ann"])) == {"ann"}


def test_what_the_store_said_last_is_remembered_while_it_fails():
    source = Flaky()
    source.broken = False
    lookup = Lookup(source, capacity=10, seconds=60)
    assert lookup.find(["ann"]) == Found({"ann": ANN})

    source.broken = True

    assert lookup.find(["ann", "bob"]) == Found({"ann": ANN}, frozenset({"ann", "bob"}))


def test_what_was_said_too_long_ago_is_forgotten(monkeypatch):
    source = Flaky()
    source.broken = False
    lookup = Lookup(source, capacity=10, seconds=60)
    lookup.find(["ann"])

    source.broken = True
    now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now + 61)

    assert lookup.find(["ann"]) == Found({}, frozenset({"ann"}))


def test_only_the_latest_customers_are_remembered():
    source = Flaky()
    source.broken = False
    lookup = Lookup(source, capacity=1, seconds=60)
    lookup.find(["ann"])
    lookup.find(["bob"])

    source.broken = True

    assert lookup.find(["ann", "bob"]) == Found({"bob": BOB}, frozenset({"ann", "bob"}))


def test_for_nobody_the_store_is_not_asked():
    source = Flaky()

    assert Lookup(source, capacity=1, seconds=60).find([]) == Found({})
    assert source.asked == 0


def test_a_spoilt_row_is_its_customers_alone():
    class Spoilt(Flaky):
        def read(self, customer_ids):
            return {**super().read(customer_ids), **({"ann": None} if self.spoilt else {})}

    source = Spoilt()
    source.broken, source.spoilt = False, False
    guarded = GuardedCustomers(source, retry_seconds=60)
    fresh, lookup = Lookup(guarded, capacity=10, seconds=60), Lookup(guarded, capacity=10, seconds=60)
    lookup.find(["ann"])

    source.spoilt = True

    assert lookup.find(["ann", "bob"]) == Found({"ann": ANN, "bob": BOB}, frozenset({"ann"}))
    assert fresh.find(["ann", "bob"]) == Found({"bob": BOB}, frozenset({"ann"}))
