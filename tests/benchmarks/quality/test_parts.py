"""Parts of the benchmark by themselves: folds, names of files, the commit, errors of predicted ratings."""

import subprocess

import numpy as np
import pytest
from scipy import stats

from benchmarks.quality.aggregation import mean_over_folds
from benchmarks.quality.comparison import BenchmarkComparison
from benchmarks.quality.ratings import rating_errors
from benchmarks.quality.report import file_stem, page_of
from infrastructure import documents as commits
from recommender.splits import split
from settings.config import Config


def fold(ndcg, tested, **lists):
    interval = {"value": ndcg, "low": 0, "high": 1}
    row = {"model": "m", "ndcg": interval, "lists": lists, "seconds": 2.0, "hybrid_leads_by": {}, "slices": {}}
    facts = {"seed": 0, "k": 10, "least": None, "draws": 1, "tuned": {}, "products": 5, "split": "s"}
    facts |= {"several": False, "trees": 1}
    return {**facts, **dict.fromkeys(("tested", "held_out", "purchases"), tested), "models": [row]}


def test_folds_weigh_alike_and_their_spread_is_the_interval():
    values = [0.1, 0.2, 0.4]
    found = mean_over_folds([fold(value, 10 * n, coverage=value) for n, value in enumerate(values, start=1)])
    (model,) = found["models"]
    assert model["ndcg"]["value"] == pytest.approx(np.mean(values))
    low, high = stats.t.interval(0.95, 2, np.mean(values), stats.sem(values))
    assert (model["ndcg"]["low"], model["ndcg"]["high"]) == (pytest.approx(low), pytest.approx(high))
    assert model["lists"]["coverage"] == pytest.approx(np.mean(values))
    assert found["tested"] == 60
    assert len(found["folds"]) == 3


def test_what_a_fold_lacks_is_left_out():
    (model,) = mean_over_folds([fold(0.1, 1, coverage=0.5, diversity=0.2), fold(0.2, 1, coverage=0.7)])["models"]
    assert model["lists"] == {"coverage": pytest.approx(0.6)}


TRIED = {"trials": 3, "trials_alone": 2, "trials_ranker": 0}


@pytest.mark.parametrize(
    ("asked", "file", "page"),
    [
        ({}, "quality_last", "last"),
        ({"least": 3}, "quality_last_least3", "last-3-products-or-more"),
        ({"draws": 5}, "quality_last_draws5", "last-5-draws"),
        ({"least": 3, "draws": 5}, "quality_last_least3_draws5", "last-3-products-or-more-5-draws"),
        ({"tuned": TRIED}, "quality_last_tuned", "last-tuned-for-each-draw"),
        ({"draws": 5, "tuned": TRIED}, "quality_last_draws5_tuned", "last-5-draws-tuned-for-each-draw"),
    ],
)
def test_figures_of_other_customers_draws_or_settings_have_names_of_their_own(asked, file, page):
    found = {"kind": "last", "least": None, "draws": 1, "tuned": {}, **asked}
    assert file_stem(found) == file
    assert page_of("a", found) == f"quality/figures-of-a-split-{page}"


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """A repository with a file that shapes figures and one that does not; gives its git."""
    identity = ["-c", "user.name=n", "-c", "user.email=e@example.org"]

    def git(*arguments):
        return subprocess.run(["git", *identity, *arguments], cwd=tmp_path, capture_output=True, text=True, check=True)

    for name in ("recommender/module.py", "docs/page.md"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text("old")
    git("init", "-q")
    git("add", ".")
    git("commit", "-qm", "first")
    monkeypatch.setattr(commits, "__file__", str(tmp_path / "recommender/module.py"))
    return git


def test_the_commit_is_the_last_that_could_change_a_figure(checkout, tmp_path):
    first = checkout("rev-parse", "HEAD").stdout.strip()
    assert commits.code_commit() == first
    (tmp_path / "docs/page.md").write_text("new")
    assert commits.code_commit() == first
    checkout("commit", "-qam", "documents")
    assert commits.code_commit() == first
    (tmp_path / "recommender/module.py").write_text("new")
    assert commits.code_commit() == f"{first}-dirty"
    checkout("commit", "-qam", "code")
    assert commits.code_commit() == checkout("rev-parse", "HEAD").stdout.strip() != first


def test_outside_of_a_checkout_the_commit_is_unknown(tmp_path, monkeypatch):
    monkeypatch.setattr(commits, "__file__", str(tmp_path / "module.py"))
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert commits.code_commit() == "unknown"


PRODUCTS = {"product_id": [*"ab"], "name": ["Cream", "Gel"]}


def test_ratings_that_differ_by_skin_are_foreseen_by_groups_alone(tables_of):
    """Dry skin gives a 5 and b 1, oily skin the reverse: means over all of them know nothing of it."""
    customers = [f"c{n:03}" for n in range(200)]
    skins = ["dry" if n % 2 else "oily" for n in range(200)]
    rated = [(who, product, 5.0 if (skin == "dry") == (product == "a") else 1.0)
             for who, skin in zip(customers, skins, strict=True) for product in "ab"]  # fmt: skip
    who, products, ratings = map(list, zip(*rated, strict=True))
    tables = tables_of(
        products=PRODUCTS,
        ratings={"customer_id": who, "product_id": products, "rating": ratings},
        customers={"customer_id": customers, "skin_type": skins},
    )
    found = rating_errors(BenchmarkComparison(split(tables, Config()), Config()))
    models = found["models"]
    assert found["held_out"] == 200
    assert models["groups"]["mae"]["value"] < 1.2
    assert models["mean of the product"]["mae"]["value"] > 1.9
    assert models["mean of the product"]["gain"]["low"] > 0.5
    assert models["mean of all"]["rmse"]["value"] == pytest.approx(2, abs=0.05)
    assert models["groups"]["rmse"]["low"] <= models["groups"]["rmse"]["value"] <= models["groups"]["rmse"]["high"]


def test_without_ratings_or_profiles_there_are_no_rating_errors(tables_of):
    bought = {"customer_id": [*"xx"], "product_id": [*"ab"]}
    assert (
        rating_errors(BenchmarkComparison(split(tables_of(products=PRODUCTS, transactions=bought), Config()), Config()))
        == {}
    )
    rated = tables_of(products=PRODUCTS, ratings={**bought, "rating": [5.0, 4.0]})
    assert rating_errors(BenchmarkComparison(split(rated, Config()), Config())) == {}
