"""The model that is measured: a data set's champion."""

from pathlib import Path

from infrastructure.errors import BundleError
from infrastructure.workspace import Workspace


def champions_bundle(workspace: Workspace) -> Path:
    """The champion's bundle.

    Raises:
        BundleError: There is no champion.
    """
    champion = workspace.champion()
    if champion is None:
        where = str(workspace.champion_file)
        raise BundleError("There is no champion to measure.", where=where, expected="a completed run: make run")
    return workspace.root / champion["bundle"]
