"""Diverse lists through the engine, and what they cost, on a small shop."""

import json
from dataclasses import replace

import numpy as np
import pytest

from benchmarks.quality import benchmark_diversity
from benchmarks.quality.diversity import VALUES
from recommender.contract.query import Profile, Query
from recommender.engine.engine import Engine
from recommender.engine.queries import queries_from_tables
from recommender.models.hybrid import Hybrid


def with_diversity(engine, diversity):
    """The same model with another setting."""
    generator = engine.hybrid.generator
    settings = generator.settings.model_copy(update={"diversity": diversity})
    return Engine(
        Hybrid(replace(generator, settings=settings), engine.hybrid.ranker), engine.catalogue, engine.rules, "x"
    )


@pytest.fixture(scope="module")
def asked(tables, config):
    known = queries_from_tables(tables, sorted(tables.transactions["customer_id"].unique())[:40], config.seed, k=10)
    return [*known, Query("g", profile=Profile(skin_type="dry")), Query("n")]


def spread(engine, answers):
    """Mean unlikeness of the products of each list."""
    likeness = engine.hybrid.generator.similarity
    lists = [engine.catalogue.positions(item.product_id for item in answer.items) for answer in answers]
    return np.array([1 - likeness.within(products).mean() for products in lists])


def test_lists_grow_more_diverse_with_the_setting(engine, asked):
    found = [spread(engine, with_diversity(engine, value).recommend(asked)) for value in (0, 0.3, 0.8)]
    assert found[0].mean() < found[1].mean() < found[2].mean()
    assert (found[2][-2:] > found[0][-2:]).all()  # who has no history too


def test_off_changes_nothing(engine, asked):
    assert with_diversity(engine, 0.0).recommend(asked) == engine.recommend(asked)


def test_diverse_lists_keep_the_rules_and_begin_with_the_best_candidate(engine, asked):
    diverse = with_diversity(engine, 0.5)
    for query, answer, plain in zip(asked, diverse.recommend(asked), engine.recommend(asked), strict=True):
        assert engine.rules.check(query, [item.product_id for item in answer.items]) == []
        scores = [item.score for item in answer.items]
        assert scores == sorted(scores, reverse=True)
        assert len(answer.items) == query.k
        assert answer.items[0].product_id == plain.items[0].product_id
        (shorter,) = diverse.recommend([replace(query, k=4)])
        assert [item.product_id for item in shorter.items] == [item.product_id for item in answer.items[:4]]


SHOP = "name: pocket\nsynthetic: {customers: 150, products: 120, days: 200}\n"


def test_the_benchmark_writes_what_it_found(tmp_path, monkeypatch, config):
    (tmp_path / "pocket.yaml").write_text(SHOP)
    monkeypatch.chdir(tmp_path)
    page = benchmark_diversity(tmp_path / "pocket.yaml", config)
    folder = tmp_path / "var/pocket/benchmarks"
    assert (folder / "diversity.md").read_text() == f"{page}\n"
    found = json.loads((folder / "diversity.json").read_text())
    rows = found["rows"]
    assert [row["value"] for row in rows] == [*VALUES]
    assert rows[0]["cost"]["value"] == 0
    for row in rows[1:]:
        assert row["cost"]["value"] == pytest.approx(row["ndcg"]["value"] - rows[0]["ndcg"]["value"])
    assert rows[-1]["diversity"] > rows[0]["diversity"]
    for row in rows:
        assert f"{row['ndcg']['value']:.4f} (" in page
