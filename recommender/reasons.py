"""Why a product is shown: the parts of the first stage that really carried it, in words."""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from recommender.catalogue import Catalogue
from recommender.knowledge.knowledge import Knowledge
from recommender.models.candidates import Candidates
from recommender.models.first_stage import FirstStage
from recommender.models.histories import Histories
from recommender.models.hybrid import PERSONAL
from recommender.models.ranking_features import Pairs
from recommender.query import Profile, Reason
from recommender.rules import Due

_MOST = 3
_BY_CONTENT = ("content", "title")


def again(due: Due) -> Reason:
    """Why a product is shown that the customer has."""
    return Reason("rebuy", f"Customers buy it again after about {due.usual} days; you did {due.since} days ago.", 1.0)


class Reasons:
    """Finds the reasons of one model's recommendations."""

    def __init__(self, first: FirstStage, catalogue: Catalogue, knowledge: Knowledge) -> None:
        self._first = first
        self._catalogue = catalogue
        self._served_by = [frozenset(knowledge.concerns_of(name)) for name in catalogue.ingredient_names]
        weights = first.settings.families.model_dump()
        self._weights = np.array([weights[name] for name in first.neighbours.families], np.float32)
        self._is_content = np.array([name in _BY_CONTENT for name in first.neighbours.families])

    def of(
        self, profile: Profile, history: Histories, products: NDArray[np.int64], path: str
    ) -> list[tuple[Reason, ...]]:
        """At most three reasons a product, the strongest first.

        Args:
            profile: The customer's, concerns by their keys.
            history: The one customer's.
            products: Positions of the recommended products.
            path: The way they were found.
        """
        own = self._from_history(history, products) if path == PERSONAL else [() for _ in products]
        wanted = frozenset(profile.concerns)
        return [
            (*found, *self._serves(wanted, product), *self._from_path(profile, path, alone=not found))[:_MOST]
            for product, found in zip(products.tolist(), own, strict=True)
        ]

    def _from_history(self, history: Histories, products: NDArray[np.int64]) -> list[tuple[Reason, ...]]:
        """The purchase that carried most of each product's blended score, if one did."""
        history = history.recent(self._first.settings.families.history)
        pairs = Pairs.of(history, Candidates.of([products]))
        neighbours = self._first.neighbours
        hits, values = neighbours.table.find(history.products[pairs.entry], products[pairs.candidate])
        entry = pairs.entry[hits]
        decay = np.power(neighbours.decay, history.steps_back[entry])
        carried = values * self._weights * decay[:, None]
        bought = history.products[entry]
        starts = np.searchsorted(pairs.candidate[hits], np.arange(len(products) + 1))
        return [self._strongest(bought[start:stop], carried[start:stop]) for start, stop in pairwise(starts.tolist())]

    def _strongest(self, bought: NDArray[np.int32], carried: NDArray[np.floating]) -> tuple[Reason, ...]:
        """The purchase that carried most of one product's score, from what each family carried by each purchase."""
        by_purchase = carried.sum(axis=1)
        total = by_purchase.sum()
        if not total:
            return ()
        best = by_purchase.argmax()
        content = carried[best, self._is_content].sum() / by_purchase[best]
        return (self._because(int(bought[best]), content > 0.5, float(by_purchase[best] / total)),)

    def _because(self, bought: int, alike: bool, share: float) -> Reason:
        name = self._catalogue.names[bought] or self._catalogue.product_ids[bought]
        if alike:
            return Reason("similar", f"It is like {name}, which you have.", round(share, 3))
        return Reason("bought", f"Customers who have {name}, as you do, also bought it.", round(share, 3))

    def _from_path(self, profile: Profile, path: str, alone: bool) -> Iterator[Reason]:
        """What is said of a product that no purchase led to: it was found as the group's, or as everybody's."""
        if path == PERSONAL and not alone:
            return
        if group := self._group(profile):
            yield Reason("group", f"People {group} buy it.", 1.0)
        elif path == PERSONAL:
            yield Reason("popular", "Many customers bought it.", 1.0)
        else:
            yield Reason("popular", "Many customers bought it lately.", 1.0)

    def _serves(self, wanted: frozenset[str], product: int) -> Iterator[Reason]:
        """The first ingredient on the label for one of the customer's concerns."""
        start, stop = self._catalogue.ingredients_start[product : product + 2]
        for ingredient in self._catalogue.ingredients_index[start:stop].tolist():
            if served := sorted(wanted & self._served_by[ingredient]):
                name = self._catalogue.ingredient_names[ingredient]
                share = float(self._first.needs.match(served, slice(product, product + 1))[0])
                yield Reason("concern", f"It contains {name} for {served[0]}.", round(share, 3))
                return

    def _group(self, profile: Profile) -> str:
        """The group in words: "with dry skin, aged 25+, in the north"; "" where there is none."""
        skin, age, region = (*self._first.groups.key(profile), "", "", "")[:3]
        parts = [f"with {skin} skin" if skin else "", f"aged {age}" if age else "", f"in {region}" if region else ""]
        return ", ".join(part for part in parts if part)
