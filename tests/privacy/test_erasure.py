"""A customer who asks for it is forgotten everywhere, and nobody else is touched."""

import json
import shutil

import pandas as pd
import psycopg
import pytest
from rich.console import Console

from feedback.database import EVENT_LOG, postgres
from feedback.event_log import EventLog
from feedback.events import parse_events
from feedback.impressions import TABLES, ImpressionStore
from feedback.impressions import parse_impressions as parse_impressions
from feedback.log_reader import read_events
from feedback.online_store_updater import OnlineStoreUpdater
from feedback.training_export import export_log_events
from infrastructure.file_lock import AlreadyRunningError, exclusive_lock
from infrastructure.workspace import Workspace
from monitoring.reference import write_reference
from privacy.erasure import erase_customer, print_erasure
from privacy.personal_data import CustomerIdentifiers, find_personal_data
from recommender.contract.impressions import Impression
from recommender.contract.query import customer_hash
from recommender.contract.tables import Tables
from recommender.data.forgotten_customers import ForgottenCustomers
from recommender.data.raw_tables import RawTables
from recommender.models.avoidances import Avoidances
from recommender.models.bundle import new_bundle
from serving.customers.sqlite import SqliteCustomers
from serving.impressions.log import ImpressionLog
from tests.support.published_shop import BOUGHT, published, tables

ANN = CustomerIdentifiers("ann", customer_hash("ann", "salt"))


@pytest.fixture(scope="module")
def features(tmp_path_factory):
    folder = tmp_path_factory.mktemp("features")
    published(folder, tables())
    return folder / "feast"


@pytest.fixture
def workspace(tmp_path, features, row):
    workspace = Workspace(tmp_path / "shop")
    shutil.copytree(features, workspace.feast)
    tables().write(workspace.tables)
    write_reference(tables(), workspace.reference)
    rows = [json.dumps({"customer_id": id_}) for id_ in ("ann", "anna", "joann")]
    kept = pd.DataFrame({"rule": "bot", "content": rows})
    kept.to_parquet(workspace.quarantine)
    log = EventLog(workspace.log)
    log.add(
        parse_events([row(str(i), customer_id=id_, type="purchase") for i, id_ in enumerate(("ann", "bob", "ann"))])[0]
    )
    OnlineStoreUpdater(workspace)(log)
    log.close()
    shown = ImpressionLog(workspace.log, 10, 60)
    shown.start()
    for id_ in ("ann", "bob"):
        shown.add(Impression(id_[0], BOUGHT, customer_hash(id_, "salt"), "champion", "v1", "[]", "[]", ""))
    shown.stop()
    export_log_events(workspace)
    (workspace.pipeline / "step").mkdir(parents=True)
    (workspace.pipeline / "step" / "raw.csv").write_text("ann,p1")
    return workspace


def test_no_file_names_the_customer_and_others_stay(workspace):
    places = find_personal_data(workspace.root, ANN)
    assert {place.split("/")[0] for place in places} == {
        *("feast", "feedback", "log.db", "pipeline", "quarantine.parquet", "reference", "tables")
    }
    erasure = erase_customer(workspace, "ann", "salt")
    assert erasure.left == {}
    assert find_personal_data(workspace.root, ANN) == {}
    assert erasure.removed["log.db"] == 3
    assert set(SqliteCustomers(workspace.online_store, 1).read(["ann", "bob"])) == {"bob"}
    assert read_events(workspace.log)["customer_id"].tolist() == ["bob"]
    assert Tables.read(workspace.tables).customers["customer_id"].tolist() == ["bob"]
    assert pd.read_parquet(workspace.quarantine)["content"].tolist() == [
        '{"customer_id": "anna"}',
        '{"customer_id": "joann"}',
    ]
    assert b"ann" not in workspace.log.read_bytes().replace(b"anna", b"")


def test_what_cannot_be_removed_is_named(workspace, capsys):
    (workspace.reports).mkdir()
    (workspace.reports / "note.html").write_text("ann, anna and ann")
    erasure = erase_customer(workspace, "ann", "salt")
    assert erasure.left == {"reports/note.html": 2}
    assert print_erasure(Console(), erasure) == 1
    assert "LEFT" in capsys.readouterr().out


def test_the_next_training_passes_over_what_the_source_still_says(workspace):
    erase_customer(workspace, "7", "salt")
    customers, products = pd.DataFrame({"customer_id": [7, 8]}), pd.DataFrame({"product_id": [7]})
    raw = RawTables("shop", {"customers": customers, "products": products})
    left = ForgottenCustomers.read(workspace.forgotten).without(raw)
    assert left.tables["customers"]["customer_id"].tolist() == [8]
    assert len(left.tables["products"]) == 1
    assert "7" not in json.loads(workspace.forgotten.read_text())["customers"]


def test_a_row_without_a_customer_belongs_to_nobody_who_is_forgotten(workspace):
    erase_customer(workspace, "None", "salt")
    raw = RawTables("shop", {"transactions": pd.DataFrame({"customer_id": ["None", None, "8"]})})
    left = ForgottenCustomers.read(workspace.forgotten).without(raw)
    assert left.tables["transactions"]["customer_id"].tolist() == [None, "8"]


def test_a_model_trained_before_is_told_of_until_there_is_another(workspace):
    workspace.promote({"version": "v1", "promoted_at": pd.Timestamp("2025-01-01", tz="UTC").isoformat()})
    assert erase_customer(workspace, "ann", "salt").in_model
    workspace.promote({"version": "v2", "promoted_at": (pd.Timestamp.now("UTC") + pd.Timedelta("1h")).isoformat()})
    assert not erase_customer(workspace, "ann", "salt").in_model


def test_while_a_run_is_going_on_nobody_is_forgotten_by_halves(workspace):
    with exclusive_lock(workspace.lock), pytest.raises(AlreadyRunningError, match="run is going on"):
        erase_customer(workspace, "ann", "salt")


def test_events_in_postgresql_are_forgotten(workspace, postgres_address, monkeypatch, row):
    monkeypatch.setenv(EVENT_LOG, postgres_address)
    log = EventLog(postgres(postgres_address))
    log.add(parse_events([row("a", customer_id="ann"), row("b", customer_id="bob")])[0])
    log.close()
    assert erase_customer(workspace, "ann", "salt").removed[EVENT_LOG] == 1
    assert read_events(postgres(postgres_address))["customer_id"].tolist() == ["bob"]


def test_what_was_shown_is_forgotten_in_postgresql_too(workspace, postgres_address, monkeypatch):
    monkeypatch.setenv(EVENT_LOG, postgres_address)
    store = ImpressionStore(postgres(postgres_address))
    for table in TABLES:
        lists = [
            {
                "impression_id": id_,
                **Impression(id_, 1.0, customer_hash(id_, "salt"), "champion", "v1", "[]", "[]", "")._asdict(),
            }
            for id_ in ("ann", "bob")
        ]
        store.add(parse_impressions(lists)[0], table)
    store.close()
    assert erase_customer(workspace, "ann", "salt").removed[EVENT_LOG] == len(TABLES)
    with psycopg.connect(postgres_address) as connection:
        for table in TABLES:
            assert connection.execute(f"SELECT request_id FROM {table}").fetchall() == [("bob",)]


def test_a_bundle_that_knows_what_the_customer_avoids_is_named_until_it_is_gone(workspace):
    with new_bundle(workspace.bundle("v1"), {}) as bundle:
        Avoidances.from_declared({"ann": ["parfum"], "bob": ["linalool"]}).write(bundle)
    assert list(erase_customer(workspace, "ann", "salt").left) == ["bundles/v1/avoidances/customers.npy"]
    shutil.rmtree(workspace.bundle("v1"))
    with new_bundle(workspace.bundle("v2"), {}) as bundle:
        Avoidances.from_declared({"bob": ["linalool"]}).write(bundle)
    assert erase_customer(workspace, "ann", "salt").left == {}
