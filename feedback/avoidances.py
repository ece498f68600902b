"""What of the avoidances that customers declare nothing knows: told to the app, which can still ask them."""

from collections.abc import Iterable
from itertools import islice
from typing import Final

from feedback.events import CustomerEvent
from recommender.contract import event_types
from recommender.contract.query import UnrecognisedWords
from recommender.knowledge.knowledge import Knowledge

_MOST: Final = 100
"""Words told in one answer: more would keep the collector from other work."""


def unrecognised_avoidances(events: Iterable[CustomerEvent]) -> list[tuple[str, UnrecognisedWords]]:
    """The unknown words in these events, at most 100, each with its event's id.

    No knowledge file names them; a product's label may have them all the same.
    """
    avoided = [(event.event_id, event.query) for event in events if event.type == event_types.AVOID and event.query]
    if not avoided:  # A collector that never needs the knowledge does not make its first sender wait for it.
        return []
    knowledge = Knowledge.load()
    unknown = ((event_id, name) for event_id, text in avoided for name in knowledge.resolve(text).unknown)
    return [(event_id, knowledge.told(name)) for event_id, name in islice(unknown, _MOST)]
