"""What the trigger decided before, on disk, and the lock that keeps it to one retraining at a time."""

from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, Literal

from infrastructure.file_lock import AlreadyRunningError, exclusive_lock
from infrastructure.files import read_json, write_json
from monitoring.trigger import Decision, Evidence, Firing

Outcome = Literal["promoted", "refused", "failed"]

_LOCK: Final = "lock"


@dataclass(frozen=True)
class TriggerBook:
    """One JSON file a decision in a folder: when, from which evidence, why, and what came of it."""

    folder: Path

    def record(self, decision: Decision, evidence: Evidence, now: float) -> Path:
        """Write a decision down before anything is started."""
        path = self.folder / f"{int(now * 1000):014d}-{decision.evidence}.json"
        write_json(path, {"time": now, "decision": asdict(decision), "evidence": asdict(evidence)})
        return path

    def conclude(self, record: Path, outcome: Outcome, details: dict[str, Any]) -> None:
        """Add what came of the retraining that ``record`` started."""
        write_json(record, {**read_json(record), "outcome": outcome, **details})

    def records(self) -> list[dict[str, Any]]:
        """Every decision, oldest first."""
        return [read_json(path) for path in sorted(self.folder.glob("*.json"))]

    def fired(self) -> list[Firing]:
        """The decisions that started a retraining, oldest first; one without an outcome was interrupted, and failed."""
        return [
            Firing(
                record["time"],
                record["evidence"]["champion"],
                record["evidence"]["last_row"],
                failed=record.get("outcome", "failed") == "failed",
            )
            for record in self.records()
            if record["decision"]["retrain"]
        ]

    @contextmanager
    def alone(self) -> Generator[bool]:
        """Yield whether this process may decide and retrain now; another one that may keeps everybody else out.

        The lock goes with the process that holds it, so an interrupted one leaves none behind.
        """
        with ExitStack() as held:
            yield _taken(self.folder / _LOCK, held)


def _taken(lock: Path, held: ExitStack) -> bool:
    try:
        held.enter_context(exclusive_lock(lock, patience=0))
    except AlreadyRunningError:
        return False
    return True
