"""What customers type into the shop's search: a product, for a concern or without an ingredient they avoid."""

import numpy as np
from numpy.typing import NDArray

from recommender.synthetic.customers.choice import Choice
from recommender.synthetic.products.inventory import inventory
from recommender.synthetic.products.routine import routine
from recommender.synthetic.truth import CONCERNS, Ints

NAMES_AVOIDANCE = 0.5  # share of searches in which who avoids something says so
NAMES_CONCERN = 0.35
WITHOUT = ("{avoided} free {what}", "{what} without {avoided}", "no {avoided}")


def search_queries(choice: Choice, who: Ints, products: Ints, draws: NDArray[np.float64]) -> NDArray[np.object_]:
    """The words with which customers ``who`` looked for what then became ``products``.

    Args:
        choice: The shop.
        who: Customer indices, int32[n].
        products: Product indices, int32[n].
        draws: Random numbers in [0, 1), float64[n, 4].
    """
    shop = choice.products
    found = np.empty(len(who), object)
    for i, (customer, product) in enumerate(zip(who.tolist(), products.tolist(), strict=True)):
        what = routine()[shop.step[product]].name
        avoided = np.flatnonzero(choice.customers.avoids[customer])
        if len(avoided) and draws[i, 0] < NAMES_AVOIDANCE:
            family = inventory().families[avoided[int(draws[i, 2] * len(avoided))]]
            found[i] = WITHOUT[int(draws[i, 3] * len(WITHOUT))].format(avoided=family, what=what)
        elif draws[i, 1] < NAMES_CONCERN:
            found[i] = f"{what} for {CONCERNS[shop.formulas.focus[shop.formula[product]]]}"
        else:
            found[i] = what
    return found
