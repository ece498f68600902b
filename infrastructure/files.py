"""Files and folders that are written atomically: a reader sees all of the new content or all of the old."""

import glob
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

_PARTIAL: Final = ".partial-"


@contextmanager
def replace_folder(target: Path) -> Generator[Path]:
    """Yield an empty folder that takes ``target``'s place when the block ends without an error.

    A reader sees the old folder or the new one, or for the moment between two renames none, but never a part: the new
    one is written and synced beside it first. An interrupted writer leaves only a hidden folder, which the next writer
    removes, or puts back if it is the old one. There must be only one writer at a time.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    if not target.exists() and _aside(target).exists():
        _aside(target).rename(target)
    for left in target.parent.glob(f"{glob.escape(_unfinished(target))}*"):
        shutil.rmtree(left, ignore_errors=True)
    partial = Path(tempfile.mkdtemp(prefix=_unfinished(target), dir=target.parent))
    try:
        yield partial
        _sync_tree(partial)
        _swap_in(partial, target)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise


def write_atomically(target: Path, content: bytes) -> None:
    """Write ``content`` to ``target``: after a crash, too, the file holds all of it or all of the old content."""
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=_unfinished(target), dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            os.fchmod(handle, 0o644)  # a temporary file is its owner's alone; a pod that serves it is another user
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def remove_unfinished_file(target: Path) -> None:
    """Remove what killed writers of the file ``target`` left beside it; only while nobody writes it."""
    for left in target.parent.glob(f"{glob.escape(_unfinished(target))}*"):
        if left.is_file():
            left.unlink()


def remove_unfinished_folders(root: Path) -> None:
    """End what killed writers of folders left under ``root``: an old folder goes back where no new one took its place.

    Only while nobody writes a folder there.
    """
    for left in sorted(path for path in root.rglob(f".*{_PARTIAL}*") if path.is_dir()):
        target = left.with_name(left.name[1:].rpartition(_PARTIAL)[0])
        if left == _aside(target) and not target.exists():
            left.rename(target)
        else:
            shutil.rmtree(left, ignore_errors=True)


def write_json(target: Path, value: Any) -> None:
    """Write ``value`` atomically as sorted, indented JSON."""
    text = json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False)
    write_atomically(target, f"{text}\n".encode())


def read_json(path: Path) -> Any:
    """The JSON value in ``path``."""
    return json.loads(path.read_text(encoding="utf-8"))


def read_json_if_present(path: Path) -> Any:
    """The JSON value in ``path``, or None where there is no such file."""
    return read_json(path) if path.is_file() else None


def sha256(path: Path) -> str:
    """SHA-256 of a file's content, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync_tree(folder: Path) -> None:
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                os.fsync(file.fileno())


def _swap_in(partial: Path, target: Path) -> None:
    """Rename ``partial`` to ``target``; an old ``target`` is moved aside first, then deleted."""
    partial.chmod(0o755)
    if not target.exists():
        partial.rename(target)
        return
    old = _aside(target)
    shutil.rmtree(old, ignore_errors=True)
    target.rename(old)
    partial.rename(target)
    shutil.rmtree(old, ignore_errors=True)


def _aside(target: Path) -> Path:
    """Where an old ``target`` is while the new one takes its place."""
    return target.with_name(f"{_unfinished(target)}old")


def _unfinished(target: Path) -> str:
    """How the names begin of what is written beside ``target`` before it takes its place."""
    return f".{target.name}{_PARTIAL}"
