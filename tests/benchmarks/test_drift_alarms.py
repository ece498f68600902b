"""How often drift is told: seldom where nothing changed, mostly where much did."""

import numpy as np
import pytest

from benchmarks.drift_alarms.measure import DESIGNS, KINDS, draw_sample, measure_alarms
from monitoring.comparisons import PURCHASES, RECOMMENDATIONS, REQUESTS
from settings.monitoring import DriftSettings


@pytest.mark.parametrize("name", DESIGNS)
def test_customers_come_several_times_and_stay_who_they_are(name):
    rows = draw_sample(DESIGNS[name], {}, 900, np.random.default_rng(0))
    assert len(rows) == 900 * DESIGNS[name].repeats
    by_customer = rows.groupby("customer_id")
    assert by_customer.size().mean() > 2
    assert all((by_customer[column].nunique() == 1).all() for column in DESIGNS[name].customer_columns)
    assert all((by_customer[column].nunique() > 1).any() for column in DESIGNS[name].row_columns)


def test_what_is_planted_is_planted_in_columns_that_are_compared():
    for shift in KINDS.values():
        for name, columns in shift.items():
            assert columns.keys() <= {**DESIGNS[name].customer_columns, **DESIGNS[name].row_columns}.keys()


@pytest.mark.slow
def test_where_nothing_changed_the_trigger_seldom_has_a_reason():
    quiet = measure_alarms(KINDS["nothing"], 900, 8, DriftSettings(), 0)
    assert quiet.any_column <= 1 / 8
    assert quiet.fires == dict.fromkeys(DESIGNS, 0.0)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "reasons"),
    [
        ("customers (others come)", [PURCHASES]),
        ("tastes (another concern, other departments)", [PURCHASES]),
        ("catalogue (a line and its prices change)", [PURCHASES, RECOMMENDATIONS]),
        ("requests (an app asks for baskets, with filters)", [REQUESTS]),
        ("features (spoilt, so that all are told the same)", [RECOMMENDATIONS]),
    ],
)
def test_where_much_changed_the_trigger_has_the_reasons_of_what_did_and_no_others(kind, reasons):
    found = measure_alarms(KINDS[kind], 900, 2, DriftSettings(), 1)
    assert all(found.fires[name] > 0 for name in reasons)
    assert all(found.fires[name] == 0 for name in DESIGNS if name not in KINDS[kind])
