"""Erases a customer from raw data, features, online store and logs, and so from every later model."""

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
from feedback.online_store_updater import SETTINGS_FILE
from infrastructure.file_lock import exclusive_lock
from infrastructure.workspace import Workspace
from infrastructure.workspace.online_store import ONLINE_STORE, SECONDS, redis_address
from privacy.personal_data import CustomerIdentifiers, find_personal_data, remove_personal_data
from recommender.contract.query import customer_hash
from recommender.data.forgotten_customers import ForgottenCustomers


@dataclass(frozen=True)
class ErasureResult:
    """The result of an erasure: rows removed and rows or mentions left, by file.

    ``in_model``: a model that was trained on the customer, or has their pseudonym, still answers.
    """

    removed: dict[str, int]
    left: dict[str, int]
    in_model: bool


def erase_customer(workspace: Workspace, customer_id: str, salt: str) -> ErasureResult:
    """Remove a customer from a workspace, and ignore the customer's rows in the source from now on.

    The outputs of earlier pipeline steps are removed as a whole: they are copies that the next run makes anew. The
    source's own files are the shop's, and are not touched.

    Raises:
        AlreadyRunningError: A run is going on, and may hold rows that it read before.
        redis.RedisError: The online store is a Redis that does not answer; calling this again completes the erasure.
    """
    customer = CustomerIdentifiers(customer_id, customer_hash(customer_id, salt))
    with exclusive_lock(workspace.lock, patience=0):
        known = ForgottenCustomers.read(workspace.forgotten)
        if not known.holds(customer_id):
            known.remember(customer_id, workspace.forgotten)
        shutil.rmtree(workspace.pipeline, ignore_errors=True)
        removed = remove_personal_data(workspace.root, customer)
        removed.update(_remove_from_log(database(workspace), customer))
        removed.update(_remove_from_online_store(workspace, customer))
        return ErasureResult(removed, find_personal_data(workspace.root, customer), _trained_before(workspace))


def print_erasure(console: Console, erasure: ErasureResult) -> int:
    """Print the result; the returned exit code is 1 where something is left."""
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
    """Whether the champion is older than the last erasure."""
    champion = workspace.champion()
    if champion is None:
        return False
    return datetime.fromisoformat(champion["promoted_at"]).timestamp() < workspace.forgotten.stat().st_mtime


def _remove_from_log(log: Database, customer: CustomerIdentifiers) -> dict[str, int]:
    """Remove events and impressions from PostgreSQL; a log in a file is one of the workspace's files."""
    if log.file is not None:
        return {}
    removed = 0
    with closing(log.connect()) as connection:
        cursor = connection.cursor()
        for table, column, name in (
            ("events", "customer_id", customer.customer_id),
            *((table, "customer", customer.pseudonym) for table in TABLES),
        ):
            if log.has_table(cursor, table):
                cursor.execute(f"DELETE FROM {table} WHERE {column} = {log.placeholder}", (name,))  # noqa: S608 (names of ours)
                removed += cursor.rowcount
        connection.commit()
    return {EVENT_LOG: removed} if removed else {}


def _remove_from_online_store(workspace: Workspace, customer: CustomerIdentifiers) -> dict[str, int]:
    """Remove features from Redis; an online store in a file is one of the workspace's files."""
    address, settings = redis_address(), workspace.feast / SETTINGS_FILE
    if address is None or not settings.is_file():
        return {}
    project = yaml.safe_load(settings.read_text(encoding="utf-8"))["project"]
    with Redis.from_url(address, socket_timeout=SECONDS, socket_connect_timeout=SECONDS) as client:
        # Feast's key of a customer: one hash with the features of every view.
        count: Any = client.delete(customer.entity_key + project.encode())
    return {ONLINE_STORE: count} if count else {}
