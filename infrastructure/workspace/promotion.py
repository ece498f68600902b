"""A challenger becomes the champion: its files are copied, then the pointer is renamed to it."""

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from infrastructure.files import replace_folder, sha256
from infrastructure.progress import note
from infrastructure.workspace import Workspace


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
    neither the champion nor its predecessor nor a challenger are removed.
    """
    before = workspace.champion()
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
        }
    )
    others = {record["version"] for record in (before, workspace.challenger()) if record}
    _remove_others(workspace, {candidate.version, *others})
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


def _remove_others(workspace: Workspace, keep: set[str]) -> None:
    """Remove bundles and Bentos of versions that are not in use any more."""
    wanted = {path for v in keep for path in (workspace.bundle(v), workspace.judged(v), workspace.bento(v))}
    for parent in {path.parent for path in wanted}:
        for folder in parent.iterdir():
            if folder not in wanted and not folder.name.startswith("."):
                shutil.rmtree(folder)
