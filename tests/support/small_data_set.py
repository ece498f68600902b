"""A small data set in files, whole and right, for tests to break one thing of."""

from pathlib import Path
from typing import Any

import yaml

PRODUCTS = "product_id,name,price\np1,Barrier Cream,12.5\np2,Gel Cleanser,8\np3,Clay Mask,20\n"
TRANSACTIONS = (
    "transaction_id,customer_id,product_id,quantity,unit_price,time\n"
    "t1,c1,p1,1,12.5,2025-01-01\n"
    "t2,c1,p2,2,8,2025-01-09\n"
    "t3,c2,p3,1,20,2025-02-01T10:30:00Z\n"
)


class DataSet:
    """Files of a data set and the YAML that describes them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.described: dict[str, Any] = {"name": "small", "tables": {}}
        self.add("products", "products.csv", PRODUCTS)
        self.add("transactions", "transactions.csv", TRANSACTIONS)

    def add(self, table: str, file: str, text: str) -> None:
        """A table under our own column names, as a csv file."""
        (self.folder / file).write_text(text, encoding="utf-8")
        columns = {name: name for name in text.splitlines()[0].split(",")}
        self.described["tables"][table] = {"file": file, "columns": columns}

    @property
    def source(self) -> Path:
        """The YAML file."""
        path = self.folder / "source.yaml"
        path.write_text(yaml.safe_dump(self.described), encoding="utf-8")
        return path
