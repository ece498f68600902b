import numpy as np
import pytest
import yaml

from recommender.config.model import FamilySettings, RankerSettings
from recommender.evaluation.metrics import Interval
from recommender.tuning.report import tuning_page
from recommender.tuning.results import BlendSearches, RankerSearchResult, SearchResult, SearchTrial, TuningResult
from recommender.tuning.settings_choice import BLEND, DEFAULTS, EvaluatedSettings, choose_settings
from recommender.tuning.space import single_model_weights
from recommender.tuning.tuned_config import tuned_config, tuned_yaml
from settings.config import Config

CUSTOMERS = 500
PRESENT = FamilySettings()
SINGLE = PRESENT.model_copy(update=single_model_weights("ease"))
MIXED = PRESENT.model_copy(update={"content": 0.3, "decay": 1.0})


def evaluate_settings(name, families, share):
    """Found for this share of the customers, the same ones first."""
    values = (np.arange(CUSTOMERS) < share * CUSTOMERS).astype(float)
    return EvaluatedSettings(name, families, values, values)


def verdict(present, single, blend):
    return choose_settings(
        evaluate_settings(DEFAULTS, PRESENT, present),
        evaluate_settings("ease", SINGLE, single),
        evaluate_settings(BLEND, MIXED, blend),
        Config(),
    )


@pytest.mark.parametrize(
    ("present", "single", "blend", "chosen"),
    [
        (0.2, 0.3, 0.4, BLEND),
        (0.4, 0.3, 0.3, DEFAULTS),
        (0.4, 0.3, 0.4, DEFAULTS),
        (0.2, 0.3, 0.3, "ease"),
        (0.2, 0.3, 0.302, "ease"),
        (0.2, 0.4, 0.3, "ease"),
    ],
)
def test_a_blend_is_chosen_only_where_its_lead_is_above_zero(present, single, blend, chosen):
    found = verdict(present, single, blend)
    assert found.chosen.name == chosen
    assert "ease" in found.reason


def test_the_lead_is_paired():
    found = verdict(0.2, 0.3, 0.4)
    lead = found.leads[BLEND, "ease"]
    assert lead.value == pytest.approx(0.1)
    # Unpaired, the interval of a difference of two shares of 500 would be some .12 wide.
    assert lead.high - lead.low < 0.06


def tuning(ranker=None, config=None, shares=(0.2, 0.3, 0.4)):
    search = SearchResult(
        "blend",
        (SearchTrial({"ease": 0.1}, 0.1), SearchTrial({"ease": 0.9}, 0.3), SearchTrial({"ease": 0.5}, 0.2)),
        {"ease": 1},
    )
    alone = {"ease": SearchResult("ease alone", (SearchTrial({"ease": 1.0, "decay": 0.9}, 0.25),), {})}
    return TuningResult(
        "shop", "abc", config or Config(), CUSTOMERS, False, BlendSearches(alone, search), verdict(*shares), ranker
    )


def reranker(enabled=True):
    settings = RankerSettings(leaves=7, enabled=enabled)
    gain = Interval(0.02, 0.01, 0.03) if enabled else Interval(0.0, -0.01, 0.01)
    return RankerSearchResult(
        SearchResult("re-ranker", (SearchTrial({"leaves": 7}, 0.4),), {}), settings, gain, gain, 0.3, 0.32
    )


def test_the_file_reads_back_as_what_was_chosen():
    began = Config.parse({"seed": 5, "rules": {"unknown_ingredients": "allow"}, "tuning": {"trials": 7}}, where="test")
    found = tuning(reranker(), began)
    read = Config.parse(yaml.safe_load(tuned_yaml(found)), where="test")
    assert read.model.families == MIXED
    assert read.model.ranker.leaves == 7
    assert (read.seed, read.rules) == (5, began.rules)
    assert read.tuning == Config().tuning
    assert tuned_config(found).model == read.model


def test_the_file_names_only_what_differs_and_what_chose_it():
    text = tuned_yaml(tuning(reranker(enabled=False)))
    assert yaml.safe_load(text) == {
        "model": {"families": {"content": 0.3, "decay": 1.0}, "ranker": {"enabled": False, "leaves": 7}}
    }
    families, ranker = text.split("  ranker:")[0].split("  families:")
    assert all(said in families for said in ("NDCG 0.4000", "500 customers", "seed 0", "commit abc", "+0.1000 (+0.0"))
    assert "+0.0000 (-0.0100 to +0.0100)" in ranker
    assert max(map(len, text.splitlines())) <= 120


def test_defaults_that_stand_leave_an_empty_configuration():
    text = tuned_yaml(tuning(shares=(0.4, 0.3, 0.3)))
    assert Config.parse(yaml.safe_load(text), where="test") == Config()


def test_the_report_says_that_a_single_family_stands_alone():
    said = tuning_page(tuning(shares=(0.2, 0.3, 0.3)))
    assert "Chosen: **ease**" in said
    assert "ease stands alone" in said


def test_the_report_shows_only_trials_that_were_better_than_all_before():
    history = tuning_page(tuning()).split("## Search: blend")[1].split("##")[0]
    assert "| 2 | 0.3000 | ease 0.9 |" in history
    assert "| 3 |" not in history
    assert "| ease | 100% |" in history
