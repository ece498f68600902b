"""Files of rows, as exports write them."""

import csv
import gzip
import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

Row = Mapping[str, Any]


def write_csv(path: Path, columns: str, rows: Iterable[Row], delimiter: str = ",", mark: bool = False) -> None:
    """``columns``, by commas, in this order, empty where a row has none; ``mark`` begins with a byte order mark."""
    with path.open("w", encoding="utf-8-sig" if mark else "utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns.split(","), restval="", delimiter=delimiter, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def write_jsonl(path: Path, rows: Iterable[Row]) -> None:
    lines = "".join(f"{json.dumps(row)}\n" for row in rows).encode()
    path.write_bytes(gzip.compress(lines, mtime=0) if path.suffix == ".gz" else lines)


def milliseconds(time: datetime) -> int:
    return int(time.timestamp() * 1000)
