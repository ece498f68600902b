"""Every row of a workspace with its owner, read without what erases: what an erasure is judged by."""

import csv
import html
import io
import json
import re
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pyarrow.parquet as pq
from feast.infra.key_encoding_utils import serialize_entity_key
from feast.protos.feast.types.EntityKey_pb2 import EntityKey
from feast.protos.feast.types.Value_pb2 import Value

from benchmarks.erasures.shop import OddShop
from benchmarks.erasures.workspace import SALT
from infrastructure.workspace import Workspace
from privacy.page_rows import ERASED
from recommender.contract.identifiers import normalised_id
from recommender.contract.query import customer_hash

Row = tuple[str | None, str]
"""Whose it is, None for nobody's, and all that it says."""
_OURS: Final = ("run.lock", "forgotten.json", "erasures/", "pipeline/run/step/model/")
_PARTS: Final = re.compile(
    r'(<section id="customer-[^"]*">.*?</section>\n| *<a href="#[^"]*">.*?</a>\n|<tr>(?:(?!<tr>).)*</tr>)',
    flags=re.DOTALL,
)
_BESIDE: Final = ("-wal", "-shm")


@dataclass(frozen=True)
class Change:
    """What became of a workspace's rows.

    Attributes:
        gone: Rows of the customer that were there before.
        left: Those that are still there.
        of_others: Rows of others, and of nobody, that are not as they were.
    """

    gone: int
    left: int
    of_others: int


def change(before: dict[str, list[Row]], after: dict[str, list[Row]], customer: str) -> Change:
    """What differs between two states of a workspace, of which a customer was erased in between."""
    others, kept = _without(before, customer), _without(after, customer)
    differing = sum(_difference(others.get(name, []), kept.get(name, [])) for name in {**others, **kept})
    owned, left = (sum(row[0] == customer for rows in state.values() for row in rows) for state in (before, after))
    return Change(owned - left, left, differing)


def _without(state: dict[str, list[Row]], customer: str) -> dict[str, list[Row]]:
    return {name: [row for row in rows if row[0] != customer] for name, rows in state.items()}


def _difference(before: list[Row], after: list[Row]) -> int:
    """How many rows are in one list only; where only the order differs, all that stand elsewhere."""
    was, now = Counter(before), Counter(after)
    return ((was - now) + (now - was)).total() or sum(x != y for x, y in zip(before, after, strict=True))


class WorkspaceRows:
    """Reads the rows of an odd shop's workspace."""

    def __init__(self, shop: OddShop, workspace: Workspace) -> None:
        self._root = workspace.root
        self._cases = {f"{number:03d}": customer for number, customer in enumerate(shop.customers, 1)}
        self._names: dict[Any, str] = {customer_hash(customer, SALT): customer for customer in shop.customers}
        self._names.update({_entity_key(customer): customer for customer in shop.customers})

    def read(self) -> dict[str, list[Row]]:
        """The rows of each file."""
        files = {path.relative_to(self._root).as_posix(): path for path in self._root.rglob("*") if path.is_file()}
        return {
            name: [*self._rows(path)]
            for name, path in sorted(files.items())
            if not name.startswith(_OURS) and not name.endswith(_BESIDE)
        }

    def _rows(self, path: Path) -> Iterator[Row]:
        content = path.read_bytes()
        if content.startswith(b"PAR1"):
            yield None, str(pq.read_schema(path))
            yield from ((self._owner(row), repr(row)) for row in pq.read_table(path).to_pylist())
        elif content.startswith(b"SQLite"):
            yield from self._in_sqlite(path)
        elif path.name == "sheet.csv":
            for line in csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")):
                yield self._cases.get(line["case"]), repr(line)
        elif path.suffix == ".html":
            yield from self._in_page(content.decode())
        else:
            yield None, content.hex()

    def _in_sqlite(self, path: Path) -> Iterator[Row]:
        with closing(sqlite3.connect(path)) as connection:
            connection.row_factory = sqlite3.Row
            for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
                rows = connection.execute(f'SELECT * FROM "{table}"').fetchall()  # noqa: S608 (names of the file's own)
                yield from sorted((self._owner({**row}), repr({**row})) for row in rows)

    def _in_page(self, text: str) -> Iterator[Row]:
        """Sections and links of a survey's page by their case, examples by the row's customer, and the rest."""
        rest: list[str] = []
        for part in _PARTS.split(text):
            case = re.search(r'(?:id="|href="#)customer-(\d+)"', part)
            head, example = _divided(part)
            rest += [] if case else [head]
            if case:
                yield self._cases[case[1]], part
            elif example and ERASED not in example:
                yield _customer_in(html.unescape(example)), example
        yield None, "".join(rest)

    def _owner(self, row: dict[str, Any]) -> str | None:
        """The customer whose a row is, by the column that says so."""
        if "content" in row:
            row = json.loads(row["content"]) if row["table"] != "products" else {}
        if "customer_id" in row:
            return normalised_id(row["customer_id"])
        if "rater" in row:
            return self._cases[row["case"]]
        return self._names.get(row.get("customer", row.get("entity_key")))


def _divided(line: str) -> tuple[str, str]:
    """A line of the table of rejected rows: rule and figures, and the two cells with an example of a customer's."""
    cells = line.split("<td")
    example = "<td".join(cells[5:])
    named = ERASED in example or _customer_in(html.unescape(example)) is not None
    return ("<td".join(cells[:5]), example) if named else (line, "")


def _customer_in(example: str) -> str | None:
    """The customer of a row in JSON whose end may be missing."""
    _, named, text = example.partition('"customer_id": ')
    try:
        return normalised_id(json.JSONDecoder().raw_decode(text)[0]) if named else None
    except ValueError:
        return None


def _entity_key(customer: str) -> bytes:
    """Feast's own key of a customer in its online store."""
    key = EntityKey(join_keys=["customer_id"], entity_values=[Value(string_val=customer)])
    return serialize_entity_key(key, entity_key_serialization_version=3)
