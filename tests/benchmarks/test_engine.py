"""That the engine's benchmark asks a whole engine, at the size it names, and that its sums are right."""

import numpy as np
import pytest

from benchmarks.engine.benchmark import COMMAND, PAGE, engine_figures
from benchmarks.engine.enlarged import enlarged, moved
from benchmarks.engine.measure import exponent, times
from recommender.data.cleaning.prepare import prepare
from recommender.data.raw_tables import RawTables
from recommender.engine.engine import Engine
from recommender.engine.queries import queries_from_tables
from recommender.synthetic.settings import SyntheticSettings
from recommender.synthetic.shop import clean_tables
from recommender.training.bundles import fit_on_everything
from settings.config import Config
from tests.support.paths import ROOT

PRODUCTS = 2_000


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    values = {"model": {"ranker": {"trees": 10, "minimum_leaf": 5, "minimum_groups": 20}, "groups": {"minimum": 10}}}
    values["model"]["network"] = {
        "least_pairs": 100,
        "epochs": 2,
        "length": 5,
        "width": 8,
        "text_width": 8,
        "share": 0.1,
    }
    config = Config.parse(values, where="test")
    raw = RawTables("tiny", clean_tables(SyntheticSettings(customers=250, products=150, days=300)))
    tables = prepare(raw, config).tables
    bundle = tmp_path_factory.mktemp("shop") / "bundle"
    data = fit_on_everything(tables, config, bundle)
    return Engine.load(bundle), queries_from_tables(tables, data.customer_ids[:20], config.seed, k=10)


@pytest.fixture(scope="module")
def larger(shop):
    return enlarged(shop[0], PRODUCTS, seed=1)


def test_a_drawn_catalogue_is_as_large_as_asked_and_answers_on_the_whole_path(shop, larger):
    asked = moved(shop[1], larger.catalogue, seed=2)
    assert len(larger.catalogue) == PRODUCTS
    assert [len(query.products) for query in asked] == [len(query.products) for query in shop[1]]
    answers = larger.recommend(asked)
    assert {answer.path for answer in answers} == {"personal"}
    assert all(len(answer.items) == 10 for answer in answers)
    assert (larger.hybrid.ranker, larger.hybrid.generator.settings) == (
        shop[0].hybrid.ranker,
        shop[0].hybrid.generator.settings,
    )
    assert larger.hybrid.generator.network is not None


def test_its_neighbours_are_products_and_each_once(larger):
    table = larger.hybrid.generator.neighbours.table
    for start, stop in zip(table.starts[:-1].tolist(), table.starts[1:].tolist(), strict=True):
        row = table.columns[start:stop]
        assert (np.diff(row) > 0).all()
        assert 0 <= row[0] <= row[-1] < PRODUCTS


def test_every_request_counts_and_no_figure_is_of_warming_up(shop):
    engine, asked = shop
    calls = []

    class Counting:
        def recommend(self, queries):
            calls.append(queries)
            return engine.recommend(queries)

    found = times(Counting(), asked, rounds=3, requests=20)
    assert len(calls) == 2 + 3 * 20
    assert all(len(queries) == 1 for queries in calls)
    assert 0 < found.fastest <= found.p50 <= found.p99


def test_the_exponent_is_the_slope():
    assert exponent([10, 100, 1000], [2.0, 20.0, 200.0]) == pytest.approx(1)
    assert exponent([10, 100, 1000], [5.0, 5.0, 5.0]) == pytest.approx(0)


def test_the_figures_tell_every_size():
    row = {"catalogue": "drawn", "products": 100_000, "p50": 1.5, "p99": 3.25, "cpu50": 1.4, "fastest": 1.3}
    facts = {"bundle": "b", "source": "s", "k": 10, "customers": 5, "history": 2.0, "rounds": 3, "requests": 9}
    facts |= {"load_seconds": 0.5, "processor": "x", "load_average": 1.0, "cores": 2, "exponent": 0.5, "commit": "c"}
    page = engine_figures(facts | {"sizes": [row]})
    assert "| drawn | 100,000 | 1.50 | 3.25 | 1.40 | 1.30 |" in page


def test_the_page_of_figures_is_the_commands():
    page = ROOT / "docs" / "figures" / f"{PAGE}.md"
    assert page.read_text(encoding="utf-8").startswith(f"<!-- Written by {COMMAND} -->")
