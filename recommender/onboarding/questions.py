"""What a person should be asked about a proposal, and the proposal after the answer."""

from dataclasses import dataclass, replace
from typing import Final

from recommender.contract.fields import missing_columns
from recommender.onboarding.proposal import SEPARATOR, Guess, Proposal, TableProposal

_MOST: Final = 5


@dataclass(frozen=True)
class Choice:
    """One answer to a question; no guess stands for "none of these"."""

    text: str
    guess: Guess | None


@dataclass(frozen=True)
class Question:
    """A question with its possible answers, the best first.

    Attributes:
        text: The question.
        choices: The answers.
    """

    table: str
    ours: str
    text: str
    choices: tuple[Choice, ...]


def questions(proposal: Proposal) -> list[Question]:
    """The questions about the guesses that are doubtful and of which something else can be chosen."""
    asked = (_question(table, guess) for table, guess in proposal.doubtful)
    return [question for question in asked if len(question.choices) > 1]


def answered(proposal: Proposal, question: Question, choice: int) -> Proposal:
    """The proposal after a choice, counted from 0."""
    guess = question.choices[choice].guess
    table = next(one for one in proposal.tables if one.table == question.table)
    if guess is None:
        return proposal.with_table(table.without(question.ours))
    settled = replace(guess, settled=True, others=())
    return proposal.with_table(_freed(table, settled).with_guess(settled))


def _question(table: TableProposal, guess: Guess) -> Question:
    choices = [Choice(_told(one), one) for one in (guess, *guess.others)[:_MOST]]
    if guess.ours not in missing_columns(table.table, ()):
        choices.append(Choice("none of these: leave it out", None))
    doubt = f"\n  {guess.doubt}" if guess.doubt else ""
    text = f"{table.table}.{guess.ours}: which column of {table.found.name} is it?{doubt}"
    return Question(table.table, guess.ours, text, tuple(choices))


def _told(guess: Guess) -> str:
    form = f" as {guess.keys['format']}" if "format" in guess.keys else ""
    examples = f", such as {SEPARATOR.join(guess.examples)}" if guess.examples else ""
    return f"{' + '.join(guess.columns)}{form}: {guess.why}{examples}"


def _freed(table: TableProposal, chosen: Guess) -> TableProposal:
    """Without other guesses that are made from the chosen column."""
    taken = [
        ours
        for ours, guess in table.guesses.items()
        if ours != chosen.ours and set(guess.columns) & set(chosen.columns)
    ]
    for ours in taken:
        table = table.without(ours)
    return table
