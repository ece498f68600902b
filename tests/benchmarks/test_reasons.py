"""That the benchmark of reasons counts what fell, and says it in words and figures."""

import pytest

from benchmarks.reasons import benchmark
from benchmarks.reasons.causes import fallen
from infrastructure.documents import page_name
from recommender.contract.query import Query, Reason
from recommender.engine.engine import Engine
from recommender.engine.queries import queries_from_tables
from tests.support.paths import ROOT


def test_what_is_counted_is_what_fell(engine, tables, config):
    asked = queries_from_tables(tables, sorted(tables.transactions["customer_id"].unique())[:10], config.seed, k=10)
    rows = {(row["by"], row["kind"]): row for row in benchmark.counted(engine, asked)["reasons"]}
    bought = [fell for kind, fell in fallen(engine, asked) if kind == "bought"]
    assert rows["history", "bought"]["asked"] == len(bought)
    assert rows["history", "bought"]["fell"] == sum(bought)
    assert rows["profile", "concern"]["fell"] == rows["profile", "concern"]["asked"]


def test_a_reason_that_is_not_true_is_told(engine, tables, config, monkeypatch):
    """Every product said to be shown for the oldest purchase, whatever carried it."""
    asked = queries_from_tables(tables, sorted(tables.transactions["customer_id"].unique())[:10], config.seed, k=10)
    true = [fell for kind, fell in fallen(engine, asked) if kind == "bought"]
    answer = Engine.recommend

    def lying(self, asked, reasons=True):
        (found,) = answer(self, asked, reasons)
        if not reasons:
            return [found]
        first = engine.catalogue.names[engine.catalogue.index[asked[0].products[0]]]
        items = tuple(
            item.__class__(item.product_id, item.score, (Reason("bought", f"Customers who have {first}.", 1.0),))
            for item in found.items
        )
        return [found.__class__(found.customer_id, items, found.path, found.removed)]

    monkeypatch.setattr(Engine, "recommend", lying)
    false = [fell for kind, fell in fallen(engine, asked) if kind == "bought"]
    assert sum(false) / len(false) < sum(true) / len(true)


def test_the_figures_in_words():
    row = {"by": "history", "kind": "bought", "asked": 40, "fell": 39}
    found = {"bundle": "b", "source": "s.yaml", "customers": 4, "k": 10, "reasons": [row], "commit": "c"}
    text = benchmark.reasons_figures(found)
    assert "| history | bought | 40 | 97.5% |" in text


@pytest.mark.parametrize("name", ["amazon_beauty", "synthetic"])
def test_the_page_of_figures_is_the_commands(name):
    page = ROOT / "docs" / "figures" / "quality" / f"{page_name(f'reasons of {name}')}.md"
    assert page.read_text(encoding="utf-8").startswith(f"<!-- Written by {benchmark.COMMAND} -->")


def test_who_has_bought_only_what_is_named_is_left_out(engine):
    query = Query("x", products=(engine.catalogue.product_ids[3],))
    assert not [kind for kind, _ in fallen(engine, [query]) if kind in ("bought", "similar")]
