"""Packages a bundle and the service that answers from it as one Bento folder."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

import yaml

import infrastructure
import recommender
import serving
import settings as settings_package
from infrastructure.errors import BundleError
from infrastructure.files import replace_folder, write_json
from infrastructure.progress import timed
from serving.server.environment import BUNDLE_FOLDER, SETTINGS_FILE
from settings.serving import ServingSettings

NAME: Final = "recommender"
REQUIREMENTS: Final = "requirements.txt"
_BUILD_FILE: Final = "bentofile.yaml"
_CODE: Final = ("*.py", "*.yaml", "*.json", REQUIREMENTS)
_EPOCH: Final = "1970-01-01T00:00:00+00:00"


def build_bento(bundle: Path, target: Path, settings: ServingSettings | None = None) -> None:
    """Build the Bento that serves ``bundle`` at ``target``, which appears complete or not at all.

    The same bundle, code and settings give the same bytes. ``bentoml serve <target>`` serves it, also from a
    read-only mount.

    Raises:
        BundleError: There is no bundle, or BentoML refuses to build.
    """
    if not bundle.is_dir():
        raise BundleError("There is no bundle to package.", where=str(bundle), expected="a bundle's folder")
    with timed("bento"), tempfile.TemporaryDirectory() as scratch, replace_folder(target) as partial:
        context = Path(scratch) / "context"
        _write_context(context, settings or ServingSettings())
        shutil.copytree(_built(context, Path(scratch) / "home"), partial, dirs_exist_ok=True)
        shutil.copytree(bundle, partial / "src" / BUNDLE_FOLDER)
        _make_reproducible(partial / "bento.yaml")


def _write_context(context: Path, settings: ServingSettings) -> None:
    """Write what the Bento's ``src`` folder holds, without the bundle, which is too large to be copied three times."""
    for package in (infrastructure, settings_package, recommender, serving):
        _copy_code(Path(str(package.__file__)).parent, context)
    write_json(context / SETTINGS_FILE, settings.model_dump(mode="json"))
    # lock_packages would ask a registry and write its address into the Bento; the requirements are pinned already.
    options = {
        "service": "serving.service:RecommenderService",
        "name": NAME,
        "python": {"packages": _pinned(context / "serving" / REQUIREMENTS), "lock_packages": False},
    }
    (context / _BUILD_FILE).write_text(yaml.safe_dump(options))


def _pinned(requirements: Path) -> list[str]:
    """The requirements in a compiled file, without its comments."""
    lines = (line.strip() for line in requirements.read_text().splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def _copy_code(package: Path, context: Path) -> None:
    for pattern in _CODE:
        for file in sorted(package.rglob(pattern)):
            copy = context / file.relative_to(package.parent)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, copy)


def _built(context: Path, home: Path) -> Path:
    """Let BentoML build ``context`` in a store of its own; the Bento's folder in that store.

    Raises:
        BundleError: It refuses.
    """
    command = [sys.executable, "-m", "bentoml", "build", ".", "--version", "1", "--output", "tag"]
    # Without this machine's PORT, which would otherwise be in the Bento's description.
    inherited = {name: value for name, value in os.environ.items() if name != "PORT"}
    variables = {**inherited, "BENTOML_HOME": str(home), "BENTOML_DO_NOT_TRACK": "True"}
    result = subprocess.run(command, cwd=context, env=variables, capture_output=True, text=True, check=False)  # noqa: S603
    if result.returncode:
        raise BundleError(f"BentoML cannot build the service:\n{result.stderr.strip()}")
    return home / "bentos" / NAME / "1"


def _make_reproducible(file: Path) -> None:
    """Remove the time of building from the Bento's description."""
    description = yaml.safe_load(file.read_text())
    description["creation_time"] = _EPOCH
    file.write_text(yaml.safe_dump(description, sort_keys=False))
