"""What an answer must keep to while it is not known what a customer avoids.

The store says it, or said it a moment ago, and the model brought along what had been declared when it was trained: both
hold. A store that lost its data and then heard of one dismissal has a row without avoidances, which looks as if there
were none; so what the store does not say never takes away what the model knows, and who takes an avoidance back keeps
it until the next training. That is the safe side. Where the store cannot be read and this process has not read it
lately, something may have been declared since the training: then nothing is shown that holds what people commonly
avoid, and nothing whose ingredients are not known.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from serving.customers.source import Customer

if TYPE_CHECKING:
    from recommender.engine.engine import Engine


@dataclass(frozen=True, slots=True)
class Limits:
    """What a customer avoids, as far as it is known or must be feared.

    Attributes:
        avoided: Ingredients and families.
        cautious: Whether it must be feared: then products without known ingredients are out too.
    """

    avoided: tuple[str, ...] = ()
    cautious: bool = False


def limits(
    customer_id: str, customer: Customer | None, *, readable: bool, engine: "Engine", families: Sequence[str]
) -> Limits:
    """The limits of one customer's answer: what the store says, and what had been declared before the training.

    Args:
        customer_id: "" for nobody in particular, of whom nothing can be stored.
        customer: What the store says now, or said last.
        readable: Whether the store could be asked.
        engine: Whose bundle knows what had been declared when it was trained.
        families: What people commonly avoid.
    """
    declared = engine.avoidances.avoided_by(customer_id) if customer_id else ()
    if customer is not None and customer.avoided_ingredients is not None:
        return Limits(_united(customer.avoided_ingredients, declared))
    if not customer_id or readable or _pointless(engine):
        return Limits(declared)
    return Limits(_united(declared, families), cautious=True)


def _united(some: Sequence[str], others: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*some, *others)))


def _pointless(engine: "Engine") -> bool:
    """Whether nobody in this shop avoids anything and no product says what is in it: caution would show nothing."""
    return engine.avoidances.nobody_declared and not engine.catalogue.ingredients_known.any()
