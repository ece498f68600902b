"""A customer is forgotten: out of raw data, features, online store and logs, and of every model to come."""

import shutil
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import yaml
from redis import Redis
from rich.console import Console

from feedback.database import EVENT_LOG, Database, database
from feedback.impressions import TABLES
from feedback.online_history import SETTINGS_FILE
from infrastructure.file_lock import exclusive_lock
from infrastructure.workspace import Workspace
from infrastructure.workspace.online_store import ONLINE_STORE, SECONDS, redis_address
from privacy.personal_data import Names, remove, traces
from recommender.contract.query import customer_hash
from recommender.data.forgotten_customers import ForgottenCustomers


@dataclass(frozen=True)
class Erasure:
    """What was done.

    Attributes:
        removed: Rows that were taken out, by file of the workspace.
        left: Rows or mentions that are still there, by file.
        in_model: Whether a model that learnt from the customer, or names their pseudonym, still answers.
    """

    removed: dict[str, int]
    left: dict[str, int]
    in_model: bool


def forget(workspace: Workspace, customer_id: str, salt: str) -> Erasure:
    """Remove a customer from a workspace and have the source's rows passed over from now on.

    What the pipeline's steps handed each other is removed whole: it is a copy that the next run makes anew. The
    source's own files are the shop's, and are not touched.

    Args:
        workspace: Of the shop.
        customer_id: Who.
        salt: Of the log's pseudonyms.

    Raises:
        AlreadyRunningError: A run is going on: it may hold rows that were read before.
        redis.RedisError: The online store is a Redis that does not answer; asked again, all is done.
    """
    names = Names(customer_id, customer_hash(customer_id, salt))
    with exclusive_lock(workspace.lock, patience=0):
        known = ForgottenCustomers.read(workspace.forgotten)
        if not known.holds(customer_id):
            known.remember(customer_id, workspace.forgotten)
        shutil.rmtree(workspace.pipeline, ignore_errors=True)
        removed = remove(workspace.root, names)
        removed.update(_remove_from(database(workspace), names))
        removed.update(_remove_online(workspace, names))
        return Erasure(removed, traces(workspace.root, names), _trained_before(workspace))


def tell(console: Console, erasure: Erasure) -> int:
    """Print what was done; the exit code is 1 where something is left."""
    for path, count in erasure.removed.items():
        console.print(f"removed  {count} rows of {path}", markup=False, highlight=False)
    for path, count in erasure.left.items():
        console.print(f"LEFT     {count} mentions in {path}", markup=False, highlight=False)
    if not erasure.left:
        console.print("No file of the workspace names the customer any more.", highlight=False)
    if erasure.in_model:
        console.print("The model in service was trained before: make run trains one without.", highlight=False)
    return 1 if erasure.left else 0


def _trained_before(workspace: Workspace) -> bool:
    """Whether the champion is older than the last forgetting."""
    champion = workspace.champion()
    if champion is None:
        return False
    return datetime.fromisoformat(champion["promoted_at"]).timestamp() < workspace.forgotten.stat().st_mtime


def _remove_from(log: Database, names: Names) -> dict[str, int]:
    """Events and impressions in PostgreSQL; a log in a file was one of the workspace's."""
    if log.file is not None:
        return {}
    removed = 0
    with closing(log.connect()) as connection:
        cursor = connection.cursor()
        for table, column, name in (
            ("events", "customer_id", names.customer_id),
            *((table, "customer", names.pseudonym) for table in TABLES),
        ):
            if log.has(cursor, table):
                cursor.execute(f"DELETE FROM {table} WHERE {column} = {log.mark}", (name,))  # noqa: S608 (names of ours)
                removed += cursor.rowcount
        connection.commit()
    return {EVENT_LOG: removed} if removed else {}


def _remove_online(workspace: Workspace, names: Names) -> dict[str, int]:
    """Features in a Redis; an online store in a file was one of the workspace's."""
    address, settings = redis_address(), workspace.feast / SETTINGS_FILE
    if address is None or not settings.is_file():
        return {}
    project = yaml.safe_load(settings.read_text(encoding="utf-8"))["project"]
    with Redis.from_url(address, socket_timeout=SECONDS, socket_connect_timeout=SECONDS) as client:
        # Feast's key of a customer: one hash with the features of every view.
        count: Any = client.delete(names.entity_key + project.encode())
    return {ONLINE_STORE: count} if count else {}
