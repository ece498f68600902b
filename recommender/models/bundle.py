"""A model as a folder of plain files with a manifest; nothing in it can run code when it is read."""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from infrastructure.errors import BundleError, ConfigError, OutdatedBundleError
from infrastructure.files import read_json, replace_folder, sha256, write_json
from infrastructure.settings import Settings, checked

S = TypeVar("S", bound=Settings)

SCHEMA_VERSION: Final = 5
"""Raised whenever a file's content changes its meaning; a bundle of another one is refused, unless it is readable."""

READABLE: Final = (4, SCHEMA_VERSION)
"""Versions that can be read: 4 has the families of products under another name."""

MANIFEST: Final = "manifest.json"


@dataclass(frozen=True)
class ArrayParts:
    """A fitted part as a bundle keeps it: its arrays, one a field, apart from all else."""

    def arrays(self) -> dict[str, NDArray[Any]]:
        """The fields that are arrays, by name."""
        values = ((field.name, getattr(self, field.name)) for field in fields(self))
        return {name: value for name, value in values if isinstance(value, np.ndarray)}

    @classmethod
    def from_parts(cls, arrays: Mapping[str, NDArray[Any]], **others: Any) -> Self:
        """The part with these :meth:`arrays` and its ``others`` fields."""
        return cls(**dict[str, Any](arrays), **others)


class BundleWriter:
    """Puts named parts into a folder that becomes a bundle."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def arrays(self, name: str, arrays: Mapping[str, NDArray[Any]]) -> None:
        """Keep arrays, one .npy file each: what is not compressed can be mapped into memory."""
        (self.folder / name).mkdir()
        for key, array in arrays.items():
            np.save(self.folder / name / f"{key}.npy", array, allow_pickle=False)

    def json(self, name: str, value: Any) -> None:
        """Keep a JSON value."""
        write_json(self.folder / f"{name}.json", value)

    def path(self, name: str) -> Path:
        """Where to write a file of another kind."""
        return self.folder / name


@contextmanager
def new_bundle(target: Path, description: Mapping[str, Any]) -> Generator[BundleWriter]:
    """Write a bundle that appears at ``target`` whole, in place of an old one, or not at all.

    ``description`` is what else the manifest says (data version, parameters, seed): JSON values, and no time of day,
    so that the same data gives the same bytes.
    """
    with replace_folder(target) as folder:
        yield BundleWriter(folder)
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        checksums = {path.relative_to(folder).as_posix(): sha256(path) for path in files}
        write_json(folder / MANIFEST, {"schema_version": SCHEMA_VERSION, **description, "files": checksums})


@dataclass(frozen=True)
class Bundle:
    """A bundle that was checked and can be read.

    Attributes:
        folder: Where it is.
        manifest: What :func:`new_bundle` wrote.
        version: 16 hex digits that follow from the content alone.
    """

    folder: Path
    manifest: dict[str, Any]
    version: str

    @classmethod
    def open(cls, folder: Path) -> "Bundle":
        """Check every file against the manifest.

        Raises:
            BundleError: The manifest or a file is missing, a file is altered or was added, or the schema
                version is another one.
        """
        manifest = _manifest(folder)
        _check_files(folder, manifest["files"])
        return cls(folder, manifest, sha256(folder / MANIFEST)[:16])

    def arrays(self, name: str) -> dict[str, NDArray[Any]]:
        """The arrays kept under ``name``, mapped into memory read-only: worker processes share them."""
        # As plain arrays: numpy's memmap class makes every indexing several times slower.
        return {
            path.stem: np.load(path, mmap_mode="r", allow_pickle=False).view(np.ndarray)
            for path in sorted((self.folder / name).glob("*.npy"))
        }

    def json(self, name: str) -> Any:
        """The JSON value kept under ``name``."""
        return read_json(self.folder / f"{name}.json")

    def settings(self, name: str, kind: type[S]) -> S:
        """The settings kept under ``name``.

        Raises:
            BundleError: They are those of another version of the platform.
        """
        try:
            return checked(kind, self.json(name), where=self.folder.name)
        except ConfigError as error:
            raise BundleError(
                f"The bundle was made with other settings: {error.problem}",
                where=error.where,
                field=error.field,
                value=error.value,
                expected=error.expected,
            ) from None

    def path(self, name: str) -> Path | None:
        """A file of another kind, or None where the bundle has none of that name."""
        path = self.folder / name
        return path if path.is_file() else None


def _manifest(folder: Path) -> dict[str, Any]:
    path = folder / MANIFEST
    if not path.is_file():
        raise BundleError("This is no model bundle.", where=folder.name, expected=f"a folder with {MANIFEST}")
    try:
        manifest = read_json(path)
        version, files = manifest["schema_version"], manifest["files"]
    except (ValueError, KeyError, TypeError) as error:
        raise BundleError(f"The manifest cannot be read: {error!r}.", where=folder.name) from None
    if version not in READABLE:
        raise OutdatedBundleError(
            "The bundle has another schema version.",
            where=folder.name,
            field="schema_version",
            value=version,
            expected=f"{SCHEMA_VERSION}: fit the model again with this version of the platform",
        )
    if not isinstance(files, dict):
        raise BundleError("The manifest cannot be read: its files are no object.", where=folder.name, field="files")
    return manifest


def _check_files(folder: Path, checksums: Mapping[str, str]) -> None:
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} - {MANIFEST}
    for name in sorted(there ^ {*checksums}):
        problem = "was added to" if name in there else "is missing from"
        raise BundleError(f"A file {problem} the bundle.", where=folder.name, field=name)
    for name, checksum in checksums.items():
        if sha256(folder / name) != checksum:
            raise BundleError("A file of the bundle was altered.", where=folder.name, field=name, expected=checksum)
