"""The workspace of an odd shop, with every store in it, written by what writes those stores."""

from collections.abc import Sequence
from typing import Final

import pandas as pd

from benchmarks.erasures.shop import START, OddShop
from experiments.survey.cases import Survey, SurveyCase, unblinding_key
from experiments.survey.sheet import rater_page, rating_sheet
from feature_repo.publish import publish
from feedback.database import database
from feedback.event_log import EventLog
from feedback.events import parse_events
from feedback.online_store_updater import OnlineStoreUpdater
from feedback.training_export import export_log_events
from infrastructure.files import write_atomically
from infrastructure.workspace import Workspace
from monitoring.reference import write_reference
from recommender.config.preparation import CleaningSettings
from recommender.contract import columns as c
from recommender.contract.impressions import SHADOW, SHOWN, Impression
from recommender.contract.query import CHALLENGER, CHAMPION, Item, Query, customer_hash
from recommender.data.cleaning.quarantine import all_records, quarantine_records
from recommender.data.cleaning.rules import ROW_RULES
from recommender.data.raw_tables import RawTables
from recommender.data.sources.description.table_source import TableSource
from recommender.data.sources.increments import EarlierRows, save_earlier
from recommender.evaluation.data_loss import write_interaction_sample
from recommender.features.build import write_features
from recommender.models.avoidances import Avoidances
from recommender.models.bundle import new_bundle
from recommender.reports.exploration.rejected import rejected_section
from recommender.reports.page import Page
from serving.impressions.log import ImpressionLog

SALT: Final = "salt"


def write_workspace(shop: OddShop, workspace: Workspace) -> None:
    """Write every store of the shop, and a file that no store has."""
    step = workspace.pipeline / "run" / "step"
    shop.tables.write(workspace.tables)
    shop.tables.write(step / "parts" / "tables")
    raw = _raw(shop)
    raw.write(step / "raw")
    for name, rows in raw.tables.items():
        save_earlier(workspace.ingested, name, TableSource(file="x.csv", columns={}), EarlierRows(rows, 1))
    _write_features(shop, workspace)
    write_reference(shop.tables, workspace.reference)
    write_interaction_sample(shop.tables, workspace.reference)
    _write_rejected(shop, workspace)
    _write_survey(shop, workspace)
    _write_log(shop, workspace)
    with new_bundle(step / "model", {}) as bundle:
        Avoidances.from_declared({customer: [customer] for customer in shop.customers}).write(bundle)
    write_atomically(workspace.root / "notes.csv", "\n".join((*shop.customers, *shop.products)).encode())


def spelt(customer: str) -> str:
    """An id as a source may write it."""
    return f"{customer}.0" if customer.isascii() and customer.isdecimal() else f" {customer}"


def _raw(shop: OddShop) -> RawTables:
    tables = {
        name: table.assign(**{c.CUSTOMER_ID: table[c.CUSTOMER_ID].map(spelt)}) if c.CUSTOMER_ID in table else table
        for name, table in shop.tables
    }
    return RawTables("shop", tables)


def _write_features(shop: OddShop, workspace: Workspace) -> None:
    features = workspace.pipeline / "run" / "step" / "features"
    write_features(shop.tables, features)
    publish(features, workspace.feast)


def _write_rejected(shop: OddShop, workspace: Workspace) -> None:
    """The quarantine, and the page that shows examples of it."""
    parts = [
        quarantine_records("shop", name, range(len(rows)), rows, rule, CleaningSettings())
        for name, rows in _raw(shop).tables.items()
        for rule in ROW_RULES
        if name in rule.tables and "{" not in rule.reason.replace(f"{{{c.CUSTOMER_ID}}}", "")
    ]
    rejected = all_records(parts)
    write_atomically(workspace.quarantine, rejected.to_parquet(index=False))
    page = Page("Exploration", "", (), (rejected_section(shop.tables, rejected),))
    page.write_html(workspace.reports / "exploration.html")


def _write_survey(shop: OddShop, workspace: Workspace) -> None:
    survey, folder = _survey(shop), workspace.surveys / "s1"
    ratings = pd.DataFrame({"case": [case.case for case in survey.cases], "rater": "7", "rating_a": 1, "rating_b": 2})
    for name, table in (("key", unblinding_key(survey, shop.tables.customers)), ("ratings", ratings)):
        write_atomically(folder / f"{name}.parquet", table.to_parquet(index=False))
    write_atomically(folder / "hand-out" / "sheet.csv", rating_sheet(survey, shop.tables.products))
    rater_page(survey, shop.tables.products).write_html(folder / "hand-out" / "lists.html")


def _survey(shop: OddShop) -> Survey:
    items = tuple(Item(product, 1.0) for product in shop.products[:2])
    cases = (
        SurveyCase(f"{number:03d}", Query(customer, products=shop.products[:3]), (CHAMPION, CHALLENGER), (items, items))
        for number, customer in enumerate(shop.customers, 1)
    )
    return Survey("s1", "v1", "v2", tuple(cases))


def _write_log(shop: OddShop, workspace: Workspace) -> None:
    """Events, delivered to the online store and exported for the next training; what was shown, and by a shadow."""
    events, rejected = parse_events(shop.actions)
    if rejected:
        raise AssertionError(rejected)
    log = EventLog(database(workspace))
    log.add(events)
    OnlineStoreUpdater(workspace)(log)
    log.close()
    export_log_events(workspace)
    for table in (SHOWN, SHADOW):
        _write_impressions(shop.customers, workspace, table)


def _write_impressions(customers: Sequence[str], workspace: Workspace, table: str) -> None:
    log = ImpressionLog(workspace.log, len(customers), 60, table)
    log.start()
    for at, customer in enumerate(customers):
        shown = f'["{at}"]'
        log.add(Impression(customer, START, customer_hash(customer, SALT), CHAMPION, "v1", shown, "[1.0]", ""))
    log.stop()
