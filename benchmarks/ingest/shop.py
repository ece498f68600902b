"""A foreign shop of any size in Parquet or csv: transactions under foreign names, in a minute for ten million."""

from itertools import chain
from pathlib import Path
from typing import IO, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.csv as arrow_csv
import pyarrow.parquet as pq

from benchmarks.draws import padded_ids, random_times, skewed

_BATCH: Final = 1_000_000
_SOURCE: Final = """name: large
tables:
  products:
    file: products.csv
    columns: {product_id: sku, name: title, price: cost}
  transactions:
    file: sales.FORMAT
    columns:
      transaction_id: receipt
      customer_id: client
      product_id: sku
      quantity: pieces
      unit_price: {from: cents, scale: 0.01}
      time: sold_at
"""


def write_foreign_shop(folder: Path, rows: int, form: str, seed: int = 0) -> Path:
    """Write a shop of so many transactions, and the source file that describes it, which is returned.

    Args:
        folder: For both.
        rows: Transactions; a tenth as many customers, a hundredth as many products.
        form: "parquet" or "csv".
        seed: Of all draws.
    """
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(seed)
    customers, products = padded_ids("c", 0, max(rows // 10, 10)), padded_ids("p", 0, max(rows // 100, 10))
    titles = pa.table({"sku": products, "title": products, "cost": pa.array(np.ones(len(products)))})
    arrow_csv.write_csv(titles, folder / "products.csv")
    _write(folder / f"sales.{form}", rows, customers, products, rng)
    source = folder / "source.yaml"
    source.write_text(_SOURCE.replace("FORMAT", form), encoding="utf-8")
    return source


def _write(path: Path, rows: int, customers: pa.Array, products: pa.Array, rng: np.random.Generator) -> None:
    parts = (_sales(begin, min(_BATCH, rows - begin), customers, products, rng) for begin in range(0, rows, _BATCH))
    first = next(parts)
    with path.open("wb") as file, _writer(path, file, first) as writer:
        for part in chain([first], parts):
            writer.write_table(part)


def _writer(path: Path, file: IO[bytes], rows: pa.Table) -> Any:
    if path.suffix == ".parquet":
        return pq.ParquetWriter(file, rows.schema)
    # Without quotes, as most shops' exports are.
    file.write(f"{','.join(rows.column_names)}\n".encode())
    plain = arrow_csv.WriteOptions(include_header=False, quoting_style="none")
    return arrow_csv.CSVWriter(file, rows.schema, write_options=plain)


def _sales(begin: int, count: int, customers: pa.Array, products: pa.Array, rng: np.random.Generator) -> pa.Table:
    return pa.table(
        {
            "receipt": padded_ids("t", begin, count),
            "client": customers.take(skewed(len(customers), count, 0.4, rng)),
            "sku": products.take(skewed(len(products), count, 0.7, rng)),
            "pieces": pa.array(rng.integers(1, 4, count)),
            "cents": pa.array(rng.integers(100, 9_000, count)),
            "sold_at": random_times(count, rng),
        }
    )
