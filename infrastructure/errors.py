"""The exceptions: every error that a user can cause says what is wrong, where, and what would be right."""

from typing import Final

_LONGEST_VALUE: Final = 200


class RecommenderError(Exception):
    """Base of all errors that a person can correct; anything else is a bug.

    Args:
        problem: One sentence that says what is wrong.
        where: The file, table or setting it is in.
        field: The column or key, where there is one.
        value: The offending value, where there is one.
        expected: What would be right.
    """

    def __init__(
        self,
        problem: str,
        *,
        where: str | None = None,
        field: str | None = None,
        value: object = None,
        expected: str | None = None,
    ) -> None:
        self.problem = problem
        self.where = where
        self.field = field
        self.value = value
        self.expected = expected
        super().__init__(problem)

    def __str__(self) -> str:
        """Several short lines: the problem, then what is known of its place and of what would be right."""
        value = repr(self.value)
        if len(value) > _LONGEST_VALUE:  # the message stays on one screen
            value = f"{value[:_LONGEST_VALUE]} ..."
        known = {
            "where": self.where,
            "field": self.field,
            "value": None if self.value is None else value,
            "expected": self.expected,
        }
        return "\n".join([self.problem, *(f"  {k}: {v}" for k, v in known.items() if v is not None)])


class ConfigError(RecommenderError):
    """A configuration or source file is malformed or holds an unknown or wrong key."""


class DataError(RecommenderError):
    """Data cannot be read or used: a missing file or column, a wrong type, no usable row."""


class LeakError(RecommenderError):
    """The model would learn from data that is held out to judge it."""


class CapacityError(RecommenderError):
    """The machine has less memory than the work would take."""


class BundleError(RecommenderError):
    """A model bundle is incomplete, altered or of another schema version."""


class OutdatedBundleError(BundleError):
    """A model bundle is of another schema version: another version of the platform made it."""


class RequestError(RecommenderError):
    """A request for recommendations is outside its contract."""
