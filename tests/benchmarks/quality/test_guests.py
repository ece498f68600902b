"""The shop in which some customers are guests loses them, and keeps what they bought."""

import pytest

from benchmarks.quality.guests import guests_table, guests_worth, shop_with_guests
from recommender.synthetic.settings import SyntheticSettings
from recommender.synthetic.shop import clean_tables
from settings.config import Config

SHOP = SyntheticSettings(customers=120, products=60, days=150)


def test_guests_are_gone_but_for_what_they_bought():
    tables, whole = shop_with_guests(SHOP, 0.3, Config()), clean_tables(SHOP)
    known = {*tables.customers["customer_id"]}
    assert 0.55 < len(known) / len(whole["customers"]) < 0.85
    for table in (tables.transactions, tables.ratings, tables.events):
        assert {*table["customer_id"]} <= known
    # Two lines of one product in a customer's basket are one.
    assert len(tables.transactions) + len(tables.guest_baskets) == pytest.approx(len(whole["transactions"]), rel=0.01)
    sizes = tables.guest_baskets.groupby("transaction_id").size()
    assert sizes.max() > 1


@pytest.mark.slow
def test_both_are_measured_on_the_same_customers():
    config = Config.parse({"model": {"ranker": {"enabled": False}}, "evaluation": {"resamples": 100}}, where="test")
    worth = guests_worth(SHOP, 0.3, config, seeds=(0,))
    assert worth.gained.value == pytest.approx(worth.learnt.value - worth.without.value)
    assert f"{worth.customers} customers tested" in guests_table(worth)
