"""The source files of the real data sets: every row is read, and is kept or in quarantine."""

import pytest

from recommender.contract import columns as c
from recommender.data.cleaning.prepare import Prepared, prepare
from recommender.data.interactions import interactions
from recommender.data.sources.ingest import ingest
from settings.config import Config
from tests.support.paths import ROOT, SHARED

pytestmark = [
    pytest.mark.shared_data,
    pytest.mark.skipif(not SHARED.is_dir(), reason="the real data sets are not in ../shared/data"),
]


def prepared(name: str) -> Prepared:
    return prepare(ingest(ROOT / "sources" / f"{name}.yaml"), Config())


@pytest.mark.parametrize(
    ("name", "read", "uses"),
    [
        ("amazon_beauty", {"products": 12_101, "transactions": 176_139}, 176_139),
        ("sephora", {"products": 2_420, "ratings": 121_096}, 121_096),
        ("oliveyoung", {"customers": 8_372, "products": 339, "ratings": 18_819}, 13_692),
    ],
)
def test_nothing_is_lost(name: str, read: dict[str, int], uses: int) -> None:
    found = prepared(name)
    assert found.read == read
    for counts in found.counts.values():
        assert counts["read"] == counts["kept"] + counts["quarantined"]
    assert len(interactions(found.tables)) == uses


def test_sephoras_labels_become_names() -> None:
    products = prepared("sephora").tables.products
    labels = products[c.INGREDIENTS].dropna()
    assert len(labels) > 2_250
    assert max(len(name) for names in labels for name in names) <= 200
    assert products[c.STOCK].value_counts().to_dict() == {1: 2288, 0: 132}
    assert products[c.CATEGORY].iloc[0] == "Skincare > Moisturizers"


def test_olive_youngs_profiles_are_within_the_contract() -> None:
    customers = prepared("oliveyoung").tables.customers
    assert customers is not None
    assert set(customers[c.SKIN_TYPE].dropna()) == set(c.SKIN_TYPES)
    assert customers[c.CUSTOMER_ID].is_unique
