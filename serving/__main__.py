"""``python -m serving``: serve the present champion of a source's workspace."""

import argparse
import os
import shutil
import sys
from pathlib import Path

from infrastructure.command_line import exit_code, take_config, take_source
from infrastructure.errors import BundleError
from infrastructure.files import replace_folder
from infrastructure.workspace import Workspace
from infrastructure.workspace.online_store import ONLINE_STORE, online_store
from recommender.data.sources.source import Source
from serving.packaging.process import command, variables
from serving.server import environment
from settings.config import Config, configuration


def main(arguments: list[str] | None = None) -> int:
    """Become the serving process; returns only when that cannot be done, with the exit code."""
    options = _parser().parse_args(arguments)
    return exit_code(lambda: _serve_from(options))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m serving", description=__doc__)
    take_source(parser)
    take_config(parser)
    return parser


def _serve_from(options: argparse.Namespace) -> None:
    workspace = Workspace.named(Source.load(options.source).name)
    _serve(workspace, configuration(options.source, options.config))


def _serve(workspace: Workspace, config: Config) -> None:
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
    }
    home = workspace.root.absolute() / "bentoml"
    os.execve(sys.executable, command(workspace.serving.absolute()), variables(own, home))  # noqa: S606


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


if __name__ == "__main__":
    sys.exit(main())
