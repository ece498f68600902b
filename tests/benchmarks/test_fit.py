"""That the drawn shop has something to learn, and that every fit is told of: done, refused or dead."""

import numpy as np
import pytest

from benchmarks.fit import benchmark
from benchmarks.fit.report import fit_figures
from benchmarks.fit.shop import CUSTOMERS, PRODUCTS, draw_tables
from recommender.config.model import ModelSettings
from recommender.models.candidate_models.item_to_item import ItemToItemModels
from recommender.models.histories import Histories
from recommender.models.model_data import model_data
from tests.support.paths import ROOT

GIGA = 10**9


@pytest.fixture(scope="module")
def tables():
    return draw_tables(0.1)


@pytest.fixture(scope="module")
def data(tables):
    return model_data(tables, 0)


@pytest.fixture(scope="module")
def found():
    """The whole way at a tiny size: two fits, and the smaller one again with hardly any memory."""
    tried = benchmark.Sizes(sizes=[0.01, 0.02], network_up_to=0.01, ask=[0.01], lowered=0.01, most_megabytes=300)
    return benchmark.measure_fit(tried)


def test_the_drawn_shop_is_as_large_as_asked_with_about_eight_uses_a_customer(tables, data):
    assert (len(data.catalogue), len(data.customer_ids)) == (round(PRODUCTS / 10), round(CUSTOMERS / 10))
    assert 7 < len(data.histories.products) / len(data.customer_ids) < 9
    visits = tables.transactions.groupby("transaction_id").size()
    assert 1.5 < visits.mean() < 2.5


def test_larger_shops_have_as_many_uses_a_product_and_more_words():
    small, large = (draw_tables(size) for size in (0.05, 0.2))
    uses = [len(one.transactions) / len(one.products) for one in (small, large)]
    assert uses[0] == pytest.approx(uses[1], rel=0.1)
    words = [len(set(" ".join(one.products["name"]).split())) for one in (small, large)]
    assert 1.5 < words[1] / words[0] < 4


def test_the_same_seed_draws_the_same_shop():
    one, again, other = (draw_tables(0.01, seed).transactions for seed in (0, 0, 1))
    assert one.equals(again)
    assert not one.equals(other)


def test_products_have_a_long_tail(data):
    counts = sorted(data.histories.counts, reverse=True)
    assert sum(counts[:120]) > 3 * sum(counts[-120:])


def test_what_is_bought_together_is_alike_by_its_texts(data):
    histories = data.histories
    drawn = np.random.default_rng(0).permutation(histories.products)
    shuffled = Histories(histories.starts, drawn, histories.days, histories.product_count)
    assert _alike(data, histories) > 5 * _alike(data, shuffled) > 0


def _alike(data, histories):
    """Share of what is bought together that texts bring together, too."""
    fits = ItemToItemModels(data, ModelSettings().families, 0).fitters(histories)
    together, texts = fits["bought_together"](), fits["content"]()
    return together.multiply(texts > 0.1).sum() / together.sum()


@pytest.mark.slow
def test_every_fit_tells_its_seconds_memory_and_bundle(found):
    fits = [(fit["size"], fit["network"]) for fit in found["fits"]]
    assert fits == [(0.01, False), (0.02, False), (0.01, True)]
    for fit in found["fits"]:
        assert 0 < sum(fit["parts"].values()) <= fit["seconds"]
        assert fit["before"] < fit["peak"] < GIGA
        assert fit["bundle"] > 10_000
        assert fit["foretold"] == pytest.approx(sum(fit["needed"].values()), abs=GIGA / 4)
    assert found["fits"][1]["bundle"] > found["fits"][0]["bundle"]


@pytest.mark.slow
def test_exponents_are_of_the_sizes_that_were_fitted(found):
    (powers,) = found["exponents"]
    assert powers["sizes"] == [0.01, 0.02]
    assert 0.5 < powers["powers"]["bundle"] < 2.5


@pytest.mark.slow
def test_a_refusal_is_told_in_its_own_words_before_any_memory_is_taken(found):
    lowered, asked = found["refusals"]
    assert lowered["refused"]["peak"] - lowered["before"] < GIGA / 50
    assert "bundle" not in lowered
    text = fit_figures(found)
    assert text.count("Error: Fitting 121 products and 224 customers would need about") == 1
    assert "expected: at most 0.0 GiB in all: lower model." in text
    # What would fit is not said to be refused.
    assert "refused" not in asked
    assert "not refused: it would fit" in text


@pytest.mark.slow
def test_a_shop_too_large_to_be_drawn_is_asked_for_all_the_same(found):
    refused = benchmark._run("--size", "1000000", "--ask", "--most-megabytes", "1000")
    assert refused["products"] == 1_000_000 * PRODUCTS
    text = fit_figures(found | {"refusals": [refused]})
    assert "Error: Fitting 12,101,000,000 products" in text
    assert "| 1e+06x | no | 12,101,000,000 |" in text
    assert "parts" not in refused


@pytest.mark.slow
def test_a_shop_that_cannot_even_be_read_is_told_as_refused(found):
    refused = benchmark._run("--size", "0.01", "--most-megabytes", "1")
    assert "Error: Ordering 1," in fit_figures(found | {"refusals": [refused]})


@pytest.mark.slow
def test_a_fit_that_died_stands_in_the_table(found):
    killed = {"size": 10.0, "network": False, "died": -9}
    failed = benchmark._run("--size", "0.01", "--no-such-option")
    assert failed["died"] == 2
    lines = fit_figures(found | {"fits": [*found["fits"], killed, failed], "refusals": [killed]}).splitlines()
    assert sum(line.startswith("| 10x | no | killed by signal 9 | – |") for line in lines) == 3
    assert sum(line.startswith("| 0.01x | no | failed with exit code 2 | – |") for line in lines) == 2


def test_the_page_of_figures_is_the_commands():
    page = ROOT / "docs" / "figures" / f"{benchmark.PAGE}.md"
    assert page.read_text(encoding="utf-8").startswith(f"<!-- Written by {benchmark.COMMAND} -->")
