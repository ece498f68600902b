"""Short forms of what a source file may say: one thing instead of a list of one."""

from typing import Any, cast


def as_tuple(value: Any) -> Any:
    """One thing alone is short for a list of one; a list is a tuple, as are those within it."""
    return tuples(value) if isinstance(value, list | tuple) else (tuples(value),)


def tuples(value: Any) -> Any:
    """A value of YAML with tuples for lists, as settings that cannot change have them."""
    if isinstance(value, dict):
        return {key: tuples(within) for key, within in cast("dict[str, Any]", value).items()}
    return tuple(map(tuples, cast("list[Any]", value))) if isinstance(value, list | tuple) else value
