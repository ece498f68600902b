"""The exploration of real data: it says what is known of these data sets from elsewhere."""

import pytest

from recommender.data.cleaning.prepare import prepare
from recommender.data.sources.ingest import ingest
from recommender.reports.explore import write_exploration
from settings.config import Config
from tests.support.paths import ROOT, SHARED

SOURCES = ROOT / "sources"

pytestmark = [
    pytest.mark.shared_data,
    pytest.mark.skipif(not SHARED.is_dir(), reason="the real data sets of ../shared/data are not here"),
]


@pytest.mark.parametrize(
    ("source", "customers", "sections"),
    [
        ("amazon_beauty", 22_363, {"over-time"}),
        ("sephora", 9_246, {"ratings", "ingredients"}),
        ("oliveyoung", 8_372, {"ratings", "ingredients", "customers-and-their-concerns"}),
    ],
)
def test_each_data_set_gets_the_sections_it_can_answer(source, customers, sections, tmp_path):
    prepared = prepare(ingest(SOURCES / f"{source}.yaml"), Config())
    figures = write_exploration(prepared.tables, prepared.quarantine, tmp_path / "page.html")
    page = (tmp_path / "page.html").read_text()
    depending = {"over-time", "ratings", "ingredients", "customers-and-their-concerns"}
    assert figures["customers"] == customers
    assert {name for name in depending if f'<section id="{name}">' in page} == sections
    assert "://" not in page
