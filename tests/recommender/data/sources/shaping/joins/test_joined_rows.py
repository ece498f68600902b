"""The columns of another table beside those of a foreign one."""

import gzip
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import sqlalchemy
from hypothesis import given, settings
from hypothesis import strategies as st

from infrastructure.errors import ConfigError, DataError
from recommender.data.parsing.cell_texts import UNREADABLE
from recommender.data.sources.shaping.joins import joined_rows
from tests.support.shaped_tables import shaped, shaped_file, written

LINES = "order_id,sku,price\n7,p1,1\n 8 ,p2,2\n,p3,3\n9,p4,4\n"
ORDERS = "order_id;Email;price\n7.0;a@x;70\n8;b@x;80\n"


@pytest.fixture
def notes(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, dict[str, Any]]]:
    found: list[tuple[str, dict[str, Any]]] = []
    monkeypatch.setattr(joined_rows, "note", lambda text, **figures: found.append((text, figures)))
    return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    written(tmp_path, "x.csv", LINES)
    written(tmp_path, "orders.csv", ORDERS)
    return tmp_path


def test_columns_of_the_other_table_stand_beside_and_no_row_is_lost(folder: Path, notes: Any) -> None:
    join = {"file": "orders.csv", "delimiter": ";", "on": "order_id"}
    found = shaped_file(folder, join=join, names=["sku", "Email", "price"])
    assert [[*row.values()] for row in found] == [
        ["p1", "a@x", "1", "7"], ["p2", "b@x", "2", " 8 "], ["p3", None, "3", None], ["p4", None, "4", "9"],
    ]  # fmt: skip
    assert notes == [("rows without a partner in orders.csv", {"rows": 2, "of": 4})]


def test_with_a_name_its_columns_have_the_name(folder: Path) -> None:
    written(folder, "orders.csv", 'nr,price,address\n7,70,"{""city"": ""Köln""}"\n8,80,\n')
    join = {"file": "orders.csv", "on": {"order_id": "nr"}, "as": "order"}
    found = shaped_file(folder, join=join, names=["price", "order.price", "order.address.city"])
    assert [[*row.values()][:3] for row in found[:2]] == [["1", "70", "Köln"], ["2", "80", None]]


def test_several_rows_of_one_key_never_multiply_rows(folder: Path, notes: Any) -> None:
    written(folder, "orders.csv", "order_id,Email\n7,old@x\n7,new@x\n8,b@x\n")
    found = shaped_file(folder, join={"file": "orders.csv", "on": "order_id"}, names=["sku", "Email"])
    assert [row["Email"] for row in found] == ["new@x", "b@x", None, None]
    assert notes[0] == ("several rows of one key in orders.csv, the last counts", {"rows": 1})


def test_sums_of_several_rows(folder: Path) -> None:
    refunds = "order_id;sku;pieces;why\n7;p1;1,5;a\n7;p1;2;b\n8;p2;;c\n9;p4;two;d\n9;p4;1;e\n"
    written(folder, "refunds.csv", refunds)
    join = {"file": "refunds.csv", "delimiter": ";", "decimal": ",", "on": ["order_id", "sku"], "sum": "pieces"}
    found = shaped_file(folder, join={**join, "as": "r"}, names=["r.pieces", "r.why"])
    assert [row["r.why"] for row in found] == ["b", "c", None, "e"]
    assert [row["r.pieces"] for row in found] == [3.5, None, None, f"{UNREADABLE}two"]


def test_what_is_a_number_already_is_summed_as_it_is(tmp_path: Path) -> None:
    written(tmp_path, "x.csv", "k\na\nb\n")
    pd.DataFrame({"k": ["a", "a", "b"], "v": [0.5, 1.25, 7]}).to_parquet(tmp_path / "y.parquet")
    join = {"file": "y.parquet", "decimal": ",", "on": "k", "sum": ["v"], "as": "y"}
    assert [row["y.v"] for row in shaped_file(tmp_path, join=join, names=["y.v"])] == [1.75, 7]


def test_a_joined_table_is_read_and_shaped_by_all_its_own_keys(folder: Path) -> None:
    with gzip.open(folder / "orders.csv.gz", "wt", encoding="latin-1") as file:
        file.write("order_id|Email|state|tags\n7|é@x|paid|a,b\n|-|paid|\n7|x@x|void|\n8|c@x|paid|\n")
    join = {
        "file": "orders.csv.gz", "encoding": "latin-1", "delimiter": "|", "missing": ["-"], "on": "order_id", "as": "o",
        "where": {"state": "paid"}, "explode": {"column": "tags", "separator": ","}, "fill_down": ["order_id"],
    }  # fmt: skip
    found = shaped_file(folder, join=join, names=["o.Email", "o.tags"])
    assert [[*row.values()][:2] for row in found[:2]] == [[None, None], ["c@x", None]]


def test_joined_tables_may_be_joined_themselves_and_one_after_the_other(folder: Path) -> None:
    written(folder, "orders.csv", "order_id,who\n7,1\n8,2\n")
    written(folder, "people.csv", "id,mail,town\n1,a@x,T1\n2,b@x,T2\n")
    written(folder, "towns.csv", "town,country\nT1,FR\n")
    people = {"file": "people.csv", "on": {"who": "id"}}
    nested = {"file": "orders.csv", "on": "order_id", "join": people}
    chained = [{"file": "orders.csv", "on": "order_id"}, people, {"file": "towns.csv", "on": "town"}]
    for join, names in ((nested, ["mail"]), (chained, ["mail", "country"])):
        found = shaped_file(folder, join=join, names=names)
        assert [row["mail"] for row in found] == ["a@x", "b@x", None, None]
    assert [row["country"] for row in found] == ["FR", None, None, None]


def test_rows_are_filtered_by_columns_of_the_other_table_as_that_is_written(folder: Path) -> None:
    written(folder, "orders.csv", "order_id;state;total\n7;n/a;1.000,5\n8;paid;1,5\n")
    join = {"file": "orders.csv", "delimiter": ";", "decimal": ",", "missing": ["n/a"], "on": "order_id", "as": "o"}
    for where in ({"o.total": {"least": 1000}}, {"o.state": None, "order_id": 7}):
        assert [row["sku"] for row in shaped_file(folder, join=join, names=["sku"], where=where)] == ["p1"]


def test_a_pivoted_table_and_a_database_can_be_joined(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = sqlalchemy.create_engine(f"sqlite:///{folder}/shop.db")
    with engine.begin() as connection:
        connection.execute(sqlalchemy.text("create table orders (order_id integer, email text, paid numeric)"))
        connection.execute(sqlalchemy.text("insert into orders values (7, 'a@x', 12.5), (8, null, null)"))
    engine.dispose()
    monkeypatch.setenv("SHOP_DATABASE", f"sqlite:///{folder}/shop.db")
    written(folder, "properties.csv", "sku,name,value\np1,shade,rose\np2,shade,red\np1,fit,7\n")
    sql = {"sql": {"database": "SHOP_DATABASE", "query": "select * from orders"}, "on": "order_id"}
    pivot = {"key": "sku", "property": "name", "value": "value"}
    join = [sql, {"file": "properties.csv", "on": "sku", "pivot": pivot}]
    found = shaped_file(folder, join=join, names=["email", "paid", "shade"])
    rows = [[*row.values()][:3] for row in found]
    assert rows == [["a@x", Decimal("12.5"), "rose"], [None, None, "red"], [None] * 3, [None] * 3]


def test_a_join_in_which_no_key_matches_is_an_error_with_keys_of_both(folder: Path) -> None:
    written(folder, "orders.csv", "order_id,Email\nA,a\nB,b\nC,c\nD,d\n")
    with pytest.raises(DataError) as caught:
        shaped_file(folder, join={"file": "orders.csv", "on": "order_id"}, names=["Email"])
    message = str(caught.value)
    wanted = ["7, 8, 9", "A, B, C;", "x.csv and orders.csv", "join.on (order_id)", "'on: {ours: theirs}'"]
    assert not [words for words in wanted if words not in message], message


@pytest.mark.parametrize(
    ("join", "names", "said"),
    [
        ({"on": "nr"}, ["Email"], "field: nr"),
        ({"on": {"order_id": "nr"}}, ["Email"], "orders.csv\n  field: nr"),
        ({"on": "order_id"}, ["Emial"], "field: Emial\n  expected: 'Email', as it is written there; one of"),
        ({"on": "order_id", "as": "o"}, ["o.Emial"], "orders.csv\n  field: Emial\n  expected: 'Email', as it is"),
        ({"on": "order_id", "sum": ["qty"]}, ["Email"], "orders.csv\n  field: qty"),
    ],
)
def test_an_unknown_column_is_told_with_its_table(folder: Path, join: Any, names: list[str], said: str) -> None:
    with pytest.raises(DataError) as caught:
        shaped_file(folder, join={"file": "orders.csv", "delimiter": ";", **join}, names=names)
    assert said.partition("\n")[0] in str(caught.value)
    assert said.rpartition("\n")[2] in str(caught.value)


@pytest.mark.parametrize(
    ("join", "said"),
    [
        ({"columns": {"name": "x"}}, "no 'columns'"),
        ({"one_row_per": "name"}, "no 'one_row_per'"),
        ({"decimal": ","}, "add 'as'"),
        ({"on": []}, "at least 1"),
        ({"file": None}, "give one of 'file', 'sql' and 'api'"),
        ({"file": None, "sql": {"database": "S", "query": "q", "cursor": "c"}}, "no 'cursor'"),
    ],
)
def test_what_a_joined_table_cannot_say(join: Any, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        shaped({"x": [1]}, join={"file": "y.csv", "on": "x", **join})


def test_two_joined_tables_need_two_names() -> None:
    with pytest.raises(ConfigError, match="give each another 'as'"):
        shaped({"x": [1]}, join=[{"file": "y.csv", "on": "x", "as": "y"}] * 2)


@settings(max_examples=40, derandomize=True)
@given(ours=st.lists(st.sampled_from([None, 1, "1", " 1.0", 2.0, "3"]), max_size=8), theirs=st.sets(st.integers(1, 3)))
def test_each_row_has_its_one_partner(
    tmp_path_factory: pytest.TempPathFactory, ours: list[Any], theirs: set[int]
) -> None:
    folder = tmp_path_factory.mktemp("join")
    written(folder, "y.csv", "k,v\n" + "".join(f"{key},v{key}\n" for key in theirs) + ",nobody\n")
    found = {1: "v1", "1": "v1", " 1.0": "v1", 2.0: "v2", "3": "v3", None: None}
    wanted = [found[key] if found[key] and int(found[key][1]) in theirs else None for key in ours]
    try:
        rows = shaped({"k": ours}, folder, join={"file": "y.csv", "on": "k"}, names=["k", "v"])
    except DataError:
        assert not any(wanted)
        return
    assert [row["v"] for row in rows] == wanted
