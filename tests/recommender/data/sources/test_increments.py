from datetime import UTC, date, datetime
from decimal import Decimal

import pandas as pd
import pytest

from recommender.data.sources import increments
from recommender.data.sources.description.table_source import TableSource
from recommender.data.sources.increments import EarlierRows

SOURCE = TableSource.model_validate(
    {"sql": {"database": "SHOP", "query": "select 1", "cursor": "at"}, "columns": {"product_id": "id", "name": "id"}}
)
ROWS = pd.DataFrame({"product_id": ["p1"], "name": ["Cream"]})


@pytest.mark.parametrize(
    "cursor", [7, 7.5, "b", Decimal("7.50"), date(2025, 1, 2), datetime(2025, 1, 2, 3, 4, 5, 6, UTC), None]
)
def test_a_cursor_comes_back_as_it_was(tmp_path, cursor):
    increments.save_earlier(tmp_path, "products", SOURCE, EarlierRows(ROWS, cursor))
    kept = increments.load_earlier(tmp_path, "products", SOURCE)
    assert kept is not None
    assert (kept.cursor, type(kept.cursor)) == (cursor, type(cursor))
    pd.testing.assert_frame_equal(kept.rows, ROWS)


def test_an_interruption_leaves_rows_and_cursor_of_before(tmp_path, monkeypatch):
    increments.save_earlier(tmp_path, "products", SOURCE, EarlierRows(ROWS, 1))

    def killed(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(increments, "write_json", killed)
    with pytest.raises(KeyboardInterrupt):
        increments.save_earlier(tmp_path, "products", SOURCE, EarlierRows(pd.concat([ROWS, ROWS]), 2))
    kept = increments.load_earlier(tmp_path, "products", SOURCE)
    assert kept is not None
    assert (len(kept.rows), kept.cursor) == (1, 1)


def test_the_greatest_cursor_is_never_below_the_one_before():
    assert increments.greatest_cursor(pd.Series([3, None, 5], dtype=object), 4) == 5
    assert increments.greatest_cursor(pd.Series([3], dtype=object), 4) == 4
    assert increments.greatest_cursor(pd.Series([None], dtype=object), None) is None


def merged(old, new, key=("customer_id",), table="customers"):
    """(customer, avoided) of the stored rows after each read."""
    frames = [
        pd.DataFrame({"customer_id": [who for who, _ in rows], "avoided_ingredients": [words for _, words in rows]})
        for rows in (old, new)
    ]
    return increments.merge_rows(table, *frames, key)[["customer_id", "avoided_ingredients"]].to_numpy().tolist()


def test_several_rows_of_an_account_in_one_read_all_stay():
    assert merged([], [("a", ["nuts"]), ("b", None), ("a", ["soap"])]) == [
        ["a", ["nuts"]],
        ["a", ["soap"]],
        ["b", None],
    ]


def test_a_row_that_is_read_again_as_it_was_takes_no_other_rows_place():
    stored = [("a", ["nuts"]), ("a", ["soap"])]
    assert merged(stored, [("a", ["soap"])]) == [["a", ["nuts"]], ["a", ["soap"]]]
    assert merged(stored, [("a", [])]) == [["a", []]]


def test_a_list_may_be_a_part_of_the_key():
    key = ("customer_id", "avoided_ingredients")
    assert merged([("a", ["nuts"])], [("a", ["soap"])], key) == [["a", ["nuts"]], ["a", ["soap"]]]
