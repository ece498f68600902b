"""The pointer that gives a new model to a share of the customers for a while."""

from typing import Any, Final

from infrastructure.errors import DataError
from infrastructure.files import write_json
from infrastructure.workspace import Workspace
from settings.experiment import ExperimentSettings

PREFIX: Final = "canary-"


def draw_of(version: str) -> str:
    """The name that draws a canary's customers: the model's, so that each model is first given to other ones."""
    return f"{PREFIX}{version}"


def point(workspace: Workspace, version: str, experiment: ExperimentSettings) -> None:
    """Let serving processes give this version to the customers whom ``experiment`` draws.

    Raises:
        DataError: A challenger is tried already, which is no canary: it is not taken away.
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
    said = experiment.model_dump(mode="json")
    write_json(workspace.challenger_file, {"version": version, "bundle": str(bundle), "experiment": said})


def withdraw(workspace: Workspace) -> None:
    """Take a canary back, whoever left it; another challenger stays."""
    if _is_canary(workspace.challenger()):
        workspace.challenger_file.unlink(missing_ok=True)


def _is_canary(record: dict[str, Any] | None) -> bool:
    return record is not None and str(record.get("experiment", {}).get("name")).startswith(PREFIX)
