"""The ingredients that the shop's products are made of."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from recommender.synthetic.simulation import Bools, Floats, concern_rows, read_parameters


@dataclass(frozen=True)
class IngredientStock:
    """Ingredients as arrays, in the order of ``ingredients.yaml``.

    Attributes:
        names: INCI names.
        roles: Role of each ingredient in a formula.
        levels: Typical percentage in a formula, float32[ingredients].
        use: How often it is taken relative to others of its role, float32[ingredients].
        effects: Effect on each concern, float32[ingredients, concerns].
        families: Families that customers avoid.
        members: Whether an ingredient belongs to a family, bool[ingredients, families].
    """

    names: tuple[str, ...]
    roles: tuple[str, ...]
    levels: Floats
    use: Floats
    effects: Floats
    families: tuple[str, ...]
    members: Bools

    def of_role(self, role: str) -> Bools:
        """Which ingredients have this role, bool[ingredients]."""
        return np.array([found == role for found in self.roles])

    def in_families(self, families: list[str]) -> Bools:
        """Which ingredients belong to any of these families, bool[ingredients]."""
        return np.any(self.members[:, [self.families.index(family) for family in families]], axis=1)


@lru_cache
def ingredient_stock() -> IngredientStock:
    """The ingredients of ``ingredients.yaml``, with the families that customers of ``needs.yaml`` avoid."""
    entries = [
        (role, name, what) for role, group in read_parameters("ingredients").items() for name, what in group.items()
    ]
    families = tuple(read_parameters("needs")["avoidances"])
    return IngredientStock(
        names=tuple(name for _, name, _ in entries),
        roles=tuple(role for role, _, _ in entries),
        levels=np.array([what["level"] for _, _, what in entries], np.float32),
        use=np.array([what.get("use", 1) for _, _, what in entries], np.float32),
        effects=concern_rows(what.get("for", {}) for _, _, what in entries),
        families=families,
        members=np.array([[f in what.get("family", ()) for f in families] for _, _, what in entries]),
    )
