"""That the shop of the data benchmark has the size and the dirt it names, and that its table is right."""

import pytest

from benchmarks.data.benchmark import COMMAND, PAGE, data_figures
from benchmarks.data.shop import write_shop
from recommender.data.cleaning.prepare import prepare
from recommender.data.interactions import interactions
from recommender.data.raw_tables import RawTables
from settings.config import Config
from tests.support.paths import ROOT


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    folder = tmp_path_factory.mktemp("shop") / "raw"
    return write_shop(folder, rows=20_000), prepare(RawTables.read(folder), Config())


def test_the_drawn_shop_has_the_size_it_names(shop):
    counts, prepared = shop
    assert counts == prepared.read == {
        "customers": 2_000, "products": 200, "transactions": 10_000, "ratings": 4_000, "events": 6_000
    }  # fmt: skip


def test_one_row_in_250_is_rejected_and_padded_customers_are_read(shop):
    _, prepared = shop
    rejected = prepared.quarantine["rule"].value_counts(normalize=True)
    assert 0.003 < len(prepared.quarantine) / 20_000 < 0.006
    assert set(rejected.index) == {"missing_customer", "unknown_product", "future_time", "duplicate"}
    # Without a customer a transaction is a guest's: only ratings and events are rejected.
    assert prepared.guests > 0
    assert rejected.min() > 0.05


def test_its_products_have_a_long_tail_and_its_customers_a_history(shop):
    uses = interactions(shop[1].tables)
    share = uses["product_id"].value_counts(normalize=True)
    assert share.head(20).sum() > 2 * share.tail(100).sum() > 0
    assert uses.groupby("customer_id").size().median() > 2


def test_the_same_seed_draws_the_same_shop(tmp_path):
    for name, seed in (("one", 0), ("two", 0), ("three", 1)):
        write_shop(tmp_path / name, rows=1_000, seed=seed)
    one, two, three = ((tmp_path / name / "ratings.parquet").read_bytes() for name in ("one", "two", "three"))
    assert one == two != three


def test_the_table_shows_what_was_measured_and_a_dash_where_pandas_was_not_asked():
    ours = {"seconds": 4.0, "preparing": 1.5, "memory": 1e9}
    size = {"rows": 1_000_000, "customers": 100_000, "products": 10_000, "duckdb": ours, "ratio": None}
    beside = size | {"pandas": {"seconds": 20.0, "preparing": 8.0, "memory": 3e9}, "ratio": 5.0}
    found = {"sizes": [beside, size], "exponent": 0.9, "rounds": 3, "cores": 2, "load_average": 1.0, "commit": "abc"}
    lines = data_figures(found).splitlines()
    assert "| 1,000,000 | 100,000 | 10,000 | 4.0 | 1.5 | 250,000 | 1.00 | 20.0 | 8.0 | 3.00 | 5.0 |" in lines
    assert "| 1,000,000 | 100,000 | 10,000 | 4.0 | 1.5 | 250,000 | 1.00 | – | – | – | – |" in lines
    assert "- time grows with the 0.90th power of the rows" in lines


def test_the_page_of_figures_is_the_commands():
    page = ROOT / "docs" / "figures" / f"{PAGE}.md"
    assert page.read_text(encoding="utf-8").startswith(f"<!-- Written by {COMMAND} -->")
