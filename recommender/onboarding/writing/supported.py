"""What the source files of this version can say: guesses that need more are told, not written."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from recommender.contract.fields import fields_of
from recommender.data.sources.description.column_source import ColumnSource
from recommender.onboarding.proposal import Guess, TableProposal


def written_guesses(table: TableProposal) -> dict[str, Guess]:
    """The guesses that a source file can say."""
    known = fields_of(table.table)
    return {ours: guess for ours, guess in table.guesses.items() if ours in known and _is_readable(guess.keys)}


def _is_readable(keys: Mapping[str, Any]) -> bool:
    try:
        ColumnSource.model_validate(dict(keys))
    except ValidationError:
        return False
    return True
