"""Ids as pydantic checks them in messages; apart, as most users of the contract need no pydantic.

The limit of length holds for what is sent, so that JSON Schema can say it.
"""

from typing import Annotated, Final

from pydantic import AfterValidator, StringConstraints
from pydantic_core import PydanticCustomError

from recommender.contract.identifiers import EXPECTED, MAXIMUM_LENGTH, are_plain, id_fault, normalised_id


def _usable(text: str, name: str = "An id") -> str:
    identifier = normalised_id(text)
    if id_fault(identifier):
        raise PydanticCustomError("identifier", "{name} should have {expected}", {"name": name, "expected": EXPECTED})
    return identifier


def _usable_or_empty(text: str) -> str:
    return _usable(text) if normalised_id(text) else ""


def _all_usable(texts: tuple[str, ...]) -> tuple[str, ...]:
    return texts if are_plain(texts) else tuple(_usable(text, f"Id {at}") for at, text in enumerate(texts, 1))


IdText = Annotated[str, StringConstraints(min_length=1, max_length=MAXIMUM_LENGTH)]
"""An id as it is sent."""

Id = Annotated[IdText, AfterValidator(_usable)]
"""An id, normalised and usable."""

IdOrNobody = Annotated[str, StringConstraints(max_length=MAXIMUM_LENGTH), AfterValidator(_usable_or_empty)]
"""The same, but it may be empty: nobody in particular."""

NORMALISED: Final = AfterValidator(_all_usable)
"""Normalises a tuple of ``IdText`` at once, as requests may name a thousand products."""
