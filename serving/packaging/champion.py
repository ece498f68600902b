"""The present champion of a workspace, served by the process that asks for it."""

import os
import shutil
import sys
from pathlib import Path
from typing import NoReturn

from infrastructure.errors import BundleError
from infrastructure.files import replace_folder
from infrastructure.workspace import Workspace
from infrastructure.workspace.online_store import ONLINE_STORE, online_store
from serving.packaging.process import serve_command, serve_variables
from serving.server import environment
from settings.config import Config


def become_server(workspace: Workspace, config: Config, port: int) -> NoReturn:
    """Replace this process by one that serves the champion and follows its pointer.

    Raises:
        BundleError: There is no champion yet.
    """
    bento = _champions_bento(workspace)
    with replace_folder(workspace.serving) as partial:
        # Linked, not copied: the original goes when its version is two champions old, this one stays.
        shutil.copytree(bento, partial, copy_function=os.link, dirs_exist_ok=True)
    own = {
        environment.CHAMPION: str(workspace.champion_file.absolute()),
        environment.CHALLENGER: str(workspace.challenger_file.absolute()),
        environment.EXPERIMENT: config.experiment.model_dump_json(),
        ONLINE_STORE: online_store(workspace),
        environment.IMPRESSIONS_LOG: str(workspace.log.absolute()),
        environment.SERVING_SETTINGS: config.serving.model_dump_json(),
        "PORT": str(port),
    }
    home = workspace.root.absolute() / "bentoml"
    os.execve(sys.executable, serve_command(workspace.serving.absolute()), serve_variables(own, home))  # noqa: S606


def _champions_bento(workspace: Workspace) -> Path:
    champion = workspace.champion()
    if champion is None:
        raise BundleError(
            "There is no champion to serve yet.",
            where=str(workspace.champion_file),
            expected="a completed run: make run",
        )
    bento = workspace.root / champion["bento"]
    if not (bento / "bento.yaml").is_file():
        raise BundleError("The champion's Bento is gone.", where=str(bento), expected="run again: make run")
    return bento
