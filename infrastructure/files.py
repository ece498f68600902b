"""Files and folders that appear whole or not at all."""

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


@contextmanager
def whole_folder(target: Path) -> Generator[Path]:
    """Yield an empty folder that takes ``target``'s place when the block ends without an error.

    A reader sees the old folder or the new one, or for the moment between two renames none, but never a part:
    the new one is written and synced beside it first. An interrupted writer leaves only a hidden folder, which
    the next one removes, or puts back if it is the old one. One writer at a time.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    if not target.exists() and _aside(target).exists():
        _aside(target).rename(target)
    prefix = f".{target.name}.partial-"
    for left in target.parent.glob(f"{prefix}*"):
        shutil.rmtree(left, ignore_errors=True)
    partial = Path(tempfile.mkdtemp(prefix=prefix, dir=target.parent))
    try:
        yield partial
        _sync_tree(partial)
        _swap_in(partial, target)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise


def write_whole(target: Path, content: bytes) -> None:
    """Write ``content`` to ``target`` so that a reader, or a crash, sees all of it or the old content."""
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
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


def write_json(target: Path, value: Any) -> None:
    """Write ``value`` as sorted, indented JSON, whole or not at all."""
    text = json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False)
    write_whole(target, f"{text}\n".encode())


def read_json(path: Path) -> Any:
    """The JSON value in ``path``."""
    return json.loads(path.read_text(encoding="utf-8"))


def json_if_any(path: Path) -> Any:
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
    """Rename ``partial`` to ``target``; an old ``target`` steps aside first and is then deleted."""
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
    """Where an old ``target`` stands while the new one takes its place."""
    return target.with_name(f".{target.name}.partial-old")
