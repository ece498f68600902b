"""How often drift is told: seldom where nothing changed, almost always where much did."""

import numpy as np
import pytest

from monitoring.alarms import KINDS, measure, purchases
from recommender.config.monitoring import DriftSettings


def test_customers_buy_several_times_and_stay_who_they_are():
    rows = purchases({}, 900, np.random.default_rng(0))
    assert len(rows) == 900
    by_customer = rows.groupby("customer_id")
    assert by_customer.size().mean() > 2
    assert (by_customer["skin_type"].nunique() == 1).all()
    assert (by_customer["brand"].nunique() > 1).any()


@pytest.mark.slow
def test_where_nothing_changed_the_trigger_seldom_has_a_reason_and_where_much_did_it_has():
    assert measure(KINDS["nothing"], 900, 12, DriftSettings(), 0).any_column <= 2 / 12
    assert measure(KINDS["catalogue (a line and its prices change)"], 900, 6, DriftSettings(), 0).fires >= 5 / 6
