import pandas as pd
import pytest

from recommender.contract import columns as c
from recommender.evaluation import data_loss
from recommender.evaluation.data_loss import share_of_lost_interactions, write_interaction_sample

USES = {
    c.CUSTOMER_ID: [f"u{i % 7}" for i in range(40)],
    c.PRODUCT_ID: [f"p{i % 10}" for i in range(40)],
    c.TIME: pd.date_range("2025-01-01", periods=40, freq="D", tz="UTC").as_unit("us"),
}


PRODUCTS = {c.PRODUCT_ID: [f"p{i}" for i in range(10)], c.NAME: [f"Cream {i}" for i in range(10)]}


@pytest.fixture
def of(tables_of):
    """Tables of these transactions."""
    return lambda rows: tables_of(products=PRODUCTS, transactions=rows)


@pytest.fixture
def known(tmp_path, of):
    write_interaction_sample(of(USES), tmp_path)
    return tmp_path


def test_the_same_data_and_more_has_lost_nothing(known, of):
    more = pd.concat([pd.DataFrame(USES), pd.DataFrame(USES).assign(customer_id="new")])
    assert share_of_lost_interactions(known, of(more.to_dict("list"))) == 0


def test_what_is_missing_is_lost(known, of):
    assert share_of_lost_interactions(known, of(pd.DataFrame(USES).iloc[10:].to_dict("list"))) == 0.25


@pytest.mark.parametrize("column", [c.CUSTOMER_ID, c.PRODUCT_ID])
def test_a_column_beside_other_rows_loses_everything(known, of, column):
    assert share_of_lost_interactions(known, of({**USES, column: [*USES[column][1:], USES[column][0]]})) == 1


def test_uses_without_times_are_told_by_customer_and_product(tmp_path, tables_of):
    undated = {name: USES[name] for name in (c.CUSTOMER_ID, c.PRODUCT_ID)} | {c.RATING: [5.0] * 40}
    tables = tables_of(products=PRODUCTS, ratings=undated)
    write_interaction_sample(tables, tmp_path)
    assert share_of_lost_interactions(tmp_path, tables) == 0


def test_of_many_uses_the_same_ones_are_kept_each_time(tmp_path, of, monkeypatch):
    monkeypatch.setattr(data_loss, "SAMPLE_SIZE", 5)
    kept = []
    for name in "ab":
        (tmp_path / name).mkdir()
        write_interaction_sample(of(USES), tmp_path / name)
        kept.append((tmp_path / name / "known_uses.parquet").read_bytes())
    assert kept[0] == kept[1]
    assert len(pd.read_parquet(tmp_path / "a" / "known_uses.parquet")) == 5


def test_without_a_champion_nothing_can_be_lost(tmp_path, of):
    assert share_of_lost_interactions(tmp_path, of(USES)) is None
