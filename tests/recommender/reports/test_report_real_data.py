"""The exploration of real data: it says what is known of these data sets from elsewhere."""

from pathlib import Path

import pytest

from recommender.config import Config
from recommender.data.ingest import ingest
from recommender.data.prepare import prepare
from recommender.reports.explore import write_exploration

SHARED = Path(__file__).parents[4] / "shared" / "data"
SOURCES = Path(__file__).parents[3] / "sources"

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
