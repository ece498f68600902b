"""What is recorded of a run of the training pipeline: how it ended, and with which result."""

import secrets
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Literal, Self

from infrastructure.files import read_json, write_json
from infrastructure.workspace import Workspace

OUTCOME: Final = "outcome.json"
DECISION: Final = "decision.json"
MEASURED_FROM: Final = "measured_from"
"""Of a decision: version of the champion that later ones are compared with besides, so that small losses do not add
up; none where it is the decided one itself."""
ROWS: Final = "rows.json"
FIGURES: Final = "figures.json"

State = Literal["succeeded", "failed", "interrupted"]


def new_run_id() -> str:
    """A name for a run: the time of its start, and random digits."""
    return f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"


@dataclass(frozen=True)
class RunOutcome:
    """How a run ended.

    Attributes:
        run_id: Names the run's folder.
        state: "succeeded" (also when the gate refused), "failed" or "interrupted".
        promoted: Whether this run's model became the champion.
        reasons: Why the gate decided as it did; empty where the run ended before the gate.
        champion: Version of the champion after the run, or None.
        error: What went wrong, where that is known.
        finished_at: UTC, ISO 8601.
    """

    run_id: str
    state: State
    promoted: bool
    reasons: list[str]
    champion: str | None
    error: str | None
    finished_at: str

    @classmethod
    def read(cls, run: Path) -> Self | None:
        """The outcome in a run's folder, or None while the run has none."""
        file = run / OUTCOME
        return cls(**read_json(file)) if file.is_file() else None


def record_outcome(workspace: Workspace, run_id: str, state: State, error: str | None = None) -> RunOutcome:
    """Write how a run ended into its folder.

    A run that reports success but did not deploy a model that the gate let through has failed: a runner may skip a
    conditional group without an error.
    """
    run = workspace.run(run_id)
    champion = workspace.champion() or {"version": None, "run_id": None}
    promoted = champion["run_id"] == run_id
    undecided: dict[str, Any] = {"promote": False, "reasons": []}
    decision = read_json(run / DECISION) if (run / DECISION).is_file() else undecided
    if state == "succeeded" and decision["promote"] and not promoted:
        state, error = "failed", "The gate let the challenger through, but it was not deployed."
    outcome = RunOutcome(
        run_id=run_id,
        state=state,
        promoted=promoted,
        reasons=decision["reasons"],
        champion=champion["version"],
        error=error,
        finished_at=datetime.now(UTC).isoformat(timespec="seconds"),
    )
    write_json(run / OUTCOME, asdict(outcome))
    return outcome


def record_interrupted(workspace: Workspace) -> list[str]:
    """Record an outcome for every run that left none (killed, power cut); call this only while no run is going on."""
    silent = [run.name for run in sorted(workspace.runs.glob("*")) if run.is_dir() and RunOutcome.read(run) is None]
    for run_id in silent:
        record_outcome(workspace, run_id, "interrupted")
    return silent
