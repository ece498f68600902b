"""The pointer that gives a new model to a share of the customers for a while."""

from typing import Any, Final

from infrastructure.errors import DataError
from infrastructure.files import write_json
from infrastructure.workspace import Workspace
from settings.experiment import ExperimentSettings

PREFIX: Final = "canary-"


def canary_name(version: str) -> str:
    """The experiment's name, by which customers are drawn: another one, and so other customers, for each model."""
    return f"{PREFIX}{version}"


def set_canary(workspace: Workspace, version: str, experiment: ExperimentSettings) -> None:
    """Make serving processes give this version to the customers whom ``experiment`` draws.

    Raises:
        DataError: A challenger that is no canary is being tried already; it stays.
    """
    present = workspace.challenger()
    if present is not None and not _is_canary(present):
        raise DataError(
            "A challenger is being tried already.",
            where=str(workspace.challenger_file),
            value=present.get("version"),
            expected="no challenger, or no canary_shares",
        )
    bundle = workspace.bundle(version).relative_to(workspace.root)
    record = {"version": version, "bundle": str(bundle), "experiment": experiment.model_dump(mode="json")}
    write_json(workspace.challenger_file, record)


def withdraw_canary(workspace: Workspace) -> None:
    """End a canary, whoever started it; another challenger stays."""
    if _is_canary(workspace.challenger()):
        workspace.challenger_file.unlink(missing_ok=True)


def _is_canary(record: dict[str, Any] | None) -> bool:
    return record is not None and str(record.get("experiment", {}).get("name")).startswith(PREFIX)
