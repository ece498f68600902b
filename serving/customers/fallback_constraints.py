"""What a recommendation is restricted to while it is not known what a customer avoids.

The store has it, or had it a moment ago, and the model's bundle has what had been declared when it was trained: both
apply. A store that lost its data and then received one dismissal has a row without avoidances, which looks as if there
were none; so what is missing in the store never removes what the model knows, and a customer who takes an avoidance
back keeps it until the next training. That is the safe side. Where the store cannot be read and this process has not
read it lately, something may have been declared since the training: then nothing is shown that contains what people
commonly avoid, and nothing whose ingredients are not known.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from serving.customers.source import Customer

if TYPE_CHECKING:
    from recommender.engine.engine import Engine


@dataclass(frozen=True, slots=True)
class AvoidanceConstraints:
    """What a customer avoids, as far as it is known or has to be assumed.

    Attributes:
        avoided: Ingredients and families.
        cautious: Whether it is assumed: then products without known ingredients are excluded too.
    """

    avoided: tuple[str, ...] = ()
    cautious: bool = False


def fallback_constraints(
    customer_id: str, customer: Customer | None, *, readable: bool, engine: "Engine", families: Sequence[str]
) -> AvoidanceConstraints:
    """The constraints for one customer: what the store says, and what had been declared before the training.

    Args:
        customer_id: "" for nobody in particular, of whom nothing can be stored.
        customer: What the store says now, or said last.
        readable: Whether the store could be asked.
        engine: Whose bundle knows what had been declared when it was trained.
        families: What people commonly avoid.
    """
    declared = engine.avoidances.avoided_by(customer_id) if customer_id else ()
    if customer is not None and customer.avoided_ingredients is not None:
        return AvoidanceConstraints(_union(customer.avoided_ingredients, declared))
    if not customer_id or readable or _would_exclude_everything(engine):
        return AvoidanceConstraints(declared)
    return AvoidanceConstraints(_union(declared, families), cautious=True)


def _union(first: Sequence[str], second: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*first, *second)))


def _would_exclude_everything(engine: "Engine") -> bool:
    """Whether nobody in this shop avoids anything and no product lists its ingredients: caution would leave nothing."""
    return engine.avoidances.nobody_declared and not engine.catalogue.ingredients_known.any()
