"""The simple models: the strongest is chosen below the test, and the lead over it is paired."""

from dataclasses import replace

import numpy as np
import pytest

from recommender.data.cleaning.prepare import prepare
from recommender.data.raw_tables import RawTables
from recommender.evaluation.baselines import baselines
from recommender.evaluation.baselines.baselines import evaluate_baselines, read_baselines, write_baselines
from recommender.evaluation.baselines.model_comparison import ModelComparison
from recommender.evaluation.baselines.validation import validate_models
from recommender.evaluation.bundle_evaluation import RANK, SELLABLE, VARIANT, Evaluation
from recommender.evaluation.metrics import MISSED
from recommender.splits import Split, split
from recommender.synthetic.settings import SyntheticSettings
from recommender.synthetic.shop import clean_tables
from settings.config import Config

CONFIG = Config.parse({"evaluation": {"baselines": ["popularity", "item_knn"], "resamples": 200}}, where="test")


@pytest.fixture(scope="module")
def parts():
    settings = SyntheticSettings(customers=300, products=80, days=250)
    return split(prepare(RawTables("tiny", clean_tables(settings)), CONFIG).tables, CONFIG)


def evaluation(parts, ranks):
    rows = parts.test.assign(**{RANK: ranks, SELLABLE: True, VARIANT: parts.another_variant})
    return Evaluation("v", CONFIG.evaluation.k, {}, {}, 0, [], rows)


def test_the_strongest_below_the_test_stands_first(parts, monkeypatch):
    found = evaluate_baselines(parts, CONFIG)
    assert [one.validation for one in found] == sorted((one.validation for one in found), reverse=True)
    # Also where the test says otherwise.
    strongest, other = found
    swapped = {strongest.name: other.validation, other.name: strongest.validation}
    monkeypatch.setattr(baselines, "validate_models", lambda *_: swapped)
    assert [one.name for one in evaluate_baselines(parts, CONFIG)] == [other.name, strongest.name]


def test_what_is_held_out_has_no_say_in_which_is_the_strongest(parts):
    shuffled = parts.test.assign(product_id=np.random.default_rng(0).permutation(parts.test["product_id"]))
    pairs = set(zip(parts.train.transactions["customer_id"], parts.train.transactions["product_id"], strict=True))
    others = shuffled[[pair not in pairs for pair in zip(shuffled["customer_id"], shuffled["product_id"], strict=True)]]
    # The same training part with other held-out products: the same choice.
    told = Split(parts.train, others.reset_index(drop=True), parts.kind)
    names = CONFIG.evaluation.baselines
    assert validate_models(ModelComparison(told, CONFIG), names) == validate_models(
        ModelComparison(parts, CONFIG), names
    )


def test_leads_are_the_models_less_the_baselines_customer_by_customer(parts, tmp_path):
    assert parts.another_variant.any()
    perfect = evaluation(parts, np.where(parts.another_variant, MISSED, 0))
    found = evaluate_baselines(parts, CONFIG, perfect)
    for baseline in found:
        assert baseline.leads["ndcg@10"].value == pytest.approx(1 - baseline.figures["ndcg@10"].value)
        assert baseline.leads["hr@10"].low > 0
    write_baselines(found, tmp_path)
    assert read_baselines(tmp_path) == found


def test_leads_are_of_new_families_alone(parts):
    """The model is asked for every held-out product; simple models only for what all are judged by."""
    assert parts.another_variant.any()
    ranks = np.where(parts.another_variant, MISSED, 0)
    for baseline in evaluate_baselines(parts, CONFIG, evaluation(parts, ranks)):
        assert baseline.leads["ndcg@10"].value == pytest.approx(1 - baseline.figures["ndcg@10"].value)


def test_without_anything_to_hide_the_test_decides_and_says_so(parts):
    firsts = parts.train.transactions.drop_duplicates("customer_id")
    bare = Split(replace(parts.train, transactions=firsts, ratings=None, events=None), parts.test, parts.kind)
    assert validate_models(ModelComparison(bare, CONFIG), CONFIG.evaluation.baselines) == {}
