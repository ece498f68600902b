"""What an answer must keep to while it is not known what a customer avoids.

The store says it, or said it a moment ago, or the model brought it along from its training. Where the store cannot be
read and this process has not read it lately, something may have been declared since the training: then nothing is
shown that holds what people commonly avoid, and nothing whose ingredients are not known.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from serving.customers import Customer

if TYPE_CHECKING:
    from recommender.engine import Engine


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
    """The limits of one customer's answer.

    Args:
        customer_id: "" for nobody in particular, of whom nothing can be stored.
        customer: What the store says now, or said last.
        readable: Whether the store could be asked.
        engine: Whose bundle knows what had been declared when it was trained.
        families: What people commonly avoid.
    """
    if customer is not None and customer.avoided_ingredients is not None:
        return Limits(customer.avoided_ingredients)
    declared = engine.avoidances.of(customer_id) if customer_id else ()
    if not customer_id or readable or _pointless(engine):
        return Limits(declared)
    return Limits(tuple(dict.fromkeys((*declared, *families))), cautious=True)


def _pointless(engine: "Engine") -> bool:
    """Whether nobody in this shop avoids anything and no product says what is in it: caution would show nothing."""
    return engine.avoidances.nobody and not engine.catalogue.ingredients_known.any()
