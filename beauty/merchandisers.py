"""What is looked at before a model learns from data."""

from pathlib import Path
from typing import Annotated, Final

import typer

from beauty.options import SYNTHETIC, ConfigFile, Figures, Source


def quarantine(
    source: Source = SYNTHETIC,
    config: ConfigFile = None,
    examples: Annotated[int, typer.Option("--examples", help="Rows to show of each rule.")] = 1,
) -> None:
    """Tell which rows of a data set cleaning rejects and which cells it empties, by rule, with examples."""
    from beauty.terminal import show_progress
    from recommender.reports.quarantine import show_quarantine
    from settings.config import configuration

    show_progress()
    print(show_quarantine(source, configuration(source, config), examples))


def validate_knowledge(
    source: Source = SYNTHETIC,
    inventory: Annotated[
        Path | None,
        typer.Option("--inventory", metavar="FOLDER", help="Folder of a public inventory of ingredients."),
    ] = None,
    figures: Figures = None,
) -> None:
    """Check the knowledge of ingredients against itself, a data set's labels and an inventory."""
    from beauty.terminal import show_progress
    from recommender.reports.knowledge.report import validate

    show_progress()
    print(validate(source, inventory, figures))


COMMANDS: Final = (quarantine, validate_knowledge)
