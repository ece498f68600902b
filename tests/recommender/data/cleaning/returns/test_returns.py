"""What real shops write about returns, and what becomes of it: neither a use nor lost."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pandas as pd
import pytest

from recommender.contract import columns as c
from recommender.data.cleaning.prepare import Prepared, prepare
from recommender.data.interactions import interactions
from recommender.data.raw_tables import RawTables
from settings.config import Config

Build = Callable[..., RawTables]
DAYS = [f"2025-01-{day:02d}" for day in range(1, 10)]


def clean(raw: RawTables) -> Prepared:
    return prepare(raw, Config(), datetime(2025, 7, 1, tzinfo=UTC))


def lines(count: int, **columns: list[Any]) -> dict[str, list[Any]]:
    """So many lines of one customer and product, a day apart, and a purchase of somebody else."""
    right = {"customer_id": ["c1"] * count, "product_id": ["p1"] * count, "time": DAYS[:count]}
    other = {"customer_id": "c2", "product_id": "p2", "time": "2025-01-01", "quantity": 1, "unit_price": 10}
    found = right | columns
    return {name: [*cells, other.get(name)] for name, cells in found.items()}


def kept(prepared: Prepared, table: str = "transactions") -> list[int]:
    """Rows of the source that are no use any more are in quarantine; these are the others."""
    gone = {*prepared.quarantine.loc[prepared.quarantine[c.TABLE] == table, c.ROW]}
    return [row for row in range(prepared.read[table]) if row not in gone]


def told(prepared: Prepared, table: str = "transactions") -> dict[int, tuple[str, str]]:
    records = prepared.quarantine[prepared.quarantine[c.TABLE] == table]
    return {row[c.ROW]: (row[c.RULE], row[c.REASON]) for row in records.to_dict("records")}


@pytest.mark.parametrize("back", [2, -2, 5, "2"])
def test_a_line_of_which_all_pieces_came_back_is_no_use(raw: Build, back: object) -> None:
    prepared = clean(raw(transactions=lines(2, quantity=[2, 1], returned=[back, None])))
    assert told(prepared) == {0: ("returned", "every piece of this line came back")}
    assert prepared.tables.transactions is not None
    assert "returned" not in prepared.tables.transactions


def test_of_a_partial_return_the_quantity_falls(raw: Build) -> None:
    prepared = clean(raw(transactions=lines(1, quantity=[3], returned=[1])))
    assert prepared.tables.transactions is not None
    assert prepared.tables.transactions[c.QUANTITY].tolist() == [2, 1]
    assert prepared.quarantine.empty


def test_a_negative_line_and_its_purchase_point_to_each_other(raw: Build) -> None:
    prepared = clean(raw(transactions=lines(3, quantity=[1, 1, -1])))
    assert told(prepared) == {
        1: ("returned", "every piece came back: the return is row 2"),
        2: ("returned", "a quantity of -1 is a return: the purchase is row 1"),
    }


def test_a_return_names_its_transaction(raw: Build) -> None:
    prepared = clean(raw(transactions=lines(3, quantity=[1, 1, -1], transaction_id=["t1", "t2", "t1"])))
    assert kept(prepared) == [1, 3]


def test_a_return_sent_twice_takes_one_purchase_back(raw: Build) -> None:
    ids = ["t1", "t2", "r1", "r1"]
    times = [*DAYS[:3], DAYS[2]]
    prepared = clean(raw(transactions=lines(4, quantity=[1, 1, -1, -1], transaction_id=ids, time=times)))
    assert kept(prepared) == [0, 4]
    assert told(prepared)[3][0] == "duplicate"


def test_pieces_of_one_transaction_come_back_one_by_one(raw: Build) -> None:
    same = ["t1"] * 4
    prepared = clean(raw(transactions=lines(4, quantity=[4, -1, -1, -1], transaction_id=same)))
    assert prepared.tables.transactions is not None
    assert prepared.tables.transactions[c.QUANTITY].tolist() == [1, 1]
    assert [rule for rule, _ in told(prepared).values()] == ["returned"] * 3


def test_a_credit_does_not_hide_a_return_of_its_transaction(raw: Build) -> None:
    cells = {"quantity": [1, 1, -1], "unit_price": [10, -1, 10], "transaction_id": ["t1"] * 3}
    prepared = clean(raw(transactions=lines(3, **cells, time=["2025-01-01"] * 3)))
    assert kept(prepared) == [3]
    assert [rule for rule, _ in told(prepared).values()] == ["returned", "refund", "returned"]


def test_what_is_bought_again_after_the_return_counts(raw: Build) -> None:
    assert kept(clean(raw(transactions=lines(3, quantity=[1, -1, 1])))) == [2, 3]


def test_a_return_before_any_purchase_says_so(raw: Build) -> None:
    prepared = clean(raw(transactions=lines(2, quantity=[-1, 1])))
    assert told(prepared) == {0: ("refund", "a quantity of -1 is a return, and no purchase before it is here")}


def test_a_return_of_more_than_was_bought_says_so(raw: Build) -> None:
    prepared = clean(raw(transactions=lines(2, quantity=[1, -3])))
    assert told(prepared)[1] == (
        "returned",
        "a quantity of -3 is a return of more than was bought: the purchase is row 0",
    )


@pytest.mark.parametrize(
    ("price", "quantity", "left"),
    [(-10, 1, [2]), (-8, 1, [2]), (-3, 1, [0, 2]), (-3, 0, [0, 2]), (0, -1, [2]), (-10, -1, [2])],
    ids=["whole price", "less a fee", "part of the price", "no piece", "no price", "both negative"],
)
def test_only_what_pays_back_about_the_price_takes_pieces_back(
    raw: Build, price: float, quantity: int, left: list[int]
) -> None:
    prepared = clean(raw(transactions=lines(2, quantity=[1, quantity], unit_price=[10, price])))
    assert kept(prepared) == left
    if left == [0, 2]:
        rule, reason = told(prepared)[1]
        assert (rule, "is a credit" in reason) == ("refund", True)


def test_a_rating_of_what_came_back_is_a_use(raw: Build) -> None:
    ratings = {"customer_id": ["c1"], "product_id": ["p1"], "rating": [2], "time": ["2025-02-01"]}
    prepared = clean(raw(transactions=lines(2, quantity=[1, -1]), ratings=ratings))
    uses = interactions(prepared.tables)
    assert uses.loc[uses[c.CUSTOMER_ID] == "c1", [c.PRODUCT_ID, c.RATING]].to_numpy().tolist() == [["p1", 2.0]]


def events(*rows: tuple[str, Any, str]) -> dict[str, list[Any]]:
    """Purchase events: customer, value and time."""
    return {
        "customer_id": [customer for customer, _, _ in rows],
        "product_id": ["p1"] * len(rows),
        "type": ["purchase"] * len(rows),
        "value": [value for _, value, _ in rows],
        "time": [time for _, _, time in rows],
    }


def test_a_purchase_event_of_negative_pieces_takes_the_purchase_back(raw: Build) -> None:
    prepared = clean(raw(events=events(("c1", None, DAYS[0]), ("c1", -1, DAYS[5]), ("c2", 2, DAYS[0]))))
    assert told(prepared, "events") == {
        0: ("returned", "every piece came back: the return is row 1"),
        1: ("returned", "a quantity of -1 is a return: the purchase is row 0"),
    }


def test_an_event_that_tells_of_a_transaction_goes_with_it(raw: Build) -> None:
    told_twice = events(("c1", 1, "2025-01-01T12:00:00Z"), ("c1", -1, "2025-01-02T10:00:00Z"), ("c3", 1, DAYS[0]))
    prepared = clean(
        raw(transactions=lines(3, quantity=[1, -1, 1], time=[DAYS[0], DAYS[1], DAYS[8]]), events=told_twice)
    )
    assert kept(prepared) == [2, 3]
    assert told(prepared, "events") == {
        0: ("returned", "every piece came back: it tells of row 0 of transactions"),
        1: ("returned", "-1 is a return that tells of row 1 of transactions"),
    }
    uses = interactions(prepared.tables)
    assert uses.loc[uses[c.CUSTOMER_ID] == "c1", c.TIME].dt.day.tolist() == [9]


def test_a_return_that_only_an_event_tells_of_takes_the_transaction_back(raw: Build) -> None:
    sent = events(("c1", 1, DAYS[0]), ("c1", -1, DAYS[6]), ("c3", 1, DAYS[0]))
    prepared = clean(raw(transactions=lines(1, quantity=[1]), events=sent))
    assert kept(prepared) == [1]
    assert told(prepared)[0] == ("returned", "every piece came back: the return is row 1 of events")
    assert kept(prepared, "events") == [2]


def test_without_returns_nothing_changes(raw: Build) -> None:
    table = lines(3, quantity=[1, 2, 3])
    prepared = clean(raw(transactions=table))
    assert prepared.quarantine.empty
    assert prepared.tables.transactions is not None
    assert prepared.tables.transactions[c.QUANTITY].tolist() == [1, 2, 3, 1]


def test_a_source_names_what_came_back_by_its_status(data_set: Any) -> None:
    from recommender.data.sources.ingest import ingest

    text = "customer_id,product_id,quantity,time,status\nc1,p1,2,2025-01-01,Refunded\nc1,p2,1,2025-01-02,paid\n"
    data_set.add("transactions", "transactions.csv", text)
    del data_set.described["tables"]["transactions"]["columns"]["status"]
    data_set.described["tables"]["transactions"]["returned"] = {"status": ["Refunded", "returned"]}
    prepared = clean(ingest(data_set.source))
    assert told(prepared) == {0: ("returned", "every piece of this line came back")}
    table = prepared.tables.transactions
    assert isinstance(table, pd.DataFrame)
    assert table[c.PRODUCT_ID].tolist() == ["p2"]


def test_an_unreadable_quantity_costs_the_row_and_not_the_run(data_set: Any) -> None:
    from recommender.data.sources.ingest import ingest

    text = "customer_id,product_id,quantity,time,status\nc1,p1,some,2025-01-01,back\nc1,p2,1,2025-01-02,paid\n"
    data_set.add("transactions", "transactions.csv", text)
    del data_set.described["tables"]["transactions"]["columns"]["status"]
    data_set.described["tables"]["transactions"]["returned"] = {"status": "back"}
    prepared = clean(ingest(data_set.source))
    assert [(row, rule) for row, (rule, _) in told(prepared).items()] == [(0, "impossible_quantity")]


def test_other_tables_name_nothing_that_came_back(data_set: Any) -> None:
    from infrastructure.errors import ConfigError
    from recommender.data.sources.ingest import ingest

    data_set.described["tables"]["products"]["returned"] = {"name": "Gel"}
    with pytest.raises(ConfigError, match=r"(?s)Only rows of transactions.*tables\.products\.returned"):
        ingest(data_set.source)
