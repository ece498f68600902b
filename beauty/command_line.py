"""``beauty NAME …``: every command, by who uses it.

A command's function reads its options and calls the room that does the work. It imports that room itself, so that help,
completion and the commands that need no model library answer at once.
"""

import os
from collections.abc import Callable
from typing import Any, Final

import typer

from beauty import everyone, merchandisers, ml_engineers, newcomers, platform_teams
from beauty.terminal import CommandGroup

#: Commands in the order of the help, by the title above them.
_COMMANDS: Final[dict[str, tuple[Callable[..., Any], ...]]] = {
    "Your shop": newcomers.COMMANDS,
    "Everyday": everyone.COMMANDS,
    "Data": merchandisers.COMMANDS,
    "Models and experiments": ml_engineers.COMMANDS,
    "Operations": platform_teams.COMMANDS,
}

app = typer.Typer(
    cls=CommandGroup,
    help="Recommends beauty products, and carries the recommender through its whole life.",
    epilog="Options may also be named by environment variables; each command's --help says by which.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["--help", "-h"]},
)
for _title, _commands in _COMMANDS.items():
    for _command in _commands:
        app.command(rich_help_panel=_title)(_command)


def main() -> None:
    """Run the command that the arguments of this process name, and end the process with its exit code."""
    # Tools that are called keep from calling home, unless that was chosen.
    for variable, value in {"BENTOML_DO_NOT_TRACK": "True", "DO_NOT_TRACK": "1"}.items():
        os.environ.setdefault(variable, value)
    app(prog_name="beauty")
