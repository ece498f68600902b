"""Rows that are no purchase: orders that were cancelled, and such as came back."""

from collections.abc import Mapping
from typing import Any, Final

from recommender.onboarding.matching.scores import score
from recommender.onboarding.matching.words.known_values import meanings
from recommender.onboarding.profiling.profile import Profile

_STATUS: Final = 0.5
_MEANINGS: Final = ("undone", "returned")


def status_conditions(
    profiles: Mapping[str, Profile], named: str = ""
) -> tuple[dict[str, Any], dict[str, Any], tuple[str, ...]]:
    """The conditions ``where`` and ``returned`` of a table of orders, and what to say of them.

    Args:
        profiles: Of the columns of the table.
        named: What stands before their names in a join.
    """
    where, returned, notes = dict[str, Any](), dict[str, Any](), list[str]()
    for name, profile in profiles.items():
        if not profile.counts or score(profile, "status", "") < _STATUS:
            continue
        found, _ = meanings(profile.counts, "status")
        undone, back = ([word for word, kind in found.items() if kind == which] for which in _MEANINGS)
        column = f"{named}.{name}" if named else name
        if undone:
            where[column] = {"is_not": undone}
        if back:
            returned[column] = back
        if not found and not profile.truth:
            words = ", ".join(profile.counts)
            notes.append(f"{column} may be a status ({words}); leave out what was not bought by 'where'")
    return where, returned, tuple(notes)
