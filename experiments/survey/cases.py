"""The cases of a survey: customers, each with the lists of two models on randomly drawn sides."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from infrastructure.errors import DataError
from recommender.contract import columns as c
from recommender.contract.query import CHALLENGER, CHAMPION, Item, Query, Recommendation
from recommender.contract.tables import Tables
from recommender.data.interactions import interactions
from recommender.engine.engine import Engine
from recommender.engine.queries import queries_from_tables
from settings.config import Config

SIDES: Final = ("a", "b")
_ID_LENGTH: Final = 8


@dataclass(frozen=True)
class SurveyCase:
    """One customer, and what two models would show.

    Attributes:
        case: Its number, by which raters refer to it.
        query: The query to both models; raters see what it says about the customer, but not the id.
        models: Which model's list is on which side: "champion" or "challenger", in the order of ``SIDES``.
        lists: The lists, in the same order.
    """

    case: str
    query: Query
    models: tuple[str, str]
    lists: tuple[tuple[Item, ...], tuple[Item, ...]]


@dataclass(frozen=True)
class Survey:
    """One user test; its id is a hash of models and cases: the same ones make the same survey."""

    id: str
    champion: str
    challenger: str
    cases: tuple[SurveyCase, ...]


def draw_survey(
    tables: Tables, champion: Engine, challenger: Engine, config: Config, *, reasons: bool = True
) -> Survey:
    """Draw customers with purchases and query both models for them.

    Without ``reasons`` no list has any: where one of the models has none, they would tell which is which.

    Raises:
        DataError: No customer has bought anything, or both models are the same.
    """
    if champion.version == challenger.version:
        raise DataError(
            "A survey compares two models.", field="version", value=champion.version, expected="two different versions"
        )
    rng = np.random.default_rng(config.seed)
    customers = _customers(tables, config.survey.customers, rng)
    drawn = queries_from_tables(tables, customers, config.seed, config.survey.k)
    answers = [engine.recommend(drawn, reasons) for engine in (champion, challenger)]
    swapped = rng.random(len(drawn)) < 0.5
    cases = tuple(
        _case(number, query, pair, swapped=bool(side))
        for number, (query, pair, side) in enumerate(zip(drawn, zip(*answers, strict=True), swapped, strict=True), 1)
    )
    return Survey(_name(champion.version, challenger.version, cases), champion.version, challenger.version, cases)


def _customers(tables: Tables, most: int, rng: np.random.Generator) -> list[str]:
    """Customers with purchases, at most ``most``."""
    known = sorted(interactions(tables)[c.CUSTOMER_ID].astype(str).unique())
    if not known:
        raise DataError("Nobody has bought anything: there is nobody to recommend to.", expected="purchases")
    return [str(customer) for customer in rng.choice(known, min(most, len(known)), replace=False)]


def _case(number: int, query: Query, answers: Sequence[Recommendation], *, swapped: bool) -> SurveyCase:
    models, lists = (CHAMPION, CHALLENGER), (answers[0].items, answers[1].items)
    if swapped:
        models, lists = (CHALLENGER, CHAMPION), (answers[1].items, answers[0].items)
    return SurveyCase(f"{number:03d}", query, models, lists)


def _name(champion: str, challenger: str, cases: Sequence[SurveyCase]) -> str:
    shown = [
        (case.query.customer_id, case.models, [item.product_id for side in case.lists for item in side])
        for case in cases
    ]
    return hashlib.sha256(repr((champion, challenger, shown)).encode()).hexdigest()[:_ID_LENGTH]


def unblinding_key(survey: Survey, customers: pd.DataFrame | None) -> pd.DataFrame:
    """Which list is which model's, one row a case: what raters must not see.

    It is a table, so that the erasure of a customer removes rows from it as from every other table.
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
        for case in survey.cases
    ]
    return pd.DataFrame(rows).assign(
        survey=survey.id, champion_version=survey.champion, challenger_version=survey.challenger
    )
