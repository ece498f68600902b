"""Whatever a shop leaves out, its data trains and answers, or is refused with words: never by a bug's traceback."""

import pandas as pd
import pytest

from infrastructure.errors import DataError
from recommender.contract.fields import CONTRACT
from recommender.data.cleaning.prepare import prepare
from recommender.data.raw_tables import RawTables
from recommender.engine.engine import Engine
from recommender.engine.queries import queries_from_tables
from recommender.models.model_data import profiles
from recommender.splits import split
from recommender.synthetic.settings import SyntheticSettings
from recommender.synthetic.shop import clean_tables
from recommender.training.bundles import train_bundles
from settings.config import Config

QUICK = {"ranker": {"enabled": False}, "groups": {"minimum": 5}}
RANKED = QUICK | {"ranker": {"trees": 3, "minimum_leaf": 2, "minimum_groups": 5}, "network": {"enabled": False}}
WHOLE = clean_tables(SyntheticSettings(customers=25, products=30, days=100))
REQUIRED = {name: [field.name for field in fields if field.required] for name, fields in CONTRACT.items()}
BARE = {name: table[REQUIRED[name]] for name, table in WHOLE.items()}
TIME = ("transactions", "time")
OPTIONAL = [
    (name, column)
    for name, table in WHOLE.items()
    for column in table
    if column not in REQUIRED[name] and (name, column) != TIME
]


def answers(tables, folder, model=QUICK):
    """How many products each customer with a history is recommended, by a model of these raw tables."""
    config = Config.parse({"model": model}, where="test")
    clean = prepare(RawTables("sparse", dict(tables)), config).tables
    train_bundles(split(clean, config), config, folder / "judged", folder / "model")
    customers = sorted({*(clean.transactions if clean.transactions is not None else clean.ratings)["customer_id"]})[:3]
    found = Engine.load(folder / "model").recommend(queries_from_tables(clean, customers, 0, 5))
    return [len(answer.items) for answer in found]


def test_a_table_of_customers_may_have_ids_alone(tmp_path):
    assert min(answers(WHOLE | {"customers": BARE["customers"]}, tmp_path, RANKED)) > 0


def test_customers_with_ids_alone_have_a_profile_each():
    clean = prepare(RawTables("bare", BARE), Config()).tables
    assert len(profiles(clean, ["nobody", *clean.customers["customer_id"]])) == 1 + len(clean.customers)


@pytest.mark.parametrize("name", CONTRACT)
def test_a_table_may_have_its_required_columns_alone(name, tmp_path):
    assert max(answers(WHOLE | {name: BARE[name]}, tmp_path)) > 0


@pytest.mark.parametrize("names", [("transactions",), ("ratings",), ("transactions", "ratings", "events", "customers")])
def test_all_tables_may_have_their_required_columns_alone(names, tmp_path):
    assert min(answers({name: BARE[name] for name in ("products", *names)}, tmp_path)) > 0


@pytest.mark.slow
@pytest.mark.parametrize(("name", "column"), OPTIONAL)
def test_any_optional_column_may_be_missing_or_empty(name, column, tmp_path):
    for at, table in enumerate((WHOLE[name].drop(columns=column), WHOLE[name].assign(**{column: None}))):
        assert max(answers(WHOLE | {name: table}, tmp_path / str(at))) > 0


def test_a_column_of_times_may_be_missing_but_not_empty(tmp_path):
    table, column = TIME
    assert min(answers(WHOLE | {table: WHOLE[table].drop(columns=column)}, tmp_path)) > 0
    with pytest.raises(DataError, match=r"(?s)No row of transactions.*the time is missing"):
        answers(WHOLE | {table: WHOLE[table].assign(**{column: None})}, tmp_path)


@pytest.mark.parametrize("name", ["transactions", "ratings"])
def test_one_row_is_enough(name, tmp_path):
    assert answers({"products": WHOLE["products"], name: WHOLE[name].head(1)}, tmp_path) == [5]


def test_one_product_leaves_nothing_to_recommend(tmp_path):
    sold = pd.DataFrame({"customer_id": ["a", "b"], "product_id": "p"})
    products = pd.DataFrame({"product_id": ["p"], "name": ["Cream"]})
    assert answers({"products": products, "transactions": sold}, tmp_path) == [0, 0]


@pytest.mark.parametrize("name", CONTRACT)
def test_a_table_with_headers_alone_is_refused(name, tmp_path):
    with pytest.raises(DataError, match=rf"(?s)no rows.*{name}"):
        answers(WHOLE | {name: WHOLE[name].head(0)}, tmp_path)
