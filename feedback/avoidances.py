"""What of the avoidances that customers declare nothing knows: told to the app, which can still ask them."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Final

from feedback.events import CustomerEvent
from recommender.contract import event_types
from recommender.knowledge.knowledge import Knowledge

_MOST: Final = 100
"""Words told in one answer: more would keep the collector from other work."""


@dataclass(frozen=True, slots=True)
class UnrecognisedAvoidance:
    """Words of one event that no knowledge file names; a product's label may have them all the same.

    Attributes:
        event_id: The event's.
        text: As the customer wrote them.
        suggestions: Known names that may be meant, the likeliest first.
        applied: Whether the first suggestion is avoided, as the words nearly spell it.
    """

    event_id: str
    text: str
    suggestions: tuple[str, ...]
    applied: bool


def unrecognised_avoidances(events: Iterable[CustomerEvent]) -> list[UnrecognisedAvoidance]:
    """The unknown words in these events, at most 100."""
    avoided = [(event.event_id, event.query) for event in events if event.type == event_types.AVOID and event.query]
    if not avoided:  # A collector that never needs the knowledge does not make its first sender wait for it.
        return []
    knowledge = Knowledge.load()
    unknown = ((event_id, name) for event_id, text in avoided for name in knowledge.resolve(text).unknown)
    told = ((event_id, knowledge.told(name)) for event_id, name in islice(unknown, _MOST))
    return [UnrecognisedAvoidance(event_id, words.text, words.suggestions, words.applied) for event_id, words in told]
