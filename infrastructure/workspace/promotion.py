"""A challenger becomes the champion: its files are copied, then the pointer is renamed to it."""

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from infrastructure.files import read_json_if_present, replace_folder, sha256
from infrastructure.progress import note
from infrastructure.workspace import ANCHOR, Workspace
from infrastructure.workspace.run_records import DECISION, MEASURED_FROM


@dataclass(frozen=True)
class PromotionCandidate:
    """Everything that a champion consists of.

    Attributes:
        version: Of the deployed bundle.
        bundle: Folder of the bundle fitted on everything.
        judged: Folder of the bundle fitted without the held-out transactions.
        bento: Folder of the Bento.
        reference: Folder of monitoring's reference.
        metrics: Headline metrics of ``judged``.
    """

    version: str
    bundle: Path
    judged: Path
    bento: Path
    reference: Path
    metrics: dict[str, float]


def promote(candidate: PromotionCandidate, workspace: Workspace, run_id: str, now: datetime | None = None) -> None:
    """Make the candidate the champion of the workspace.

    Until the pointer is renamed the old champion is untouched; afterwards the new one is complete. Models that are
    neither the champion nor its predecessor nor a challenger are removed, but for the judged one that small losses are
    measured from.
    """
    before = workspace.champion()
    anchor = _anchor(workspace, before, run_id)
    folders = {
        "bundle": (candidate.bundle, workspace.bundle(candidate.version)),
        "judged": (candidate.judged, workspace.judged(candidate.version)),
        "bento": (candidate.bento, workspace.bento(candidate.version)),
    }
    for origin, target in [*folders.values(), (candidate.reference, workspace.reference)]:
        copy_folder(origin, target)
    workspace.promote(
        {
            "version": candidate.version,
            **{name: str(target.relative_to(workspace.root)) for name, (_, target) in folders.items()},
            "metrics": candidate.metrics,
            "run_id": run_id,
            "promoted_at": (now or datetime.now(UTC)).isoformat(timespec="seconds"),
            **({ANCHOR: anchor} if anchor and anchor["version"] != candidate.version else {}),
        }
    )
    others = {record["version"] for record in (before, workspace.challenger()) if record}
    _remove_others(workspace, {candidate.version, *others}, workspace.root / anchor["judged"] if anchor else None)
    note("champion", version=candidate.version)


def copy_folder(origin: Path, target: Path) -> None:
    """Copy a folder so that ``target`` is the old one or the new one, never a part of it.

    A target with the same bytes is left alone: a champion that is trained again from the same data is not replaced
    while others read it.
    """
    if target.is_dir() and _contents(target) == _contents(origin):
        return
    with replace_folder(target) as partial:
        shutil.copytree(origin, partial, dirs_exist_ok=True)


def _contents(folder: Path) -> dict[str, str]:
    return {str(p.relative_to(folder)): sha256(p) for p in folder.rglob("*") if p.is_file()}


def _anchor(workspace: Workspace, before: dict[str, Any] | None, run_id: str) -> dict[str, str] | None:
    """Version and judged bundle that the gate measures later models from; None where that is the new champion."""
    decision = read_json_if_present(workspace.run(run_id) / DECISION) or {}
    known = [record for record in (before, (before or {}).get(ANCHOR)) if record]
    return next(
        (
            {"version": record["version"], "judged": record["judged"]}
            for record in known
            if record["version"] == decision.get(MEASURED_FROM)
        ),
        None,
    )


def _remove_others(workspace: Workspace, keep: set[str], anchor: Path | None) -> None:
    """Remove bundles and Bentos of versions that are not in use any more."""
    wanted = {path for v in keep for path in (workspace.bundle(v), workspace.judged(v), workspace.bento(v))}
    for parent in {path.parent for path in wanted}:
        for folder in parent.iterdir():
            if folder not in wanted and folder != anchor and not folder.name.startswith("."):
                shutil.rmtree(folder)
