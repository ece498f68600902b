"""Record: how the run ended, good or bad, stands in its folder."""

from kfp import dsl

from components.running.component import component


@component()
def record_run(workspace: str, run_id: str, status: dsl.PipelineTaskFinalStatus) -> None:
    """Write the run's outcome; runs at the end whatever happened before.

    Args:
        workspace: Folder that outlives the run.
        run_id: Names the run's folder.
        status: How the steps before ended.
    """
    from components.running.step import step

    with step("record"):
        from pathlib import Path

        from infrastructure.workspace import Workspace
        from infrastructure.workspace.run_records import record_outcome

        # kfp.local says SUCCEEDED, a cluster COMPLETE.
        state = "succeeded" if status.state in ("SUCCEEDED", "COMPLETE") else "failed"
        record_outcome(Workspace(Path(workspace)), run_id, state, status.error_message or None)
