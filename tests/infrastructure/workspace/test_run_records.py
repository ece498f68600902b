import pytest

from infrastructure.files import write_json
from infrastructure.workspace import Workspace
from infrastructure.workspace.run_records import DECISION, RunOutcome, record_interrupted, record_outcome


@pytest.fixture
def workspace(tmp_path):
    return Workspace(tmp_path)


def test_an_outcome_says_whose_model_is_champion(workspace):
    workspace.promote({"version": "v1", "run_id": "run-1"})
    write_json(workspace.run("run-1") / DECISION, {"reasons": ["better"], "promote": True})
    outcome = record_outcome(workspace, "run-1", "succeeded")
    assert (outcome.promoted, outcome.champion, outcome.reasons) == (True, "v1", ["better"])
    assert not record_outcome(workspace, "run-2", "failed", "no rows").promoted
    assert RunOutcome.read(workspace.run("run-2")).error == "no rows"


def test_a_run_that_was_killed_gets_its_outcome_later(workspace):
    workspace.run("run-1").mkdir(parents=True)
    record_outcome(workspace, "run-2", "failed")
    assert record_interrupted(workspace) == ["run-1"]
    assert RunOutcome.read(workspace.run("run-1")).state == "interrupted"
    assert RunOutcome.read(workspace.run("run-2")).state == "failed"
    assert record_interrupted(workspace) == []


def test_a_promotion_that_silently_did_not_happen_is_a_failure(workspace):
    write_json(workspace.run("run-1") / DECISION, {"reasons": ["better"], "promote": True})
    outcome = record_outcome(workspace, "run-1", "succeeded")
    assert (outcome.state, outcome.promoted) == ("failed", False)
