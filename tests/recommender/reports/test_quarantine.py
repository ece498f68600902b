import pandas as pd
import pytest

from infrastructure.workspace import Workspace
from recommender.data.forgotten_customers import ForgottenCustomers
from recommender.reports.quarantine import show_quarantine
from settings.config import Config
from tests.support.small_data_set import TRANSACTIONS, DataSet


@pytest.fixture(autouse=True)
def _in_its_own_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def test_the_quarantine_shows_rule_meaning_count_and_example_and_a_repair_clears_it(data_set: DataSet) -> None:
    data_set.add("transactions", "transactions.csv", TRANSACTIONS + "t4,c2,p9,1,20,2025-02-02\nt5,c2,p1,1,20,soon\n")
    shown = show_quarantine(data_set.source, Config())
    assert "| transactions | 5 | 3 | 2 | 0 |" in shown
    meaning = "a product id that the products table does not have, or of a row that was dropped"
    assert f"| unknown_product | transactions | {meaning} | 1 | row 3: there is no product 'p9' `" in shown
    assert "| unreadable_time | transactions |" in shown
    data_set.add("transactions", "transactions.csv", TRANSACTIONS)
    assert "No rejected rows." in show_quarantine(data_set.source, Config())
    assert pd.read_parquet("var/small/quarantine.parquet").empty


def test_rows_that_the_source_leaves_out_are_counted_and_numbers_say_which_they_are(data_set: DataSet) -> None:
    assert "leaves out" not in show_quarantine(data_set.source, Config())
    data_set.add("transactions", "transactions.csv", TRANSACTIONS + "t4,c2,p1,9,20,2025-02-02\nt5,c2,p1,1,20,soon\n")
    data_set.described["tables"]["transactions"]["where"] = {"quantity": {"most": 1}}
    shown = show_quarantine(data_set.source, Config())
    assert "| transactions | 3 | 2 | 1 | 0 |" in shown
    assert "| rows that `where` leaves out of | count |\n| --- | ---: |\n| transactions | 2 |" in shown
    assert "row 2: " in shown.split("| unreadable_time |")[1].split("\n")[0]
    assert "Rows are numbered from 0 as they are mapped: after the source's `fill_down`" in shown


def test_what_is_filled_in_is_counted(data_set: DataSet) -> None:
    assert "No value is filled in" in show_quarantine(data_set.source, Config())
    data_set.add("products", "products.csv", "product_id,name,price\np1,Cream,12.5\np2,Gel,\np3,Mask,\n")
    config = Config.parse({"cleaning": {"missing": {"products": {"price": "median"}}}}, where="test")
    assert "| products.price | median | 2 |" in show_quarantine(data_set.source, config)


def test_as_many_examples_as_asked_for(data_set: DataSet) -> None:
    more = "t4,c2,p8,1,20,2025-02-02\nt5,c2,p9,1,20,2025-02-02\n"
    data_set.add("transactions", "transactions.csv", TRANSACTIONS + more)
    assert "'p9'" not in show_quarantine(data_set.source, Config())
    assert "'p9'" in show_quarantine(data_set.source, Config(), examples=2)


def test_a_forgotten_customers_rows_do_not_come_back(data_set: DataSet) -> None:
    data_set.add("transactions", "transactions.csv", TRANSACTIONS + "t4,c2,p9,1,20,2025-02-02\n")
    assert "'p9'" in show_quarantine(data_set.source, Config())
    workspace = Workspace.named("small")
    ForgottenCustomers.read(workspace.forgotten).remember("c2", workspace.forgotten)
    assert "No rejected rows." in show_quarantine(data_set.source, Config())
