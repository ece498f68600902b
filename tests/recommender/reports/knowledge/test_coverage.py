import pytest

from recommender.contract import columns as c
from recommender.data.sources.ingest import ingest
from recommender.knowledge.knowledge import Knowledge
from recommender.reports.knowledge.coverage import Coverage
from tests.support.paths import ROOT, SHARED


def coverage(name):
    labels = ingest(ROOT / f"sources/{name}.yaml").tables[c.PRODUCTS][c.INGREDIENTS]
    return Coverage.from_labels([label or [] for label in labels], Knowledge.load())


@pytest.mark.shared_data
@pytest.mark.parametrize(("name", "named"), [("sephora", 0.8), ("oliveyoung", 0.8)])
@pytest.mark.skipif(not SHARED.is_dir(), reason="the real data are not in ../shared/data")
def test_most_of_what_labels_print_is_known_and_nearly_all_can_be_read(name, named):
    found = coverage(name)
    assert found.share(found.named) >= named
    assert found.share(found.resolved) >= 0.95
    assert found.refused <= 0.05 * found.labels
