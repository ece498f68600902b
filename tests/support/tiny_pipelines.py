"""A pipeline of two steps and an exit handler, to try the runner's machinery on without any training."""

import sys
from pathlib import Path

from kfp import compiler, dsl

from components.running.component import component, pipeline


@component()
def first(mode: str, folder: str, rows: dsl.Output[dsl.Dataset]) -> bool:
    import os
    import signal
    import time
    from pathlib import Path

    from components.running.step import step
    from infrastructure.errors import DataError
    from infrastructure.progress import note

    with step("first"):
        Path(rows.path).write_text("1")
        note("read", rows=1)
        if mode == "mistake":
            raise DataError("Column missing.", where="a.csv", field="price")
        if mode == "bug":
            raise ValueError("unexpected")
        if mode == "killed":
            os.kill(os.getpid(), signal.SIGKILL)
        if mode == "hang":
            Path(folder, "hanging").touch()
            time.sleep(60)
        return mode != "refuse"


@component()
def second(rows: dsl.Input[dsl.Dataset], folder: str) -> None:
    from pathlib import Path

    from components.running.step import step

    with step("second"):
        Path(folder, "deployed").write_text(Path(rows.path).read_text())


@component()
def last(workspace: str, run_id: str, status: dsl.PipelineTaskFinalStatus) -> None:
    from pathlib import Path

    from components.running.step import step
    from infrastructure.workspace import Workspace
    from infrastructure.workspace.run_records import record_outcome

    with step("record"):
        record_outcome(Workspace(Path(workspace)), run_id, "succeeded" if status.state == "SUCCEEDED" else "failed")


@pipeline("tiny", "Two steps.")
def tiny(source: str, config: str, workspace: str, run_id: str, data_version: str = "") -> None:  # noqa: ARG001
    with dsl.ExitHandler(last(workspace=workspace, run_id=run_id), name="run"):
        one = first(mode=source, folder=workspace)
        with dsl.If(one.outputs["Output"] == True, name="promote"):  # noqa: E712
            second(rows=one.outputs["rows"], folder=workspace)


def compile_tiny(folder: Path) -> Path:
    file = folder / "tiny.yaml"
    compiler.Compiler().compile(tiny, str(file))
    return file


if __name__ == "__main__":
    compile_tiny(Path(sys.argv[1]))
