"""Rows of a customer in one Parquet file."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from infrastructure.workspace import Workspace
from privacy.identity import CustomerIdentity
from privacy.stores import stores


def test_rows_of_a_transaction_that_leave_its_customer_to_another_row_go_with_it(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    path = tmp_path / "ingested/transactions/transactions.parquet"
    path.parent.mkdir(parents=True)
    cells = {"transaction_id": [1, 1, 2, 2, 3], "customer_id": ["ann", None, "bob", None, None], "row": [*range(5)]}
    pq.write_table(pa.table(cells), path, row_group_size=1)
    customer = CustomerIdentity("ann", "salt")
    (store,) = stores(workspace, customer)
    assert store.count(customer) == 2
    store.remove(customer)
    assert pq.read_table(path)["row"].to_pylist() == [2, 3, 4]
    assert store.count(customer) == 0
