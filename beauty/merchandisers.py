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
    annex: Annotated[
        Path | None,
        typer.Option("--annex", metavar="FILE", help="Annex III, V or VI as CosIng exports it: what is new in it?"),
    ] = None,
    figures: Figures = None,
) -> None:
    """Check the knowledge of ingredients against itself, a data set's labels, an inventory and an annex."""
    from beauty.terminal import FAILED, show_progress
    from recommender.reports.knowledge.annex_check import compare_with_annex
    from recommender.reports.knowledge.report import validate

    show_progress()
    found = None if annex is None else compare_with_annex(annex)
    print(*filter(None, [validate(source, inventory, figures), found and found.told()]), sep="\n\n")
    if found is not None and found.uncovered:
        raise typer.Exit(FAILED)


COMMANDS: Final = (quarantine, validate_knowledge)
