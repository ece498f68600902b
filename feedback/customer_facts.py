"""Facts about customers and products that an answer is judged by: needs, avoided ingredients, prices."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Self

import pandas as pd

from recommender.contract import columns as c
from recommender.contract.query import customer_hash
from recommender.contract.tables import Tables
from recommender.data.cleaning.imputation import without_imputed_values
from recommender.data.interactions import interactions
from recommender.features.concerns import CLAIMED, product_concerns
from recommender.knowledge.knowledge import Knowledge


@dataclass(frozen=True)
class CustomerFacts:
    """Facts by product and by customer's pseudonym, looked up for each answer; empty where nothing is known.

    Attributes:
        prices: By product.
        serves: The concerns that a product serves, by product: it names them, or its ingredients are as strong for
            them as a claim. Almost every product has some ingredient that is good for something.
        holds: Products that contain what an avoided term means, by the customer's word for it.
        concerns: Declared concerns, by the customer's pseudonym.
        avoids: Avoided ingredients, by the customer's pseudonym.
        purchases: Number of purchases, by the customer's pseudonym.
        about: Attributes that customers are segmented by: one row a pseudonym; texts or missing.
    """

    prices: Mapping[str, float] = field(default_factory=dict[str, float])
    serves: Mapping[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]])
    holds: Mapping[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]])
    concerns: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    avoids: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    purchases: Mapping[str, int] = field(default_factory=dict[str, int])
    about: pd.DataFrame = field(default_factory=pd.DataFrame)

    @classmethod
    def from_tables(cls, tables: Tables, salt: str) -> Self:
        """The facts in the cleaned tables; ``salt`` is that of the log's pseudonyms (``serving.customer_salt``)."""
        tables, knowledge = without_imputed_values(tables), Knowledge.load()
        strengths = product_concerns(tables.products)
        names, rows = strengths.columns.to_numpy(), zip(strengths.index, strengths.to_numpy(), strict=True)
        serves = {str(product): frozenset(names[row >= CLAIMED]) for product, row in rows}
        customers = pd.DataFrame({c.CUSTOMER_ID: []}) if tables.customers is None else tables.customers
        pseudonyms = [customer_hash(customer, salt) for customer in customers[c.CUSTOMER_ID]]
        concerns = [knowledge.concerns_called(texts) for texts in _texts(customers, c.CONCERNS)]
        uses = interactions(tables)[c.CUSTOMER_ID].value_counts()
        avoids = dict(zip(pseudonyms, _texts(customers, c.AVOIDED_INGREDIENTS), strict=True))
        return cls(
            prices=_prices(tables.products),
            serves=serves,
            holds=_holds(tables.products, {text for texts in avoids.values() for text in texts}, knowledge),
            concerns=dict(zip(pseudonyms, concerns, strict=True)),
            avoids=avoids,
            purchases={customer_hash(str(customer), salt): int(count) for customer, count in uses.items()},
            about=customers.assign(**{c.CUSTOMER_ID: pseudonyms}).set_index(c.CUSTOMER_ID),
        )

    def needs(self, customer: str, products: Iterable[str]) -> tuple[int, int]:
        """How many of the customer's declared concerns some product of the list serves, and how many there are."""
        wanted = frozenset(self.concerns.get(customer, ()))
        served = frozenset[str]().union(*(self.serves.get(product, frozenset()) for product in products))
        return len(wanted & served), len(wanted)

    def violates(self, customer: str, products: Iterable[str]) -> bool:
        """Whether a product of the list contains what the customer declared to avoid."""
        shown = frozenset(products)
        return any(not shown.isdisjoint(self.holds.get(text, ())) for text in self.avoids.get(customer, ()))


def _prices(products: pd.DataFrame) -> dict[str, float]:
    if c.PRICE not in products:
        return {}
    known = products.loc[products[c.PRICE].notna(), [c.PRODUCT_ID, c.PRICE]]
    return dict(zip(known[c.PRODUCT_ID], known[c.PRICE].astype("float64"), strict=True))


def _texts(table: pd.DataFrame, column: str) -> list[tuple[str, ...]]:
    cells = table[column] if column in table else [None] * len(table)
    return [tuple(cell) if isinstance(cell, list) else () for cell in cells]


def _holds(products: pd.DataFrame, avoided: Iterable[str], knowledge: Knowledge) -> dict[str, frozenset[str]]:
    """The products that contain each avoided term.

    The rules have masks of their own for requests; this is computed independently, so that a fault there shows here.
    """
    labels = dict(zip(products[c.PRODUCT_ID], _texts(products, c.INGREDIENTS), strict=True))
    printed = {name for names in labels.values() for name in names}
    parsed = {name: knowledge.label(name) for name in printed}
    holds: dict[str, frozenset[str]] = {}
    for text in avoided:
        term = knowledge.resolve(text)
        meant = {name for name, label in parsed.items() if term.meets(label)}
        holds[text] = frozenset(product for product, names in labels.items() if not meant.isdisjoint(names))
    return holds
