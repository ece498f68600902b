"""What somebody does who has an export and no source file yet."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from beauty.terminal import FAILED

if TYPE_CHECKING:
    from recommender.onboarding.proposal import Proposal
    from recommender.onboarding.questions import Question


def init(
    places: Annotated[
        list[str],
        typer.Argument(
            metavar="FOLDER|FILE|URL…", help="An export: folders, files, a database's URL, an API's address."
        ),
    ],
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="FILE", help="YAML file to write; else source.yaml beside the files."),
    ] = None,
    name: Annotated[str | None, typer.Option("--name", help="Of the data set; else the folder's.")] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Ask nothing: take the best guess.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace the YAML file if it is there.")] = False,
    database_variable: Annotated[
        str | None,
        typer.Option(
            "--database-variable", metavar="NAME", help="Environment variable that will hold the database's URL."
        ),
    ] = None,
) -> None:
    """Look at an export and write its source file, each guess with its evidence; then show what cleaning would keep."""
    from recommender.config import RecommenderConfig
    from recommender.onboarding import onboard
    from recommender.onboarding.preview import preview
    from recommender.onboarding.summary import preview_told, proposal_told

    asks = not yes and is_terminal()
    target = out or onboard.source_file(places)
    onboard.require_absent(target, force=force)
    database = onboard.database_among(places)
    variable = database_variable or (_variable() if asks and database is not None else onboard.VARIABLE)
    proposal = onboard.begin(places, target, name, variable)
    if asks:
        proposal = _settled(proposal)
    onboard.write(proposal, target, places)
    _say(f"Wrote {target}", proposal_told(proposal))
    if proposal.lacks:
        _say(f"Write it into {target}, or name the files that hold it too: beauty init … --force")
        raise typer.Exit(FAILED)
    if database is not None:
        os.environ.setdefault(variable, database)
    found = preview(target, RecommenderConfig())
    _say(preview_told(found))
    if found.fault:
        _say(f"Change {target} so, then look again: beauty quarantine --source {target}")
        raise typer.Exit(FAILED)
    _say(_next(target, variable if database is not None else None))


def is_terminal() -> bool:
    """Whether a person can be asked."""
    return sys.stdin.isatty()


def _say(*parts: str) -> None:
    print(*parts, sep="\n\n", end="\n\n")


def _next(target: Path, variable: str | None) -> str:
    export = f"export {variable}=…    # the database's URL\n  " if variable else ""
    return (
        f"Look at {target}, above all where it has a '?'. Then:\n"
        f"  {export}make run SOURCE={target}\n"
        f"Every rejected row: beauty quarantine --source {target}"
    )


def _variable() -> str:
    from recommender.onboarding.onboard import VARIABLE

    return typer.prompt("Environment variable that will hold the database's URL, which is never written", VARIABLE)


def _settled(proposal: "Proposal") -> "Proposal":
    """The proposal after every question was answered; each answer may make others needless."""
    from recommender.onboarding.questions import answered, questions

    asked = set[tuple[str, str]]()
    while open_ones := [one for one in questions(proposal) if (one.table, one.ours) not in asked]:
        question = open_ones[0]
        asked.add((question.table, question.ours))
        proposal = answered(proposal, question, _answer(question))
    return proposal


def _answer(question: "Question") -> int:
    """The number of the chosen answer, from 0; Enter takes the best."""
    print(f"\n{question.text}", flush=True)
    for number, choice in enumerate(question.choices, 1):
        print(f"  {number}  {choice.text}")
    most = len(question.choices)
    return typer.prompt("Number", "1", value_proc=lambda typed: _numbered(typed, most)) - 1


def _numbered(typed: str, most: int) -> int:
    """The number that was typed; another one is asked for again."""
    if typed.strip().isdecimal() and 1 <= int(typed) <= most:
        return int(typed)
    raise typer.BadParameter(f"{typed!r} is no answer; type a number from 1 to {most}, or Enter for 1.")


COMMANDS: Final = (init,)
