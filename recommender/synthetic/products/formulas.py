"""Product formulas: a recipe by step of the routine, in the brand's house style."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommender.synthetic.products.brands import Brands
from recommender.synthetic.products.ingredient_stock import IngredientStock, ingredient_stock
from recommender.synthetic.products.routine import by_step, routine
from recommender.synthetic.settings import SyntheticSettings
from recommender.synthetic.simulation import CONCERNS, Bools, Floats, Ints, draw_indices, random_stream, read_parameters

LABEL_DECAY = 25.0  # an ingredient this many places down the label works 1/e as much as the first
STEP_FOCUS = 2.0  # how strongly products of a step are made for the concerns it serves
FOCUS = 1.6  # how strongly a product for a concern prefers ingredients that serve it


@dataclass(frozen=True)
class Formulas:
    """Formulas as arrays; one formula is sold in one or more sizes or shades.

    Attributes:
        brand: int32[formulas].
        step: Index into ``assortment.yaml``'s steps, int32[formulas].
        focus: The concern it is meant for, int32[formulas].
        label: Ingredient indices in label order, padded with -1, int32[formulas, longest].
        effects: Effect on each concern, float32[formulas, concerns].
        families: Whether it holds a member of each avoidable family, bool[formulas, families].
    """

    brand: Ints
    step: Ints
    focus: Ints
    label: Ints
    effects: Floats
    families: Bools


def draw_formulas(settings: SyntheticSettings, brands: Brands, count: int) -> Formulas:
    """``count`` formulas of these brands."""
    seed = settings.seed
    brand = draw_indices(random_stream(seed, "formulas"), brands.popularity, count)
    step = draw_indices(random_stream(seed, "formula steps"), by_step(lambda s: s.share), count)
    odds = brands.focus[brand] + STEP_FOCUS * np.stack([s.serves for s in routine()])[step]
    focus = (odds + random_stream(seed, "formula focus").gumbel(size=odds.shape)).argmax(axis=1).astype(np.int32)
    contains = _ingredients(settings, brands.style[brand], step, focus)
    label = _label(settings, contains)
    return Formulas(
        brand=brand,
        step=step,
        focus=focus,
        label=label,
        effects=_effects(label) * by_step(lambda s: s.strength)[step, None],
        families=contains @ ingredient_stock().members,
    )


def _ingredients(settings: SyntheticSettings, style: Ints, step: Ints, focus: Ints) -> Bools:
    """Which ingredients each formula holds, bool[formulas, ingredients]: of each role the most wanted few."""
    stock = ingredient_stock()
    rng = random_stream(settings.seed, "formula ingredients")
    wanted = np.log(stock.use) + FOCUS * stock.effects.T[focus] + rng.gumbel(size=(len(step), len(stock.names)))
    wanted[_forbidden(stock)[style]] = -np.inf
    counts = _role_counts(settings, style, step)
    chosen = np.zeros(wanted.shape, bool)
    for role, count in counts.items():
        columns = np.flatnonzero(stock.of_role(role))
        place = (-wanted[:, columns]).argsort(axis=1, kind="stable").argsort(axis=1, kind="stable")
        chosen[:, columns] = (place < count[:, None]) & np.isfinite(wanted[:, columns])
    return chosen


def _forbidden(stock: IngredientStock) -> Bools:
    """Which ingredients each style leaves out, bool[styles, ingredients]."""
    return np.stack([stock.in_families(style["without"]) for style in read_parameters("assortment")["styles"].values()])


def _role_counts(settings: SyntheticSettings, style: Ints, step: Ints) -> dict[str, NDArray[np.int64]]:
    """How many ingredients of each role each formula holds; a share of one is the chance of one."""
    recipes = [s.formula for s in routine()]
    chance = random_stream(settings.seed, "formula roles").random(len(step))
    counts: dict[str, NDArray[np.int64]] = {}
    for role in sorted({role for recipe in recipes for role in recipe}):
        mean = np.array([recipe.get(role, 0.0) for recipe in recipes])[step]
        counts[role] = np.floor(mean + chance).astype(np.int64)
    return counts | _scent_counts(settings, style)


def _scent_counts(settings: SyntheticSettings, style: Ints) -> dict[str, NDArray[np.int64]]:
    """Fragrance, and the allergens that the law wants declared with it."""
    rng = random_stream(settings.seed, "formula scent")
    chances = np.array([s["scented"] for s in read_parameters("assortment")["styles"].values()])
    draws = rng.random((len(style), 2))
    scented = draws[:, 0] < chances[style]
    return {"fragrance": scented * 1, "allergen": scented * np.floor(draws[:, 1] * 5).astype(np.int64)}


def _label(settings: SyntheticSettings, contains: Bools) -> Ints:
    """Ingredients by falling amount, padded with -1."""
    rng = random_stream(settings.seed, "formula amounts")
    amount = np.log(ingredient_stock().levels) + rng.normal(0, 0.4, contains.shape)
    amount[~contains] = -np.inf
    longest = max(1, int(contains.sum(axis=1).max(initial=0)))
    label = (-amount).argsort(axis=1, kind="stable")[:, :longest].astype(np.int32)
    label[~np.take_along_axis(contains, label, axis=1)] = -1
    return label


def _effects(label: Ints) -> Floats:
    """Effect of each label on each concern: the first ingredients work most."""
    weight = np.exp(-np.arange(label.shape[1]) / LABEL_DECAY).astype(np.float32)
    effects = np.vstack([ingredient_stock().effects, np.zeros((1, len(CONCERNS)), np.float32)])
    total = np.zeros((len(label), len(CONCERNS)), np.float32)
    for place in range(label.shape[1]):
        total += weight[place] * effects[label[:, place]]
    return total
