"""Customers and products as the shop's own records show them: without what is hidden, and not always complete."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from recommender import columns as c
from recommender.synthetic.customers import Customers
from recommender.synthetic.inventory import inventory
from recommender.synthetic.needs import needs_of
from recommender.synthetic.products import Products, variants_of
from recommender.synthetic.settings import SyntheticSettings
from recommender.synthetic.streams import stream
from recommender.synthetic.times import iso_dates
from recommender.synthetic.transactions import price_level
from recommender.synthetic.truth import CONCERNS, Floats, read

# Shares of customers and products whose records lack something.
NO_BIRTH_YEAR, NO_REGION, NO_SKIN_TYPE, NO_CONCERNS = 0.12, 0.06, 0.2, 0.35
AVOIDANCE_DECLARED = 0.7
NO_INGREDIENTS, NO_PRICE = 0.03, 0.01
OUT_OF_STOCK = 0.04
MOST_CONCERNS = 3
NEED_NOTICED, EFFECT_CLAIMED = 1.3, 1.5
RATINGS_A_DAY = 0.15  # earlier ratings of a product of average popularity


def customers_table(settings: SyntheticSettings, customers: Customers) -> pd.DataFrame:
    """What the shop knows of each customer."""
    draws = stream(settings.seed, "known of customers").random((len(customers), 4))
    regions, skin_types = (np.array(list(read("needs")[name]), object) for name in ("regions", "skin_types"))
    declared = _declared_concerns(settings, customers)
    birth_year = customers.birth_year.astype(np.float64)
    birth_year[draws[:, 0] < NO_BIRTH_YEAR] = np.nan
    return pd.DataFrame(
        {
            c.CUSTOMER_ID: customers.ids,
            c.BIRTH_YEAR: birth_year,
            c.REGION: np.where(draws[:, 1] < NO_REGION, None, regions[customers.region]),
            c.SKIN_TYPE: np.where(draws[:, 2] < NO_SKIN_TYPE, None, skin_types[customers.skin_type]),
            c.CONCERNS: np.where(draws[:, 3] < NO_CONCERNS, None, declared),
            c.AVOIDED_INGREDIENTS: _declared_avoidances(settings, customers),
            c.SIGNUP_TIME: iso_dates(customers.signup),
        }
    )


def products_table(settings: SyntheticSettings, products: Products) -> pd.DataFrame:
    """The catalogue at the end of the recorded period; ratings and loves are those from before the period."""
    draws = stream(settings.seed, "known of products").random((len(products), 3))
    steps = list(read("assortment")["steps"].values())
    today = np.full(len(products), settings.last_day, np.int32)
    stock = np.floor(-np.log(draws[:, 2]) * 120).astype(np.int64) + 1
    stock[draws[:, 2] > 1 - OUT_OF_STOCK] = 0
    price = (products.price * price_level(settings, today)).round(2)
    price[draws[:, 1] < NO_PRICE] = np.nan
    return pd.DataFrame(
        {
            c.PRODUCT_ID: products.ids,
            c.NAME: _names(settings, products),
            c.BRAND: np.array(products.brands.names, object)[products.brand],
            c.CATEGORY: [" > ".join(steps[step]["path"]) for step in products.step.tolist()],
            c.FUNCTIONS: _claims(products),
            c.INGREDIENTS: np.where(draws[:, 0] < NO_INGREDIENTS, None, _labels(products)),
            c.PRICE: price,
            c.STOCK: stock,
            c.LAUNCHED: iso_dates(products.launch),
            **_reputation(settings, products),
        }
    )


def _lists(lists: list[list[str]]) -> NDArray[np.object_]:
    """Lists as the cells of an object array (numpy would make a matrix of lists of one length)."""
    cells = np.empty(len(lists), object)
    cells[:] = lists
    return cells


def _declared_concerns(settings: SyntheticSettings, customers: Customers) -> NDArray[np.object_]:
    """The strongest needs at sign-up, as far as customers notice them."""
    who = np.arange(len(customers), dtype=np.int32)
    felt = needs_of(settings, customers, who, customers.signup)
    felt = felt + stream(settings.seed, "noticed needs").normal(0, 0.3, felt.shape).astype(np.float32)
    return _lists([_strongest(row, NEED_NOTICED, list(CONCERNS), MOST_CONCERNS) for row in felt])


def _declared_avoidances(settings: SyntheticSettings, customers: Customers) -> NDArray[np.object_]:
    """What customers avoid and have told the shop; None for nothing."""
    rng = stream(settings.seed, "declared avoidances")
    told = customers.avoids & (rng.random(customers.avoids.shape) < AVOIDANCE_DECLARED)
    families = inventory().families
    return _lists([[families[i] for i in np.flatnonzero(row)] or None for row in told])  # pyright: ignore[reportArgumentType]


def _claims(products: Products) -> NDArray[np.object_]:
    """What the label says a product does."""
    words = [read("assortment")["claims"][concern] for concern in CONCERNS]
    claims = [_strongest(row, EFFECT_CLAIMED, words, 2) for row in products.formulas.effects]
    scented = products.formulas.families[:, inventory().families.index("fragrance")]
    formulas = [found + ["fragrance free"] * (not smells) for found, smells in zip(claims, scented, strict=True)]
    return _lists([list(formulas[i]) for i in products.formula.tolist()])


def _strongest(values: Floats, least: float, names: list[str], most: int) -> list[str]:
    """The names of the highest values that reach ``least``, highest first."""
    return [names[i] for i in (-values).argsort(kind="stable")[:most] if values[i] >= least]


def _labels(products: Products) -> NDArray[np.object_]:
    """Ingredient lists in label order."""
    names = inventory().names
    labels = [[names[i] for i in row if i >= 0] for row in products.formulas.label.tolist()]
    return _lists([list(labels[i]) for i in products.formula.tolist()])


def _names(settings: SyntheticSettings, products: Products) -> list[str]:
    """Names such as "Luvea Barrier Cream 50 ml": brand, line, noun, size or shade."""
    parts = read("assortment")
    steps, lines = list(parts["steps"].values()), [parts["names"]["lines"][concern] for concern in CONCERNS]
    formulas = products.formulas
    draws = stream(settings.seed, "product names").random((len(formulas.step), 2)).tolist()
    names: list[str] = []
    for formula, variant in zip(products.formula.tolist(), products.variant.tolist(), strict=True):
        step, line = steps[formulas.step[formula]], lines[formulas.focus[formula]]
        noun = step["nouns"][int(draws[formula][0] * len(step["nouns"]))]
        brand = products.brands.names[formulas.brand[formula]]
        size = variants_of(step)[variant][0]
        names.append(f"{brand} {line[int(draws[formula][1] * len(line))]} {noun} {size}")
    return names


def _reputation(settings: SyntheticSettings, products: Products) -> dict[str, np.ndarray]:
    """Ratings and loves from before the recorded period, so that they tell nothing of what happens in it."""
    rng = stream(settings.seed, "reputation")
    age = np.maximum(settings.first_day - products.launch, 0)
    count = rng.poisson(RATINGS_A_DAY * age * products.popularity / products.popularity.mean())
    spread = 0.9 / np.sqrt(np.maximum(count, 1))
    mean = np.clip(4.0 + 0.25 * products.quality + rng.normal(0, 1, len(products)) * spread, 1, 5).round(2)
    loves = rng.poisson(3.0 * count)
    mean[count == 0] = np.nan
    return {c.RATING_MEAN: mean, c.RATING_COUNT: count, c.LOVES: loves}
