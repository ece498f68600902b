"""The tables of customers and products: without hidden traits, and not always complete."""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from recommender.contract import columns as c
from recommender.synthetic.customers.customers import SimulatedCustomers
from recommender.synthetic.customers.needs import needs_of
from recommender.synthetic.products.ingredient_stock import ingredient_stock
from recommender.synthetic.products.products import SimulatedProducts
from recommender.synthetic.products.routine import routine
from recommender.synthetic.settings import SyntheticSettings
from recommender.synthetic.simulation import CONCERNS, Floats, random_stream, read_parameters
from recommender.synthetic.tables.cells import Cells, blanked, cells, iso_dates
from recommender.synthetic.tables.transactions import price_level

# Shares of customers and products whose records lack something.
NO_BIRTH_YEAR, NO_REGION, NO_SKIN_TYPE, NO_CONCERNS = 0.12, 0.06, 0.2, 0.35
AVOIDANCE_DECLARED = 0.7
NO_INGREDIENTS, NO_PRICE = 0.03, 0.01
OUT_OF_STOCK = 0.04
MOST_CONCERNS = 3
NEED_NOTICED, EFFECT_CLAIMED = 1.3, 1.5
RATINGS_A_DAY = 0.15  # earlier ratings of a product of average popularity


def customers_table(settings: SyntheticSettings, customers: SimulatedCustomers) -> pd.DataFrame:
    """What the shop knows of each customer."""
    draws = random_stream(settings.seed, "known of customers").random((len(customers), 4))
    regions, skin_types = (cells(list(read_parameters("needs")[name])) for name in ("regions", "skin_types"))
    declared = _declared_concerns(settings, customers)
    birth_year = customers.birth_year.astype(np.float64)
    birth_year[draws[:, 0] < NO_BIRTH_YEAR] = np.nan
    return pd.DataFrame(
        {
            c.CUSTOMER_ID: customers.ids,
            c.BIRTH_YEAR: birth_year,
            c.REGION: blanked(regions[customers.region], draws[:, 1] < NO_REGION),
            c.SKIN_TYPE: blanked(skin_types[customers.skin_type], draws[:, 2] < NO_SKIN_TYPE),
            c.CONCERNS: blanked(declared, draws[:, 3] < NO_CONCERNS),
            c.AVOIDED_INGREDIENTS: _declared_avoidances(settings, customers),
            c.SIGNUP_TIME: iso_dates(customers.signup),
        }
    )


def products_table(settings: SyntheticSettings, products: SimulatedProducts, day: int | None = None) -> pd.DataFrame:
    """The catalogue on a day (since 1970), else at the end of the recorded period.

    Ratings and loves are from before the period; products that are launched later are in it already.
    """
    draws = random_stream(settings.seed, "known of products").random((len(products), 3))
    today = np.full(len(products), settings.last_day if day is None else day, np.int32)
    stock = np.floor(-np.log(draws[:, 2]) * 120).astype(np.int64) + 1
    stock[(draws[:, 2] > 1 - OUT_OF_STOCK) | (products.withdrawn <= today)] = 0
    price = (products.price * price_level(settings, today)).round(2)
    price[draws[:, 1] < NO_PRICE] = np.nan
    return pd.DataFrame(
        {
            c.PRODUCT_ID: products.ids,
            c.NAME: _names(settings, products),
            c.BRAND: np.array(products.brands.names, object)[products.brand],
            c.CATEGORY: [" > ".join(routine()[step].path) for step in products.step.tolist()],
            c.FUNCTIONS: _claims(products),
            c.INGREDIENTS: blanked(_labels(products), draws[:, 0] < NO_INGREDIENTS),
            c.PRICE: price,
            c.STOCK: stock,
            c.LAUNCHED: iso_dates(products.launch),
            **_reputation(settings, products),
        }
    )


def _declared_concerns(settings: SyntheticSettings, customers: SimulatedCustomers) -> Cells:
    """The strongest needs at sign-up that customers notice."""
    who = np.arange(len(customers), dtype=np.int32)
    felt = needs_of(settings, customers, who, customers.signup)
    felt = felt + random_stream(settings.seed, "noticed needs").normal(0, 0.3, felt.shape).astype(np.float32)
    return cells([_strongest(row, NEED_NOTICED, list(CONCERNS), MOST_CONCERNS) for row in felt])


def _declared_avoidances(settings: SyntheticSettings, customers: SimulatedCustomers) -> Cells:
    """What customers avoid and have declared; None for nothing."""
    rng = random_stream(settings.seed, "declared avoidances")
    declared = customers.avoids & (rng.random(customers.avoids.shape) < AVOIDANCE_DECLARED)
    families = ingredient_stock().families
    return cells([[families[i] for i in np.flatnonzero(row)] or None for row in declared])


def _claims(products: SimulatedProducts) -> Cells:
    """The claims on each product's label."""
    words = [read_parameters("assortment")["claims"][concern] for concern in CONCERNS]
    claims = [_strongest(row, EFFECT_CLAIMED, words, 2) for row in products.formulas.effects]
    scented = products.formulas.families[:, ingredient_stock().families.index("fragrance")]
    formulas = [found + ["fragrance free"] * (not smells) for found, smells in zip(claims, scented, strict=True)]
    return cells([list(formulas[i]) for i in products.formula.tolist()])


def _strongest(values: Floats, least: float, names: list[str], most: int) -> list[str]:
    """The names of the highest values that reach ``least``, highest first."""
    return [names[i] for i in (-values).argsort(kind="stable")[:most] if values[i] >= least]


def _labels(products: SimulatedProducts) -> Cells:
    """Ingredient lists in label order."""
    names = ingredient_stock().names
    labels = [[names[i] for i in row if i >= 0] for row in products.formulas.label.tolist()]
    return cells([list(labels[i]) for i in products.formula.tolist()])


def _names(settings: SyntheticSettings, products: SimulatedProducts) -> list[str]:
    """Names such as "Luvea Barrier Cream 50 ml": brand, line, noun, size or shade."""
    draws = random_stream(settings.seed, "product names").random((len(products.formulas.step), 2))
    families = [_family_name(products, formula, draw) for formula, draw in enumerate(draws.tolist())]
    steps = products.step.tolist()
    sizes = [routine()[s].variants[v][0] for s, v in zip(steps, products.variant.tolist(), strict=True)]
    return [f"{families[f]} {size}" for f, size in zip(products.formula.tolist(), sizes, strict=True)]


def _family_name(products: SimulatedProducts, formula: int, draws: list[float]) -> str:
    """What all sizes and shades of a formula are called."""
    formulas = products.formulas
    lines = read_parameters("assortment")["names"]["lines"][CONCERNS[formulas.focus[formula]]]
    nouns = routine()[formulas.step[formula]].nouns
    noun, line = (parts[int(draw * len(parts))] for parts, draw in zip((nouns, lines), draws, strict=True))
    return f"{products.brands.names[formulas.brand[formula]]} {line} {noun}"


def _reputation(settings: SyntheticSettings, products: SimulatedProducts) -> dict[str, NDArray[Any]]:
    """Ratings and loves from before the recorded period, so that nothing leaks from the period."""
    rng = random_stream(settings.seed, "reputation")
    age = np.maximum(settings.first_day - products.launch, 0)
    count = rng.poisson(RATINGS_A_DAY * age * products.popularity / products.popularity.mean())
    spread = 0.9 / np.sqrt(np.maximum(count, 1))
    mean = np.clip(4.0 + 0.25 * products.quality + rng.normal(0, 1, len(products)) * spread, 1, 5).round(2)
    loves = rng.poisson(3.0 * count)
    mean[count == 0] = np.nan
    return {c.RATING_MEAN: mean, c.RATING_COUNT: count, c.LOVES: loves}
