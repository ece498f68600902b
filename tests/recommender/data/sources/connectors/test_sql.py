from contextlib import contextmanager

import pandas as pd
import pytest
import sqlalchemy
import yaml

from infrastructure.errors import ConfigError, DataError
from recommender.data.sources.connectors.sql import read_sql
from recommender.data.sources.description.remote_settings import SqlSource
from recommender.data.sources.ingest import ingest
from tests.support.servers.postgres_server import server

SALES = "create table sales (id integer, who text, what text, paid numeric(8,2), changed timestamp with time zone)"
ROWS = [(1, "anna", "p1", 12.5, "2025-01-01T00:00:00Z"), (2, "ben", "p2", 8, "2025-01-02T00:00:00Z")]


@contextmanager
def postgres():
    """The SQLAlchemy URL of a server, which takes any password."""
    with server() as address:
        yield address.replace("postgresql://test@", "postgresql+psycopg://test:s3cret@") + "/postgres"


@pytest.fixture(scope="module")
def real_database():
    with postgres() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request, tmp_path, monkeypatch):
    """An engine of a database with a table of sales; its URL is in the environment."""
    url = f"sqlite:///{tmp_path}/shop.db" if request.param == "sqlite" else request.getfixturevalue("real_database")
    monkeypatch.setenv("SHOP_DATABASE", url)
    engine = sqlalchemy.create_engine(url)
    run(engine, "drop table if exists sales", SALES)
    sell(engine, *ROWS)
    yield engine
    engine.dispose()


def run(engine, *statements):
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(sqlalchemy.text(statement))


def sell(engine, *rows):
    run(
        engine,
        *(f"insert into sales values ({i}, '{who}', '{what}', {paid}, '{at}')" for i, who, what, paid, at in rows),
    )


@pytest.fixture
def source(tmp_path):
    (tmp_path / "products.csv").write_text("id\np1\np2\np3\n")
    columns = {
        "transaction_id": "id",
        "customer_id": "who",
        "product_id": "what",
        "unit_price": "paid",
        "time": "changed",
    }
    sql = {"database": "SHOP_DATABASE", "query": "select * from sales;", "cursor": "changed"}
    products = {"file": "products.csv", "columns": {"product_id": "id", "name": "id"}}
    described = {"name": "small", "tables": {"products": products, "transactions": {"sql": sql, "columns": columns}}}
    path = tmp_path / "source.yaml"
    path.write_text(yaml.safe_dump(described))
    return path


def transactions(source, store=None):
    return ingest(source, store).tables["transactions"]


@pytest.mark.usefixtures("database")
def test_a_query_is_a_table(source):
    frame = transactions(source)
    assert frame["transaction_id"].astype(str).tolist() == ["1", "2"]
    assert frame["unit_price"].astype(float).tolist() == [12.5, 8.0]
    assert pd.to_datetime(frame["time"], utc=True).tolist() == [pd.Timestamp(row[-1]) for row in ROWS]


def test_a_second_ingest_reads_only_what_is_new_and_a_restated_row_is_not_doubled(database, source, tmp_path):
    store = tmp_path / "ingested"
    assert len(transactions(source, store)) == 2
    run(database, "delete from sales where id = 1")  # what is known is not asked for again
    sell(database, (3, "cleo", "p3", 20, "2025-01-03T00:00:00Z"), (2, "ben", "p2", 9, "2025-01-04T00:00:00Z"))
    frame = transactions(source, store)
    assert frame["transaction_id"].astype(str).tolist() == ["1", "2", "3"]
    assert frame["product_id"].tolist() == ["p1", "p2", "p3"]
    assert frame["unit_price"].astype(float).tolist() == [12.5, 9, 20]
    pd.testing.assert_frame_equal(transactions(source, store), frame)


def test_a_row_of_the_same_moment_is_not_missed(database, source, tmp_path):
    transactions(source, tmp_path / "ingested")
    sell(database, (3, "cleo", "p3", 20, ROWS[-1][-1]))
    assert len(transactions(source, tmp_path / "ingested")) == 3


def test_rows_without_an_id_stay_once_each(database, source, tmp_path):
    sell(
        database, ("null", "cleo", "p3", 20, "2025-01-02T00:00:00Z"), ("null", "dora", "p3", 20, "2025-01-02T00:00:00Z")
    )
    for _ in range(2):
        assert len(transactions(source, tmp_path / "ingested")) == 4


def test_a_changed_description_reads_everything_anew(database, source, tmp_path):
    transactions(source, tmp_path / "ingested")
    run(database, "delete from sales where id = 1")
    source.write_text(source.read_text().replace("select * from sales;", "select * from sales where id > 0"))
    assert transactions(source, tmp_path / "ingested")["transaction_id"].astype(str).tolist() == ["2"]


def test_a_failure_leaves_what_is_kept(database, source, tmp_path):
    store = tmp_path / "ingested"
    before = transactions(source, store)
    run(database, "alter table sales rename column paid to price")
    sell(database, (4, "dora", "p1", 1, "2025-02-01T00:00:00Z"))
    with pytest.raises(DataError, match="column"):
        transactions(source, store)
    run(database, "alter table sales rename column price to paid")
    frame = transactions(source, store)
    pd.testing.assert_frame_equal(frame.head(2), before)
    assert len(frame) == 3


def test_a_server_that_goes_away_is_told_without_its_password(source, tmp_path, monkeypatch):
    with postgres() as url:
        monkeypatch.setenv("SHOP_DATABASE", url)
        engine = sqlalchemy.create_engine(url)
        run(engine, SALES)
        sell(engine, *ROWS)
        engine.dispose()
        transactions(source, tmp_path / "ingested")
    with pytest.raises(DataError, match="cannot be read") as told:
        transactions(source, tmp_path / "ingested")
    assert "s3cret" not in str(told.value)
    assert len(pd.read_parquet(tmp_path / "ingested/transactions/transactions.parquet")) == 2


@pytest.mark.parametrize("url", ["", "no url", "nodriver://x/y"])
def test_a_database_that_cannot_be_is_told_by_the_variable(monkeypatch, url):
    monkeypatch.setenv("SHOP_DATABASE", url)
    with pytest.raises(ConfigError) as told:
        read_sql(SqlSource(database="SHOP_DATABASE", query="select 1"))
    assert "SHOP_DATABASE" in str(told.value)


def test_a_cursor_needs_what_names_a_row(source):
    described = yaml.safe_load(source.read_text())
    del described["tables"]["transactions"]["columns"]["transaction_id"]
    source.write_text(yaml.safe_dump(described))
    with pytest.raises(ConfigError) as told:
        ingest(source)
    assert told.value.field == "tables.transactions.key"


def test_a_key_of_its_own_lets_a_row_change_its_product(database, source, tmp_path):
    described = yaml.safe_load(source.read_text())
    described["tables"]["transactions"]["key"] = ["transaction_id"]
    source.write_text(yaml.safe_dump(described))
    transactions(source, tmp_path / "ingested")
    sell(database, (2, "ben", "p3", 8, "2025-01-04T00:00:00Z"))
    assert transactions(source, tmp_path / "ingested")["product_id"].tolist() == ["p1", "p3"]


@pytest.mark.usefixtures("database")
def test_a_query_with_one_name_for_two_columns_is_refused():
    with pytest.raises(DataError, match=r"(?s)Several columns.*who"):
        read_sql(SqlSource(database="SHOP_DATABASE", query="select id, who, what as who from sales"))
