"""The log of the trigger's decisions on disk, and the lock that admits one retraining at a time."""

from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, Literal

from infrastructure.file_lock import AlreadyRunningError, exclusive_lock
from infrastructure.files import read_json, write_json
from monitoring.trigger import Evidence, PastRetraining, RetrainDecision

RetrainOutcome = Literal["promoted", "refused", "failed"]

_LOCK: Final = "lock"


@dataclass(frozen=True)
class DecisionLog:
    """A folder with one JSON file a decision: when, from which evidence, why, and the outcome."""

    folder: Path

    def record(self, decision: RetrainDecision, evidence: Evidence, now: float) -> Path:
        """Write a decision before anything is started."""
        path = self.folder / f"{int(now * 1000):014d}-{decision.evidence}.json"
        write_json(path, {"time": now, "decision": asdict(decision), "evidence": asdict(evidence)})
        return path

    def record_outcome(self, record: Path, outcome: RetrainOutcome, details: dict[str, Any]) -> None:
        """Add the outcome of the retraining that ``record`` started."""
        write_json(record, {**read_json(record), "outcome": outcome, **details})

    def records(self) -> list[dict[str, Any]]:
        """Every decision, oldest first."""
        return [read_json(path) for path in sorted(self.folder.glob("*.json"))]

    def retrainings(self) -> list[PastRetraining]:
        """The retrainings that were started, oldest first; one without an outcome was interrupted, so it failed."""
        return [
            PastRetraining(
                record["time"],
                record["evidence"]["champion"],
                record["evidence"]["last_row"],
                failed=record.get("outcome", "failed") == "failed",
            )
            for record in self.records()
            if record["decision"]["retrain"]
        ]

    @contextmanager
    def exclusive(self) -> Generator[bool]:
        """Yield whether this process may decide and retrain now: only one process may at a time.

        The lock ends with the process that holds it, so an interrupted one leaves none behind.
        """
        with ExitStack() as stack:
            try:
                stack.enter_context(exclusive_lock(self.folder / _LOCK, patience=0))
                is_exclusive = True
            except AlreadyRunningError:
                is_exclusive = False
            yield is_exclusive
