"""What a model is fitted on: the catalogue, and every customer's history and profile, as arrays."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from infrastructure import SECONDS_A_DAY
from infrastructure.machine import require_memory
from recommender.contract import columns as c
from recommender.contract.query import Profile
from recommender.contract.tables import Tables
from recommender.data.interactions import interactions
from recommender.knowledge.knowledge import Knowledge
from recommender.models.avoidances import Avoidances
from recommender.models.histories import Histories, row_starts
from recommender.models.products.attributes import category_codes
from recommender.models.products.catalogue import Catalogue
from recommender.models.products.catalogue_building import build_catalogue
from recommender.models.products.rebuys import Rebuys

_INTERACTION_BYTES: Final = 400
"""Bytes that a transaction or rating takes while all are brought into their order; measured at two million."""


@dataclass(frozen=True)
class ModelData:
    """One data set as models see it.

    Attributes:
        catalogue: Its products.
        customer_ids: Customers with any history, sorted.
        histories: Their first interactions with each product, in the order of ``customer_ids``.
        baskets: What guests bought, a basket as if it were a customer: learnt from as what is bought together, but
            nobody's history, and no popularity, of which the re-ranker learns what it is worth to customers.
        profiles: What is known of them, in the same order.
        texts: By field, each product's text in the catalogue's order.
        rebuys: How products are bought again.
        avoidances: What any customer, with history or not, has declared to avoid.
    """

    catalogue: Catalogue
    customer_ids: list[str]
    histories: Histories
    baskets: Histories
    profiles: list[Profile]
    texts: dict[str, list[str]]
    rebuys: Rebuys
    avoidances: Avoidances


def model_data(tables: Tables, seed: int) -> ModelData:
    """Turn tables into arrays.

    Raises:
        CapacityError: There is not the memory for it.
    """
    rows = sum(len(table) for name, table in tables if name in (c.TRANSACTIONS, c.RATINGS, c.GUEST_BASKETS))
    require_memory(
        rows * _INTERACTION_BYTES,
        f"Ordering {rows:,} interactions",
        cure="take a machine with more memory, or fewer rows",
    )
    catalogue = build_catalogue(tables)
    firsts = first_interactions(tables, seed)
    customer_ids = sorted(firsts[c.CUSTOMER_ID].unique())
    return ModelData(
        catalogue=catalogue,
        customer_ids=customer_ids,
        histories=_histories(firsts, customer_ids, catalogue),
        baskets=_baskets(tables.guest_baskets, catalogue),
        profiles=profiles(tables, customer_ids),
        texts=_texts(tables, catalogue),
        rebuys=rebuys(tables, catalogue),
        avoidances=avoidances(tables),
    )


def first_interactions(tables: Tables, seed: int) -> pd.DataFrame:
    """Each customer's first interaction with each product, as :func:`ordered_interactions` has them.

    What is recommended is something new, so buying a product again is no new fact here.
    """
    rows = ordered_interactions(tables, seed)
    return rows.drop_duplicates([c.CUSTOMER_ID, c.PRODUCT_ID]).reset_index(drop=True)


def ordered_interactions(tables: Tables, seed: int) -> pd.DataFrame:
    """Each customer's interactions in the order in which they came: customer_id, product_id, time.

    Interactions of equal time (all, where there are no dates) and no position are ordered by a draw with ``seed`` that
    depends on customer and product alone, so that more rows never reorder the old ones.
    """
    rows = interactions(tables)
    keys = rows[c.CUSTOMER_ID] + "\x1f" + rows[c.PRODUCT_ID]
    rows = rows.assign(draw=pd.util.hash_pandas_object(keys, index=False, hash_key=f"{seed:016d}"[:16]))
    undated = rows[c.TIME].isna()
    rows.loc[undated, c.POSITION] = 0
    rows = rows.sort_values([c.CUSTOMER_ID, c.TIME, c.POSITION, "draw"], na_position="first", kind="stable")
    return rows[[c.CUSTOMER_ID, c.PRODUCT_ID, c.TIME]].reset_index(drop=True)


def profiles(tables: Tables, customer_ids: list[str]) -> list[Profile]:
    """The stored profile of each customer, concerns by their keys; an empty one where there is none."""
    if tables.customers is None:
        return [Profile()] * len(customer_ids)
    newest = interactions(tables)[c.TIME].max()
    year = 0 if pd.isna(newest) else int(newest.year)  # in which ages are counted; 0 where there are no dates
    # The id stays a column, too: a frame without any column has no records.
    rows = tables.customers.drop_duplicates(c.CUSTOMER_ID, keep="last").set_index(c.CUSTOMER_ID, drop=False)
    found = rows.reindex(customer_ids)
    return [_profile(row, year) for row in found.to_dict("records")]


def _histories(rows: pd.DataFrame, customer_ids: list[str], catalogue: Catalogue) -> Histories:
    lengths = rows.groupby(c.CUSTOMER_ID).size().reindex(customer_ids).to_numpy().astype(np.int64)
    return _flat(rows, lengths, catalogue)


def _baskets(rows: pd.DataFrame | None, catalogue: Catalogue) -> Histories:
    """Each transaction of guests, its products once and sorted; of one that goes on for days the day of each."""
    if rows is None:
        return Histories.from_sequences([], [], len(catalogue))
    dated = rows if c.TIME in rows else rows.assign(**{c.TIME: pd.Series(pd.NaT, rows.index, "datetime64[us, UTC]")})
    once = dated.sort_values([c.TRANSACTION_ID, c.TIME, c.PRODUCT_ID], na_position="first", kind="stable")
    once = once.drop_duplicates([c.TRANSACTION_ID, c.PRODUCT_ID])
    return _flat(once, once.groupby(c.TRANSACTION_ID).size().to_numpy().astype(np.int64), catalogue)


def _flat(rows: pd.DataFrame, lengths: NDArray[np.int64], catalogue: Catalogue) -> Histories:
    """Rows of several customers or baskets in their order, each with so many."""
    products = rows[c.PRODUCT_ID].map(catalogue.index).to_numpy().astype(np.int32)
    seconds = rows[c.TIME].astype("int64").to_numpy() // 1_000_000
    days = np.where(rows[c.TIME].isna(), 0, seconds // SECONDS_A_DAY).astype(np.int32)
    return Histories(row_starts(lengths), products, days, len(catalogue))


def rebuys(tables: Tables, catalogue: Catalogue) -> Rebuys:
    """How the products of a catalogue are bought again, in any variant, from the dated interactions in ``tables``."""
    rows = interactions(tables)
    dated = rows[rows[c.TIME].notna()]
    products = dated[c.PRODUCT_ID].map(catalogue.index).to_numpy().astype(np.int64)
    found = Rebuys.fit(
        customers=pd.factorize(dated[c.CUSTOMER_ID])[0],
        products=catalogue.family[products],
        days=dated[c.TIME].astype("int64").to_numpy() // (1_000_000 * SECONDS_A_DAY),
        categories=category_codes(catalogue),
    )
    return found.of_families(catalogue.family)


def avoidances(tables: Tables) -> Avoidances:
    """What customers have declared to avoid."""
    if tables.customers is None or c.AVOIDED_INGREDIENTS not in tables.customers:
        return Avoidances.from_declared({})
    rows = tables.customers.drop_duplicates(c.CUSTOMER_ID, keep="last")
    declared = zip(rows[c.CUSTOMER_ID], map(_listed, rows[c.AVOIDED_INGREDIENTS]), strict=True)
    return Avoidances.from_declared({customer: tuple(words) for customer, words in declared})


def _profile(row: Mapping[Any, Any], year: int) -> Profile:
    birth_year = _known(row.get(c.BIRTH_YEAR))
    return Profile(
        age=None if birth_year is None or not year else year - int(birth_year),
        region=_known(row.get(c.REGION)),
        skin_type=_known(row.get(c.SKIN_TYPE)),
        concerns=Knowledge.load().concerns_called(_listed(row.get(c.CONCERNS))),
        avoided_ingredients=tuple(_listed(row.get(c.AVOIDED_INGREDIENTS))),
    )


def _known(value: Any) -> Any:
    return None if value is None or pd.isna(value) else value


def _listed(value: Any) -> Iterator[str]:
    if isinstance(value, (list, tuple, np.ndarray)):
        yield from (str(item) for item in cast(list[Any], value))


def _texts(tables: Tables, catalogue: Catalogue) -> dict[str, list[str]]:
    """Names, brands, category paths, functions, ingredients and descriptions as texts, in the catalogue's order."""
    found = {c.NAME: catalogue.names, c.BRAND: catalogue.brands, c.CATEGORY: catalogue.categories}
    rows = tables.products.set_index(c.PRODUCT_ID).reindex(catalogue.product_ids)
    for field in (c.FUNCTIONS, c.INGREDIENTS):
        if field in rows:
            found[field] = [" ".join(item.replace(" ", "_") for item in _listed(value)) for value in rows[field]]
    if c.DESCRIPTION in rows:
        found[c.DESCRIPTION] = [_known(value) or "" for value in rows[c.DESCRIPTION]]
    return found
