"""That the table of planted dirt tells what was found, what was missed and what was taken by mistake."""

import pandas as pd
import pytest

from benchmarks.cleaning.benchmark import COMMAND, PAGE, cleaning_figures
from benchmarks.cleaning.measure import defect_results, share_done, sound_row_results
from recommender.contract.tables import Tables
from recommender.data.cleaning.prepare import Prepared
from tests.support.paths import ROOT

LEDGER = pd.DataFrame(
    {
        "table": ["ratings"] * 4,
        "row": [0, 1, 2, 3],
        "defect": ["bad_times", "bad_times", "cents", "late"],
        "outcome": ["reject", "reject", "mend", "keep"],
    }
)


def found(rejected, emptied):
    """Ten ratings of which these rows were rejected and had a cell emptied."""
    records = [pd.DataFrame({"table": "ratings", "row": rows}) for rows in (rejected, emptied)]
    kept = {"ratings": 10 - len(rejected)}
    return Prepared(*records, read={"ratings": 10}, rows=kept, filled=(), tables=Tables(pd.DataFrame()))


def test_each_defect_is_counted_with_what_became_of_it():
    defects = defect_results(LEDGER, found([0, 5], [2]))
    assert [(one["defect"], one["planted"], one["done"]) for one in defects] == [
        ("bad_times", 2, 1),
        ("cents", 1, 1),
        ("late", 1, 1),
    ]
    assert share_done(defects, "reject") == 0.5


def test_a_late_row_that_is_rejected_is_not_kept():
    (late,) = [one for one in defect_results(LEDGER, found([3], [])) if one["defect"] == "late"]
    assert late["done"] == 0


def test_a_sound_row_that_is_rejected_or_emptied_is_counted():
    assert sound_row_results(LEDGER, found([0, 5], [6, 7])) == {"sound": 6, "rejected": 1, "emptied": 2}


@pytest.mark.slow
def test_the_tables_are_those_of_the_shop_that_is_named(tmp_path):
    shop = tmp_path / "tiny.yaml"
    shop.write_text("name: tiny\nsynthetic: {customers: 200, products: 100, days: 100}\n")
    text = cleaning_figures(shop, [shop])
    assert "100.00% of the planted rows that should be rejected were" in text
    assert "| bots | events | quarantined |" in text
    assert text.count("| tiny | customers |") == 2


def test_the_page_of_figures_is_the_commands():
    page = ROOT / "docs" / "figures" / f"{PAGE}.md"
    assert page.read_text(encoding="utf-8").startswith(f"<!-- Written by {COMMAND} -->")
