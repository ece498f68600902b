"""Every place of a workspace that has customers' rows, and what says there whose a row is: the map of an erasure."""

from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Final, Protocol

import pyarrow.parquet as pq

from experiments.survey.conduct import SurveyFolder
from feedback.database import EVENT_LOG, database, sqlite
from feedback.online_store_updater import SETTINGS_FILE
from infrastructure.workspace import Workspace
from infrastructure.workspace.online_store import redis_address
from privacy.bundle_rows import CUSTOMERS, BundleRows
from privacy.database_rows import LogRows, OnlineFileRows, RedisRows
from privacy.identity import CustomerIdentity
from privacy.page_rows import PageRows, page_sections, rejected_examples, sheet_lines
from privacy.parquet_rows import CUSTOMER_TABLES, ParquetRows, by_case, by_content, by_id, by_transaction
from recommender.contract import columns as c
from recommender.features.definitions import VIEWS

_TABLES: Final = sorted(CUSTOMER_TABLES)
_VIEWS: Final = sorted(view.name for view in VIEWS if view.entity == c.CUSTOMER_ID)
_STEP: Final = "pipeline/*/*"
"""A step's outputs in the folder of a run."""

#: Parquet files whose rows are those of the customer in ``customer_id``, relative to the workspace.
ID_FILES: Final = (
    *(f"tables/{table}.parquet" for table in _TABLES),
    *(f"ingested/{table}/{table}.parquet" for table in _TABLES),
    f"feedback/{c.EVENTS}.parquet",
    *(f"feast/offline/{view}.parquet" for view in _VIEWS),
    "reference/*.parquet",
    "surveys/*/key.parquet",
    *(f"{_STEP}/{folder}/{table}.parquet" for folder in ("raw", "tables", "parts/tables") for table in _TABLES),
    *(f"{_STEP}/features/{view}.parquet" for view in _VIEWS),
    f"{_STEP}/parts/test.parquet",
    f"{_STEP}/reference/*.parquet",
    f"{_STEP}/evaluations/*/ranks.parquet",
)
#: Parquet files whose rows are other tables' whole rows, as JSON.
QUARANTINE_FILES: Final = ("quarantine.parquet", f"{_STEP}/quarantine")
#: Pages that show examples of those.
EXAMPLE_PAGES: Final = ("reports/exploration.html", f"{_STEP}/report")
#: Where bundles are, and whether a run makes them anew.
BUNDLES: Final = {
    "bundles/*": False,
    "bentos/*/src/*": False,
    "serving/src/*": False,
    f"{_STEP}/*": True,
    f"{_STEP}/bento/src/*": True,
}

_VERSIONED: Final = ("bundles", "bentos")
_VERSION_PARTS: Final = ("bundle", "judged", "bento")
"""Of a champion's or challenger's record: its folders, relative to the workspace."""


class Store(Protocol):
    """One place with customers' rows."""

    @property
    def name(self) -> str:
        """The file relative to the workspace, or the variable that names a server."""
        ...

    def count(self, customer: CustomerIdentity, /) -> int:
        """How many rows are the customer's."""
        ...

    def remove(self, customer: CustomerIdentity, /) -> None:
        """Remove them, all or none if this is interrupted, and nothing else."""
        ...

    def settle(self, resumed: bool, /) -> None:
        """Remove what interrupted writers left; ``resumed``: an erasure was among them."""
        ...


def stores(workspace: Workspace, customer: CustomerIdentity) -> list[Store]:
    """Every store that is there; one that says which rows of others are the customer's comes after those.

    Raises:
        ConfigError: ``EVENT_LOG`` is no address of a PostgreSQL.
    """
    # The log first: a collector delivers its events to the online store.
    parts = _logs(workspace), _online(workspace), _surveys(workspace, customer), _files(workspace), _bundles(workspace)
    return [*chain.from_iterable(parts)]


def _logs(workspace: Workspace) -> Iterator[Store]:
    log = database(workspace)
    if log.file is None:
        yield LogRows(EVENT_LOG, log)
    # A shop that has changed to PostgreSQL may have rows in the file still.
    if workspace.log.is_file():
        yield LogRows(_name(workspace, workspace.log), sqlite(workspace.log))


def _online(workspace: Workspace) -> Iterator[Store]:
    address = redis_address()
    if address is not None and (workspace.feast / SETTINGS_FILE).is_file():
        yield RedisRows(address)
    if workspace.online_store.is_file():
        yield OnlineFileRows(_name(workspace, workspace.online_store), workspace.online_store)


def _surveys(workspace: Workspace, customer: CustomerIdentity) -> Iterator[Store]:
    """What a survey says of a customer under the number of a case; the key, which says whose that is, comes later."""
    for path in sorted(workspace.surveys.glob("*/key.parquet")):
        folder, key = SurveyFolder(path.parent), pq.read_table(path, columns=["case", c.CUSTOMER_ID])
        cases = frozenset(key["case"].filter(by_id(key, customer)).to_pylist())
        for page, cut in (("sheet.csv", sheet_lines(cases)), ("lists.html", page_sections(cases))):
            if (file := folder.hand_out / page).is_file():
                yield PageRows(_name(workspace, file), file, cut)
        if folder.ratings.is_file():
            yield ParquetRows(_name(workspace, folder.ratings), folder.ratings, ("case",), by_case(cases))


def _files(workspace: Workspace) -> Iterator[Store]:
    for path in _matching(workspace, ID_FILES):
        yield _rows_with_ids(_name(workspace, path), path)
    for path in _matching(workspace, QUARANTINE_FILES):
        yield ParquetRows(_name(workspace, path), path, (c.TABLE, c.CONTENT), by_content)
    for path in _matching(workspace, EXAMPLE_PAGES):
        yield PageRows(_name(workspace, path), path, rejected_examples)


def _rows_with_ids(name: str, path: Path) -> ParquetRows:
    """A file that says whose its rows are; rows of a transaction may leave that to another one of it."""
    columns = (c.CUSTOMER_ID, c.TRANSACTION_ID)
    whole = {*columns} <= {*pq.read_schema(path).names}
    return ParquetRows(name, path, columns, by_transaction) if whole else ParquetRows(name, path)


def _bundles(workspace: Workspace) -> Iterator[Store]:
    for pattern, made_anew in BUNDLES.items():
        for path in _matching(workspace, (f"{pattern}/{CUSTOMERS}",)):
            depth = len(_STEP.split("/")) + 1
            step = workspace.root.joinpath(*path.relative_to(workspace.root).parts[:depth])
            yield BundleRows(_name(workspace, path), path, step if made_anew else _retired(workspace, path))


def _retired(workspace: Workspace, path: Path) -> Path | None:
    """The folder of a version that a file belongs to, where the version neither answers nor is tried any more.

    It is kept to roll back to, which nobody may do to a model that knows a customer who was erased.
    """
    room, version, *_ = path.relative_to(workspace.root).parts
    if room not in _VERSIONED:
        return None
    records = [record for record in (workspace.champion(), workspace.challenger()) if record]
    active = {record.get(part) for record in records for part in _VERSION_PARTS}
    return None if f"{room}/{version}" in active else workspace.root / room / version


def _matching(workspace: Workspace, patterns: tuple[str, ...]) -> list[Path]:
    return [path for pattern in patterns for path in sorted(workspace.root.glob(pattern)) if path.is_file()]


def _name(workspace: Workspace, path: Path) -> str:
    return path.relative_to(workspace.root).as_posix()
