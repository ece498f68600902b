"""Options that several commands take: each has one name, one meaning and one environment variable everywhere."""

from pathlib import Path
from typing import Annotated, Final

import typer

SYNTHETIC: Final = Path("sources/synthetic.yaml")
"""The data set that a command takes where none is named."""

OVERLAYS: Final = Path("k8s/overlays")


def _overlay_folder(text: str) -> Path:
    """The folder of an overlay that is named by itself, or the folder that is named by its path."""
    named = Path(text)
    is_bare = named.name == text and text != ".."
    return OVERLAYS / named if is_bare else named


Source = Annotated[
    Path, typer.Option("--source", "-s", envvar="BEAUTY_SOURCE", metavar="FILE", help="YAML file of the data set.")
]
ConfigFile = Annotated[
    Path | None,
    typer.Option(
        "--config",
        "-c",
        envvar="BEAUTY_CONFIG",
        metavar="FILE",
        help="YAML file of the parameters that differ from the defaults, in place of the one that the source names.",
    ),
]
Port = Annotated[
    int,
    typer.Option(
        "--port",
        "-p",
        envvar=["BEAUTY_PORT", "PORT"],
        min=1,
        max=65535,
        metavar="PORT",
        help="Port that is listened on.",
    ),
]
Trials = Annotated[
    int | None,
    typer.Option("--trials", envvar="BEAUTY_TRIALS", help="Blends that are tried, in place of `tuning.trials`."),
]
Figures = Annotated[
    Path | None,
    typer.Option(
        "--figures",
        envvar="BEAUTY_FIGURES",
        metavar="FOLDER",
        help="Folder of pages of figures that the result is written into, such as `docs/figures`.",
    ),
]
Overlay = Annotated[
    Path,
    typer.Option(
        "--overlay",
        envvar="BEAUTY_OVERLAY",
        parser=_overlay_folder,
        metavar="NAME|FOLDER",
        help="Kustomize overlay: a name within `k8s/overlays`, or the path of a folder.",
    ),
]
LOCAL: Final = OVERLAYS / "local"
"""The overlay that a command takes where none is named."""
