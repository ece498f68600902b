"""A round of monitoring as a pipeline's artifacts: pages to look at, figures, and the decision."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from infrastructure.workspace import Workspace
from monitoring.rounds import Round

_NOTHING: Final = "<!doctype html><meta charset=utf-8><title>Drift</title><p>Too few purchases to compare.</p>\n"


def publish_round(
    found: Round, workspace: Workspace, page: Path, status: Path, drift: Path, decision: Path
) -> Iterator[tuple[str, float]]:
    """Copy a round's pages and its decision, and yield its figures by name.

    Args:
        found: The round.
        workspace: Of the shop.
        page: The status page.
        status: Takes the status page.
        drift: Takes the drift report.
        decision: Takes the decision's record, JSON.
    """
    shutil.copyfile(page, status)
    if found.findings.drift is None:
        # The report that lies in the workspace is an earlier round's.
        drift.write_text(_NOTHING, encoding="utf-8")
    else:
        shutil.copyfile(workspace.drift.with_suffix(".html"), drift)
    shutil.copyfile(found.record, decision)
    evidence = found.findings.evidence
    yield "retrain", float(found.decision.retrain)
    yield "new_rows", float(evidence.new_rows)
    yield "age_days", evidence.age_days
    if evidence.drift_share is not None:
        yield "drift_share", evidence.drift_share
    for name, moved in evidence.answers.items():
        yield f"{name}_drift_share", moved.share
    for name, value in found.findings.performance.kpis.items():
        yield name, value.value
