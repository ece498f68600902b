"""How many of the ingredients on a catalogue's labels are known."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self

from recommender.knowledge.knowledge import Knowledge


@dataclass(frozen=True)
class Coverage:
    """The ingredients on the labels of one catalogue, and how many of them are known.

    Attributes:
        products: Products in all.
        labels: Of these, with an ingredient list.
        mentions: How often each printed name is on a label.
        named: Mentions in which an ingredient is recognised.
        resolved: Mentions in which an ingredient or a family is recognised.
        unknown: Names in which neither is, with their mentions.
        unread: Names in a script that cannot be read, with their mentions.
        refused: Labels with such a name: not shown to customers who avoid an ingredient.
        partly_unknown: Labels with at least one unknown name.
    """

    products: int
    labels: int
    mentions: "Counter[str]"
    named: int
    resolved: int
    unknown: "Counter[str]"
    unread: "Counter[str]"
    refused: int
    partly_unknown: int

    @classmethod
    def from_labels(cls, labels: Iterable[Sequence[str]], knowledge: Knowledge) -> Self:
        """Measure the coverage; ``labels`` has one list of printed names a product, empty where there is none."""
        all_labels = [tuple(label) for label in labels]
        mentions = Counter(name for label in all_labels for name in label)
        read = {name: knowledge.label(name) for name in mentions}
        unknown = _mentions_of(mentions, {name for name, label in read.items() if not label.terms})
        unread = _mentions_of(mentions, {name for name, label in read.items() if not label.understood})
        return cls(
            products=len(all_labels),
            labels=sum(map(bool, all_labels)),
            mentions=mentions,
            named=sum(count for name, count in mentions.items() if read[name].ingredients),
            resolved=mentions.total() - unknown.total(),
            unknown=unknown,
            unread=unread,
            refused=sum(any(name in unread for name in label) for label in all_labels),
            partly_unknown=sum(any(name in unknown for name in label) for label in all_labels),
        )

    def share(self, mentions: int) -> float:
        """A number of mentions as a share of all; 1 where there are none."""
        return mentions / self.mentions.total() if self.mentions else 1.0


def _mentions_of(mentions: "Counter[str]", names: set[str]) -> "Counter[str]":
    return Counter({name: mentions[name] for name in mentions if name in names})
