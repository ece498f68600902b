"""The drift report: planted drift is found, a resample of the same purchases is not."""

import json
import re

import numpy as np
import pandas as pd
import pytest

from monitoring.drift import OTHER, UNKNOWN, effective_rows, group_values, measure_drift, write_drift_report
from monitoring.drift_report import drift_page
from settings.monitoring import DriftSettings

SETTINGS = DriftSettings()


def purchases(rows, seed, skin=(0.3, 0.3, 0.4), brands=40):
    rng = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "customer_id": rng.integers(0, rows, rows).astype(str),
            "skin_type": rng.choice(["dry", "oily", None], rows, p=skin),
            "brand": [f"brand {i}" for i in rng.integers(0, brands, rows)],
            "region": rng.choice(["north", "south", "east"], rows),
        }
    )


def test_planted_drift_is_found_and_reported(tmp_path):
    windows = ("those of spring, 2025-03-01 to 2025-05-31", "those of June, 2025-06-01 to 2025-06-30")
    drift = measure_drift(purchases(3000, 0), purchases(600, 1, skin=(0.6, 0.2, 0.2)), SETTINGS, 0, windows)
    write_drift_report(drift, tmp_path / "drift.json", "purchases", "data set “shop”, made 2025-07-01 10:00 UTC")
    assert drift.drifted == ["skin_type"]
    assert drift.share == pytest.approx(1 / 3)
    summary = json.loads((tmp_path / "drift.json").read_text())
    assert summary["columns"]["skin_type"]["drifted"]
    assert not summary["columns"]["brand"]["drifted"]
    html = (tmp_path / "drift.html").read_text()
    for said in (
        "Recent purchases differ in skin_type.",
        "data set “shop”, made 2025-07-01 10:00 UTC",
        "Before: those of spring, 2025-03-01 to 2025-05-31; 3,000 purchases compared.",
        "Recent: those of June, 2025-06-01 to 2025-06-30; 600 purchases compared.",
        f"{summary['columns']['skin_type']['threshold']:.3f}",
    ):
        assert said in html, said


def test_shares_are_compared_and_not_counts():
    drift = measure_drift(purchases(3000, 0), purchases(600, 1, skin=(0.6, 0.2, 0.2)), SETTINGS, 0)
    shares = drift.shares["skin_type"]
    assert shares["dry"] == pytest.approx((0.3, 0.6), abs=0.06)
    assert np.sum([*shares.values()], axis=0) == pytest.approx([1.0, 1.0])
    html = drift_page(drift.summary(), "purchases", "").html()
    before, recent = (f"{100 * share:.1f}%" for share in shares["dry"])
    assert re.search(rf"dry</td>\s*<td[^>]*>{before}</td>\s*<td[^>]*>{recent}</td>", html)


def test_a_resample_is_quiet():
    reference = purchases(3000, 0)
    assert measure_drift(reference, reference.sample(400, random_state=1), SETTINGS, 0).drifted == []


def test_few_customers_who_buy_much_are_no_drift():
    """200 rows of 4 customers tell as little of skin types as 4 rows."""
    reference = purchases(3000, 0)
    current = pd.concat([purchases(4, 1)] * 50)
    assert effective_rows(current) == pytest.approx(4, abs=2)
    assert measure_drift(reference, current, SETTINGS, 0).drifted == []


def test_a_new_value_is_drift():
    current = purchases(600, 1).assign(region="west")
    assert measure_drift(purchases(3000, 0), current, SETTINGS, 0).drifted == ["region"]


def test_rare_values_are_taken_together_and_missing_ones_kept():
    reference = purchases(3000, 0).assign(brand=lambda frame: frame["brand"].where(frame.index % 2 == 0, "Lumi"))
    known, seen = group_values(reference, purchases(100, 1).assign(region="west"), SETTINGS)
    assert set(known["brand"]) == {"Lumi", OTHER}
    assert set(seen["region"]) == {OTHER}
    assert UNKNOWN in set(known["skin_type"]) & set(seen["skin_type"])


def test_a_column_with_one_value_tells_nothing():
    sides = [purchases(100, seed).assign(region="north", brand=None) for seed in (0, 1)]
    assert list(group_values(*sides, SETTINGS)[0]) == ["skin_type"]


def test_large_frames_are_sampled_by_seed():
    settings = DriftSettings(maximum_rows=500)
    drift = measure_drift(purchases(3000, 0), purchases(3000, 1), settings, 7)
    assert (drift.reference_rows, drift.current_rows) == (500, 500)
    assert drift == measure_drift(purchases(3000, 0), purchases(3000, 1), settings, 7)
