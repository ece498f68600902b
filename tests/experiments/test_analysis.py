"""From a log to a verdict: the draw, the guardrails, the goal; and what the report shows."""

import json

import numpy as np
import pandas as pd
import pytest
from rich.console import Console

from experiments import log_analysis
from experiments.analysis import analyse_experiment, effects_over_time
from experiments.assignment import exposed_answers, observed_assignment, sample_ratio_p_value
from experiments.log_analysis import plan_experiment, report_experiment
from experiments.report import write_experiment_report
from infrastructure.errors import ConfigError, DataError
from infrastructure.workspace import Workspace
from recommender.contract.query import variant_of
from recommender.evaluation.kpis import kpis_from_join as measures
from settings.config import Config
from settings.experiment import ExperimentSettings

SETTINGS = ExperimentSettings(effect=0.5)
DAY = 86_400.0


def traffic(rates, customers=4000, violated=(0.0, 0.0), impersonal=(0.1, 0.1), slow=(0.0, 0.0)):
    """One answer to each customer, drawn as the experiment says; rates are those of champion and challenger."""
    rng = np.random.default_rng(0)
    names = [f"{number:016x}" for number in range(customers)]
    variants = [variant_of(name, SETTINGS.name, SETTINGS.share) for name in names]
    has = np.array([variant == "challenger" for variant in variants]).astype(int)
    columns = {part: 0.0 for kpi in measures() for part in kpi.parts}
    rows = pd.DataFrame(
        {"customer": names, "variant": variants, "time": np.linspace(0, 10 * DAY, customers), **columns}
    )
    drawn = {
        "bought": rng.random(customers) < np.array(rates)[has],
        "violated": rng.random(customers) < np.array(violated)[has],
        "impersonal": rng.random(customers) < np.array(impersonal)[has],
        "slow": rng.random(customers) < np.array(slow)[has],
    }
    return rows.assign(answers=1.0, timed=1.0, **{name: values.astype(float) for name, values in drawn.items()})


def verdict(rows, **changes):
    return analyse_experiment(rows, SETTINGS.model_copy(update=changes), {}).verdict


def test_a_better_challenger_is_deployed_and_a_worse_one_is_not():
    assert verdict(traffic((0.1, 0.2))) == "challenger"
    assert verdict(traffic((0.2, 0.1))) == "champion"
    assert verdict(traffic((0.1, 0.1))) == "open"


def test_a_guardrail_stops_what_the_goal_would_deploy():
    violating = analyse_experiment(traffic((0.1, 0.2), violated=(0.0, 0.001)), SETTINGS, {})
    assert violating.verdict == "stopped"
    assert "violations" in violating.why
    assert verdict(traffic((0.1, 0.2), impersonal=(0.1, 0.3))) == "stopped"
    assert verdict(traffic((0.1, 0.2), violated=(0.01, 0.0))) == "challenger"


def test_a_challenger_that_answers_late_is_stopped_even_if_the_champion_never_does():
    late = analyse_experiment(traffic((0.1, 0.2), slow=(0.0, 0.05)), SETTINGS, {})
    assert late.verdict == "stopped"
    assert "slow answers" in late.why
    assert late.comparisons["latency"].effect is None
    assert verdict(traffic((0.1, 0.2), slow=(0.0, 1.0))) == "stopped"
    assert verdict(traffic((0.1, 0.2), slow=(0.02, 0.02))) == "challenger"


def test_a_challenger_that_always_falls_back_is_stopped_even_if_the_champion_never_does():
    assert verdict(traffic((0.1, 0.2), impersonal=(0.0, 1.0))) == "stopped"


def test_answers_that_were_not_timed_tell_nothing_of_latency():
    rows = traffic((0.1, 0.2), slow=(0.0, 0.05))
    found = analyse_experiment(rows.assign(timed=0.0, slow=0.0), SETTINGS, {})
    assert found.verdict == "challenger"
    assert found.comparisons["latency"].excess is None
    timed = rows.assign(timed=(rows.index % 2).astype(float))
    half = analyse_experiment(timed.assign(slow=timed["slow"] * timed["timed"]), SETTINGS, {}).comparisons["latency"]
    assert half.challenger == pytest.approx(0.05, abs=0.02)


def test_a_guardrail_is_open_until_it_can_be_told():
    few = traffic((0.1, 0.1), customers=100, slow=(0.0, 0.05))
    assert analyse_experiment(few, SETTINGS, {}).comparisons["latency"].state == "open"
    assert analyse_experiment(few.head(20), SETTINGS, {}).comparisons["latency"].state in ("open", "holds")
    assert analyse_experiment(traffic((0.1, 0.1)), SETTINGS, {}).comparisons["latency"].state == "holds"


def test_a_broken_draw_stops_everything():
    rows = traffic((0.1, 0.2))
    lost = rows[(rows["variant"] == "champion") | (rows.index % 4 != 0)]
    found = analyse_experiment(lost, SETTINGS, {})
    assert found.verdict == "stopped"
    assert found.assignment.p_value < SETTINGS.sample_ratio_alarm
    assert "draw" in found.why
    assert verdict(rows, name="another salt") == "stopped"


def test_customers_with_both_variants_are_left_out_and_told():
    rows = traffic((0.1, 0.2))
    again = rows.iloc[:7].assign(
        variant=lambda frame: frame["variant"].map({"champion": "challenger"}).fillna("champion")
    )
    draw = observed_assignment(exposed_answers(pd.concat([rows, again]), SETTINGS), SETTINGS)
    assert (draw.both, draw.elsewhere) == (7, 7)
    assert draw.champion + draw.challenger == len(rows) - 7


def test_only_answers_of_the_experiment_count():
    rows = traffic((0.1, 0.1), customers=100)
    other = rows.iloc[:3].assign(variant=["shadow", "champion", "champion"], customer=["x", "", ""])
    assert len(exposed_answers(pd.concat([rows, other]), SETTINGS)) == 100
    start = pd.Timestamp(5 * DAY, unit="s", tz="UTC").to_pydatetime()
    assert len(exposed_answers(rows, SETTINGS.model_copy(update={"start": start}))) == 50


def test_an_uneven_draw_is_an_alarm_and_an_even_one_is_seldom_one_however_often_one_looks():
    assert sample_ratio_p_value(5000, 5000, 0.5) == 1
    assert sample_ratio_p_value(5000, 4500, 0.5) < 0.001
    assert sample_ratio_p_value(9000, 1000, 0.1) == 1
    rng = np.random.default_rng(0)
    drawn = np.cumsum(rng.random((1000, 400)) < 0.5, axis=1)
    low = [min(sample_ratio_p_value(n - int(x), int(x), 0.5) for n, x in enumerate(row, 1)) for row in drawn[:, ::1]]
    assert np.mean(np.array(low) < 0.05) <= 0.05


def test_nobody_on_the_other_side_is_no_experiment():
    rows = traffic((0.1, 0.1), customers=500).assign(variant="champion")
    assert verdict(rows, share=0.0) == "open"
    assert verdict(rows) == "stopped"


def test_a_goal_that_the_join_does_not_tell_is_refused():
    with pytest.raises(ConfigError, match="cannot aim"):
        verdict(traffic((0.1, 0.1), customers=50), goal="uplift")


def test_the_report_shows_verdict_measures_and_the_lift_by_day(tmp_path):
    rows = traffic((0.1, 0.2))
    found = analyse_experiment(rows, SETTINGS, {})
    write_experiment_report(found, effects_over_time(rows, SETTINGS, {}, 5), SETTINGS, tmp_path)
    told = json.loads((tmp_path / "experiment.json").read_text())
    assert told["verdict"] == "challenger"
    assert told["measures"]["conversion"]["effect"]["lift"]["low"] > 0
    assert told["measures"]["violations"]["guardrail"] == "holds"
    assert told["measures"]["latency"]["guardrail"] == "holds"
    assert told["measures"]["latency"]["excess"]["high"] <= 0
    page = (tmp_path / "experiment.html").read_text()
    assert "deploy the challenger" in page
    assert "Lift in conversion" in page


def test_the_goal_over_time_is_what_an_analysis_would_have_said_then():
    rows = traffic((0.1, 0.2))
    history = {name: number % 7 for number, name in enumerate(rows["customer"])}
    looked = effects_over_time(rows, SETTINGS, history, 4)
    assert [round(time / DAY, 3) for time, _ in looked] == [2.5, 5, 7.5, 10]
    for time, effect in looked:
        assert (
            effect == analyse_experiment(rows[rows["time"] <= time], SETTINGS, history).comparisons["conversion"].effect
        )
    assert effects_over_time(rows.head(0), SETTINGS, {}, 4) == []
    assert effects_over_time(rows.head(20), SETTINGS, {}, 4) == []


def test_a_plan_for_a_goal_that_the_join_does_not_tell_is_refused(tmp_path):
    config = Config.parse({"experiment": {"goal": "uplift"}}, where="test")
    with pytest.raises(ConfigError, match="cannot aim"):
        plan_experiment(Workspace(tmp_path), config, Console(), rate=0.1)


def test_without_a_challenger_it_says_that_no_experiment_runs_and_how_to_start_one(tmp_path, monkeypatch):
    monkeypatch.setattr(log_analysis.Tables, "read", lambda _: None)
    answers = traffic((0.1, 0.1)).assign(variant="champion")
    monkeypatch.setattr(log_analysis, "_joined", lambda *_: answers)
    workspace, console = Workspace(tmp_path), Console(record=True, width=300)
    workspace.bundle("other").mkdir(parents=True)
    workspace.promote({"version": "now"})
    report_experiment(workspace, Config(), console)
    said = console.export_text()
    assert "No experiment runs: there is no challenger" in said
    assert '{"version": "other", "bundle": "bundles/other"}' in said
    assert str(workspace.challenger_file) in said
    assert not (workspace.reports / "experiment.html").exists()


def test_an_experiment_that_has_ended_is_still_reported(tmp_path, monkeypatch):
    monkeypatch.setattr(log_analysis.Tables, "read", lambda _: None)
    monkeypatch.setattr(log_analysis, "_joined", lambda *_: traffic((0.1, 0.2)))
    workspace, console = Workspace(tmp_path / "my shop"), Console(record=True, width=300)
    report_experiment(workspace, Config(), console)
    assert "No experiment runs" not in console.export_text()
    assert "data set “my shop”, made 20" in (workspace.reports / "experiment.html").read_text()


def test_a_log_without_the_goal_names_the_options_to_plan_with(tmp_path, monkeypatch):
    monkeypatch.setattr(log_analysis.Tables, "read", lambda _: None)
    answers = traffic((0.0, 0.0))
    monkeypatch.setattr(log_analysis, "_joined", lambda *_: answers.assign(owner=answers["customer"]))
    with pytest.raises(DataError, match=r"--rate .*--answers"):
        plan_experiment(Workspace(tmp_path), Config(), Console(), rate=None)
