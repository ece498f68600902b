"""What raters judge: customers, each with the lists of two models, on sides that the seed has drawn."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from infrastructure.errors import DataError
from recommender.contract import columns as c
from recommender.contract.query import Item, Query, Recommendation
from recommender.contract.tables import Tables
from recommender.data.interactions import interactions
from recommender.engine.engine import Engine
from recommender.engine.queries import queries_from_tables
from recommender.engine.variant_assignment import CHALLENGER, CHAMPION
from settings.config import Config

SIDES: Final = ("a", "b")
_ID_LENGTH: Final = 8


@dataclass(frozen=True)
class Case:
    """One customer, and what two models would show.

    Attributes:
        case: Its number, by which raters name it.
        query: What both models were asked; raters see what it says of the customer, not the id.
        models: Whose list stands on which side: "champion" or "challenger", in the order of ``SIDES``.
        lists: The lists, in the same order.
    """

    case: str
    query: Query
    models: tuple[str, str]
    lists: tuple[tuple[Item, ...], tuple[Item, ...]]


@dataclass(frozen=True)
class Survey:
    """One user test.

    Attributes:
        id: Names it, by models, seed and cases: the same ones make the same survey.
        champion: Version of one model.
        challenger: Version of the other.
        cases: What is judged.
    """

    id: str
    champion: str
    challenger: str
    cases: tuple[Case, ...]


def survey(tables: Tables, champion: Engine, challenger: Engine, config: Config) -> Survey:
    """Draw customers with purchases and ask both models for them.

    Raises:
        DataError: No customer has bought anything, or the models are one and the same.
    """
    if champion.version == challenger.version:
        raise DataError(
            "A survey compares two models.", field="version", value=champion.version, expected="two different versions"
        )
    rng = np.random.default_rng(config.seed)
    customers = _customers(tables, config.survey.customers, rng)
    asked = queries_from_tables(tables, customers, config.seed, config.survey.k)
    answers = [engine.recommend(asked) for engine in (champion, challenger)]
    turned = rng.random(len(asked)) < 0.5
    cases = tuple(
        _case(number, query, pair, turned=bool(side))
        for number, (query, pair, side) in enumerate(zip(asked, zip(*answers, strict=True), turned, strict=True), 1)
    )
    return Survey(_name(champion.version, challenger.version, cases), champion.version, challenger.version, cases)


def _customers(tables: Tables, most: int, rng: np.random.Generator) -> list[str]:
    """Customers with purchases, as many as are asked for and there are."""
    known = sorted(interactions(tables)[c.CUSTOMER_ID].astype(str).unique())
    if not known:
        raise DataError("Nobody has bought anything: there is nobody to recommend to.", expected="purchases")
    return [str(each) for each in rng.choice(known, min(most, len(known)), replace=False)]


def _case(number: int, query: Query, answers: Sequence[Recommendation], *, turned: bool) -> Case:
    models, lists = (CHAMPION, CHALLENGER), (answers[0].items, answers[1].items)
    if turned:
        models, lists = (CHALLENGER, CHAMPION), (answers[1].items, answers[0].items)
    return Case(f"{number:03d}", query, models, lists)


def _name(champion: str, challenger: str, cases: Sequence[Case]) -> str:
    shown = [
        (case.query.customer_id, case.models, [item.product_id for side in case.lists for item in side])
        for case in cases
    ]
    return hashlib.sha256(repr((champion, challenger, shown)).encode()).hexdigest()[:_ID_LENGTH]


def key(found: Survey, customers: pd.DataFrame | None) -> pd.DataFrame:
    """Which list is whose, one row a case: what raters must not see.

    A table, so that who is forgotten is taken out of it like out of every other.
    """
    skin = {}
    if customers is not None and c.SKIN_TYPE in customers:
        skin = dict(zip(customers[c.CUSTOMER_ID], customers[c.SKIN_TYPE], strict=True))
    rows = [
        {
            "case": case.case,
            c.CUSTOMER_ID: case.query.customer_id,
            c.SKIN_TYPE: skin.get(case.query.customer_id),
            **dict(zip(SIDES, case.models, strict=True)),
            **{model: [item.product_id for item in side] for model, side in zip(case.models, case.lists, strict=True)},
        }
        for case in found.cases
    ]
    return pd.DataFrame(rows).assign(
        survey=found.id, champion_version=found.champion, challenger_version=found.challenger
    )
