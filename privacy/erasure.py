"""Erases a customer from every store of a workspace, and so from every later model; nobody else's row is touched."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from infrastructure.errors import RequestError
from infrastructure.file_lock import exclusive_lock
from infrastructure.files import remove_unfinished_file, remove_unfinished_folders
from infrastructure.workspace import Workspace
from privacy.identity import CustomerIdentity
from privacy.mentions import find_mentions
from privacy.report import ErasureReport
from privacy.stores import Store, stores
from recommender.contract.identifiers import EXPECTED, id_fault
from recommender.data.forgotten_customers import ForgottenCustomers


def erase_customer(workspace: Workspace, customer_id: str, salt: str) -> tuple[ErasureReport, Path]:
    """Remove a customer's rows from a workspace, and ignore the customer's rows in the source from now on.

    Killed at any moment, it can be begun again and ends as if it had not been: the customer is remembered first, then
    what will be removed is written down, and each store is changed whole or not at all. The source's own files are the
    shop's, and are not touched. ``salt`` is that of the log's pseudonyms (``serving.customer_salt``).

    Returns:
        The report, and where it is kept.

    Raises:
        RequestError: That can be no customer's id.
        AlreadyRunningError: A run is going on, and may hold rows that it read before.
        redis.RedisError: The online store is a Redis that does not answer; calling this again completes the erasure.
    """
    customer = CustomerIdentity(customer_id, salt)
    if fault := id_fault(customer.customer_id):
        raise RequestError(f"No customer has this id: {fault}.", field="customer", value=customer_id, expected=EXPECTED)
    with exclusive_lock(workspace.lock, patience=0):
        path, begun = _remember(workspace, customer)
        resumed = begun.finished_at is None and path.is_file()
        places = _settled(workspace, customer, path, resumed=resumed)
        found = _counts(places, customer)
        planned = _most(begun.removed, found) if resumed else _sum(begun.removed, found)
        if resumed or found != begun.left:
            ErasureReport(begun.customer, begun.begun_at, None, planned).write(path)
        for place in places:
            if place.name in found:
                place.remove(customer)
        report = _searched(workspace, customer, ErasureReport(begun.customer, begun.begun_at, _now(), planned))
        report.write(path)
        return ErasureReport.read(path) or report, path


def _remember(workspace: Workspace, customer: CustomerIdentity) -> tuple[Path, ErasureReport]:
    """Where the report is, and what an earlier erasure of the customer wrote, or began to write."""
    known = ForgottenCustomers.read(workspace.forgotten)
    remembered = known.holds(customer.customer_id)
    if not remembered:
        remove_unfinished_file(workspace.forgotten)
        known.remember(customer.customer_id, workspace.forgotten)
    name = known.pseudonym(customer.customer_id)
    path = workspace.erasures / f"{name}.json"
    # Who was remembered before there were reports has not been trained on since.
    since = datetime.fromtimestamp(workspace.forgotten.stat().st_mtime, UTC).isoformat(timespec="seconds")
    return path, ErasureReport.read(path) or ErasureReport(name, since)


def _settled(workspace: Workspace, customer: CustomerIdentity, report: Path, *, resumed: bool) -> list[Store]:
    """The stores, after what killed writers left there was removed."""
    remove_unfinished_file(report)
    remove_unfinished_folders(workspace.root)
    places = stores(workspace, customer)
    for place in places:
        place.settle(resumed)
    return places


def _searched(workspace: Workspace, customer: CustomerIdentity, report: ErasureReport) -> ErasureReport:
    """The report with what a search of every store and file finds afterwards."""
    left = _counts(stores(workspace, customer), customer)
    return ErasureReport(
        report.customer,
        report.begun_at,
        report.finished_at,
        {name: gone for name, count in report.removed.items() if (gone := count - left.get(name, 0)) > 0},
        left,
        find_mentions(workspace, customer),
        _models_from_before(workspace, report.begun_at),
    )


def _counts(places: Sequence[Store], customer: CustomerIdentity) -> dict[str, int]:
    counts = {place.name: place.count(customer) for place in places}
    return {name: count for name, count in counts.items() if count}


def _sum(before: Mapping[str, int], more: Mapping[str, int]) -> dict[str, int]:
    return {name: before.get(name, 0) + more.get(name, 0) for name in {**before, **more}}


def _most(before: Mapping[str, int], now: Mapping[str, int]) -> dict[str, int]:
    return {name: max(before.get(name, 0), now.get(name, 0)) for name in {**before, **now}}


def _models_from_before(workspace: Workspace, moment: str) -> tuple[str, ...]:
    """The models that answer and are not later than a moment."""
    since = datetime.fromisoformat(moment)
    champion, challenger = workspace.champion(), workspace.challenger_file
    found = ["champion"] if champion and datetime.fromisoformat(champion["promoted_at"]) <= since else []
    if challenger.is_file() and challenger.stat().st_mtime <= since.timestamp():
        found.append("challenger")
    return tuple(found)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
