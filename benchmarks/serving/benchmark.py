"""Our service beside the same engine in other servers, under the same load."""

import tempfile
from pathlib import Path
from typing import Any, Final

from benchmarks.serving.report import figures, rounded, summary
from benchmarks.serving.run import BenchmarkSubject, run_benchmark
from infrastructure.documents import publish
from infrastructure.files import write_json
from settings.config import configuration, workspace_of

PAGE: Final = "figures-of-serving"
COMMAND: Final = "make benchmark-serving"


def benchmark(source: Path, config: Path | None, rounds: int, seconds: float, folder: Path | None) -> None:
    """Measure with the engine and with one that answers at once, and publish the figures in ``folder``.

    Args:
        source: YAML file of the data set.
        config: YAML file of the parameters, in place of the one that the source names.
        rounds: How often each server is measured.
        seconds: Of load at each number of connections.
        folder: Of pages of figures.

    Raises:
        BundleError: The data set has no champion.
        LoadError: A server cannot be measured.
    """
    workspace = workspace_of(source)
    subject = BenchmarkSubject.from_workspace(workspace, configuration(source, config).serving)
    with tempfile.TemporaryDirectory() as scratch:
        found: dict[str, Any] = {"source": source.as_posix(), **run_benchmark(subject, Path(scratch), rounds, seconds)}
    write_json(workspace.benchmarks / "serving.json", found)
    medians = {**found, "engine": summary(found["engine"]), "instant": summary(found["instant"])}
    publish(figures(medians), PAGE, folder, COMMAND, rounded(medians))
