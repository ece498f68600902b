"""A few weeks of a tiny shop, under every way to decide."""

import json

import pytest

from benchmarks.simulated_year.pipeline import SimulatedPipeline
from benchmarks.simulated_year.plan import SHIFTED, YearPlan
from benchmarks.simulated_year.run import OWN_CONFIG
from benchmarks.simulated_year.simulated_shop import SimulatedShop
from benchmarks.simulated_year.year import simulate_policy, weeks_done
from feedback.log_reader import read_events, read_impressions
from infrastructure.errors import RecommenderError
from infrastructure.workspace import Workspace
from recommender.contract import columns as c
from settings.config import Config

PLAN = YearPlan(weeks=3, customers=250, products=100, visits=20)


@pytest.fixture(scope="module")
def config():
    # Without a re-ranker: what is tested is who retrains when.
    own = Config.load(OWN_CONFIG)
    model = own.model.model_copy(update={"ranker": own.model.ranker.model_copy(update={"enabled": False})})
    return own.model_copy(update={"model": model})


@pytest.fixture(scope="module")
def years(config, tmp_path_factory):
    folder = tmp_path_factory.mktemp("years")
    return {
        policy: (simulate_policy(policy, PLAN, config, folder / policy), folder / policy)
        for policy in ("never", "weekly")
    }


def test_only_a_schedule_retrains_every_week(years):
    retrained = {policy: [week.retrained is not None for week in year.weeks] for policy, (year, _) in years.items()}
    assert retrained == {"never": [False] * 3, "weekly": [True] * 3}


def test_the_first_week_is_the_same_whoever_decides(years):
    first = {year.weeks[0].quality for year, _ in years.values()}
    assert len(first) == 1
    assert first.pop() > 0


def test_how_far_a_year_has_come_is_on_disk(years, tmp_path):
    assert {policy: weeks_done(folder) for policy, (_, folder) in years.items()} == {"never": 3, "weekly": 3}
    assert weeks_done(tmp_path) == 0


def test_a_year_is_the_same_each_time(years, config, tmp_path):
    assert simulate_policy("never", PLAN, config, tmp_path / "again") == years["never"][0]


def test_everything_shown_and_done_is_in_the_log(years):
    folder = years["weekly"][1]
    shown, done = (read(Workspace(folder).log) for read in (read_impressions, read_events))
    assert len(shown) == PLAN.weeks * PLAN.visits
    answered = done.dropna(subset=[c.REQUEST_ID])
    assert len(answered)
    assert answered[c.REQUEST_ID].isin(shown[c.REQUEST_ID]).all()


def test_the_trigger_looks_every_week_at_the_simulations_time(config, tmp_path):
    simulate_policy("trigger", PLAN, config, tmp_path / "trigger")
    records = [json.loads(path.read_text()) for path in sorted(Workspace(tmp_path / "trigger").triggers.glob("*.json"))]
    assert [record["time"] for record in records] == [PLAN.week(week).end.timestamp() for week in range(PLAN.weeks)]
    assert [record["evidence"]["age_days"] for record in records] == [7, 14, 21]


def test_a_first_training_that_fails_ends_the_simulation(config, tmp_path, monkeypatch):
    monkeypatch.setattr(SimulatedPipeline, "run", lambda *_: ("failed", {"error": "no data"}))
    with pytest.raises(RecommenderError, match="no data"):
        simulate_policy("never", PLAN, config, tmp_path / "none")


def test_a_broken_export_leads_to_no_champion(config, tmp_path):
    pipeline = SimulatedPipeline(SimulatedShop(YearPlan(customers=400, products=150)), Workspace(tmp_path), config)
    assert pipeline.run(-1)[0] == "promoted"
    outcome, details = pipeline.run(SHIFTED.first)
    assert outcome == "refused"
    assert any(reason.startswith("FAIL believable data") for reason in details["gate"])
    assert pipeline.bad_rows == 0
