"""Expected ratings: what people of one skin type, age band and region gave a product, shrunk to what all gave it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import pandas as pd

from recommender.contract.query import Profile
from recommender.models.candidate_models.customer_groups import CustomerGroups

_GROUP, _PRODUCT, _RATING = "group", "product", "rating"


@dataclass(frozen=True)
class GroupRatings:
    """Mean ratings from coarse to fine, each shrunk towards the coarser one.

    Shrinkage is that of ``recommender.models.candidate_models.customer_groups`` (Efron and Morris, 1973): a mean of few
    ratings counts as if ``shrinkage`` more had been given that are like the coarser mean.

    Attributes:
        overall: Mean of all ratings.
        by_product: Mean of each product's ratings, shrunk towards ``overall``.
        by_group: Mean of a group's ratings of a product, shrunk towards ``by_product``.
        groups: From which a profile's group follows.
    """

    overall: float
    by_product: Mapping[str, float]
    by_group: Mapping[tuple[tuple[str, ...], str], float]
    groups: CustomerGroups

    @classmethod
    def fit(
        cls,
        products: Sequence[str],
        profiles: Sequence[Profile],
        ratings: Sequence[float],
        groups: CustomerGroups,
        shrinkage: float,
    ) -> Self:
        """Learn from ratings, 1 to 5, each with its product and its customer's profile.

        ``groups`` were fitted on the same customers; ``shrinkage`` is how many ratings a coarser mean is worth.
        """
        keys = [groups.key(profile) for profile in profiles]
        frame = pd.DataFrame({_PRODUCT: list(products), _RATING: np.asarray(ratings, float), _GROUP: keys})
        overall = float(frame[_RATING].mean())
        found = frame.groupby(_PRODUCT)[_RATING].agg(["sum", "size"])
        means = (found["sum"] + shrinkage * overall) / (found["size"] + shrinkage)
        by_product = {str(name): float(mean) for name, mean in means.items()}
        grouped = frame[[bool(key) for key in keys]].groupby([_GROUP, _PRODUCT])[_RATING].agg(["sum", "size"])
        by_group = {
            (group, product): (total + shrinkage * by_product[product]) / (size + shrinkage)
            for (group, product), total, size in zip(grouped.index, grouped["sum"], grouped["size"], strict=True)
        }
        return cls(overall, by_product, by_group, groups)

    def expected(self, product: str, profile: Profile) -> float:
        """The rating that a customer of this profile is expected to give a product."""
        of_all = self.by_product.get(product, self.overall)
        return self.by_group.get((self.groups.key(profile), product), of_all)
