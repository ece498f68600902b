"""A customer who asks for it is forgotten everywhere, and nobody else is touched."""

import json
import shutil

import pandas as pd
import psycopg
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from benchmarks.erasures.rows import Change, WorkspaceRows, change
from benchmarks.erasures.shop import OddShop
from benchmarks.erasures.workspace import SALT, write_workspace
from feedback.database import EVENT_LOG, postgres
from feedback.event_log import EventLog
from feedback.events import parse_events
from feedback.impressions import TABLES, ImpressionStore, parse_impressions
from feedback.log_reader import read_events
from infrastructure.errors import RequestError
from infrastructure.file_lock import AlreadyRunningError, exclusive_lock
from infrastructure.workspace import Workspace
from infrastructure.workspace.online_store import ONLINE_STORE
from privacy.erasure import erase_customer
from privacy.report import print_report
from recommender.contract import event_types
from recommender.contract.identifiers import id_fault, normalised_id
from recommender.contract.impressions import Impression
from recommender.contract.query import customer_hash
from recommender.contract.tables import Tables
from recommender.data.forgotten_customers import ForgottenCustomers
from recommender.data.raw_tables import RawTables
from recommender.models.avoidances import Avoidances
from recommender.models.bundle import Bundle, new_bundle
from serving.customers.redis import RedisCustomers
from serving.customers.sqlite import SqliteCustomers
from tests.support.servers.feast_stores import redis_server

#: Products, parts of other ids, event types, sessions and brands are called like customers.
SHOP = OddShop(
    ("7", "77", "smith@example.com", "john.smith@example.com", "view", "a|b;$HOME'\"", "ann", "4711"),
    ("7", "smith@example.com", "view", "ann", "p1"),
)


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    workspace = Workspace(tmp_path_factory.mktemp("written") / "shop")
    write_workspace(SHOP, workspace)
    return workspace


@pytest.fixture
def workspace(written, tmp_path):
    shutil.copytree(written.root, tmp_path / "shop")
    return Workspace(tmp_path / "shop")


def rows(workspace, shop=SHOP):
    return WorkspaceRows(shop, workspace).read()


def contents(workspace):
    """Every file's bytes, apart from the lock, which names a process."""
    files = (path for path in workspace.root.rglob("*") if path.is_file() and path != workspace.lock)
    return {path.relative_to(workspace.root).as_posix(): path.read_bytes() for path in files}


def erase(workspace, customer):
    return erase_customer(workspace, customer, SALT)[0]


@pytest.mark.parametrize("customer", SHOP.customers)
def test_only_rows_go_whose_customer_column_is_the_id(workspace, customer):
    before = rows(workspace)
    report = erase(workspace, customer)
    found = change(before, rows(workspace), customer)
    assert (found.left, found.of_others) == (0, 0)
    assert found.gone > 100
    assert report.left == {}
    assert {place.split("/")[0] for place in report.removed} == {
        *(
            "tables",
            "ingested",
            "feast",
            "feedback",
            "reference",
            "log.db",
            "pipeline",
            "surveys",
            "quarantine.parquet",
        ),
        *(["reports"] if "reports/exploration.html" in report.removed else []),
    }


names = st.one_of(
    st.sampled_from(
        [*event_types.EVENT_TYPES, "7", "7.0", "smith@example.com", "x" * 256, ".*", "'; --", "\\", '"', "김"]
    ),
    st.text(st.sampled_from("a7.@-_|$'\"\\ %*[é"), min_size=1, max_size=3),
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=256),
).map(normalised_id)
usable = names.filter(lambda name: id_fault(name) is None)


@pytest.mark.slow
@settings(max_examples=15)
@given(
    customers=st.lists(usable, min_size=2, max_size=5, unique=True),
    products=st.lists(usable, min_size=1, max_size=4, unique=True),
    seed=st.integers(0, 9),
)
def test_whatever_things_are_called_nobody_elses_row_goes(tmp_path_factory, customers, products, seed):
    shop = OddShop(tuple(customers), tuple(dict.fromkeys([*products, customers[0]])), seed)
    workspace = Workspace(tmp_path_factory.mktemp("odd") / "shop")
    write_workspace(shop, workspace)
    for customer in customers:
        before = rows(workspace, shop)
        assert erase(workspace, customer).complete
        assert change(before, rows(workspace, shop), customer) == Change(_owned(before, customer), 0, 0)
    shutil.rmtree(workspace.root)


def _owned(state, customer):
    return sum(row[0] == customer for found in state.values() for row in found)


def test_what_judges_an_erasure_sees_a_row_of_another_that_is_gone(workspace):
    before = rows(workspace)
    table = pq.read_table(workspace.quarantine)
    pq.write_table(table.slice(1), workspace.quarantine)
    assert change(before, rows(workspace), "nobody").of_others == 1
    pq.write_table(table.take(pa.array(range(len(table))[::-1])), workspace.quarantine)
    assert change(before, rows(workspace), "nobody").of_others > 1


def test_an_id_is_known_however_it_is_spelt(workspace):
    report = erase(workspace, " 4711.0 ")
    assert report.left == {}
    assert report.removed["ingested/events/events.parquet"] == 2
    assert ForgottenCustomers.read(workspace.forgotten).holds("4711")


@pytest.mark.parametrize("column", [pa.array([4711, 4712, None]), pa.array([4711.0, 4712.0, None])])
def test_ids_that_are_numbers_are_known_too(workspace, column):
    path = workspace.ingested / "ratings" / "ratings.parquet"
    pq.write_table(pa.table({"customer_id": column, "product_id": ["4711"] * 3}), path)
    erase(workspace, "4711")
    assert pq.read_table(path)["customer_id"].to_pylist() == [4712, None]


def test_a_file_without_the_customers_rows_is_not_written(workspace):
    path = workspace.tables / "products.parquet"
    before = {file: (file.stat().st_mtime_ns, file.stat().st_ino) for file in (path, workspace.root / "notes.csv")}
    erase(workspace, "7")
    assert {file: (file.stat().st_mtime_ns, file.stat().st_ino) for file in before} == before


def test_a_file_that_is_written_anew_keeps_schema_metadata_groups_and_compression(workspace):
    path = workspace.tables / "ratings.parquet"
    schema = pa.schema([("customer_id", pa.string()), ("rating", pa.int32())], metadata={b"a": b"b"})
    table = pa.table({"customer_id": ["7", "b", "b", "7", "7", "c"], "rating": range(6)}, schema=schema)
    pq.write_table(table, path, row_group_size=2, compression={"customer_id": "zstd", "rating": "none"})
    erase(workspace, "7")
    with pq.ParquetFile(path) as file:
        groups = [file.read_row_group(number)["rating"].to_pylist() for number in range(file.num_row_groups)]
        codecs = [file.metadata.row_group(0).column(number).compression for number in range(2)]
        assert (groups, codecs) == ([[1], [2], [5]], ["ZSTD", "UNCOMPRESSED"])
        assert file.schema_arrow.equals(schema, check_metadata=True)


def test_a_second_erasure_changes_not_a_byte(workspace):
    first = erase_customer(workspace, "7", SALT)
    before = contents(workspace)
    assert erase_customer(workspace, "7", SALT) == first
    assert contents(workspace) == before


def test_the_report_is_kept_and_does_not_name_the_customer(workspace, capsys):
    report, path = erase_customer(workspace, "john.smith@example.com", SALT)
    record = json.loads(path.read_text())
    assert path.parent == workspace.erasures
    assert "smith" not in path.read_text() + path.name
    assert record["removed"] == report.removed
    assert record["removed"]["tables/events.parquet"] == 2
    assert record["finished_at"] >= record["begun_at"]
    assert print_report(Console(), report, path) == 0
    assert "removed  2 rows of tables/events.parquet" in capsys.readouterr().out


def test_rows_that_come_later_are_added_to_the_report(workspace, row):
    erase(workspace, "ann")
    log = EventLog(workspace.log)
    log.add(parse_events([row("new", customer_id="ann")])[0])
    log.close()
    before = erase(workspace, "bob").begun_at
    assert erase(workspace, "ann").removed["log.db"] == 4 + 2 + 1
    assert before <= erase(workspace, "ann").finished_at


def test_mentions_elsewhere_are_told_and_not_touched(workspace, capsys):
    note = workspace.root / "notes" / "sample.py"
    note.parent.mkdir()
    note.write_text("ann, anna and ann")
    unknown = workspace.root / "recs.parquet"
    pd.DataFrame({"customer_id": ["ann", "anna"]}).to_parquet(unknown)
    before = unknown.read_bytes()
    report, path = erase_customer(workspace, "ann", SALT)
    assert report.complete
    assert (report.mentions["notes/sample.py"], report.mentions["recs.parquet"]) == (2, 1)
    assert report.mentions["tables/products.parquet"] >= 1
    assert (note.read_text(), unknown.read_bytes()) == ("ann, anna and ann", before)
    assert print_report(Console(), report, path) == 0
    assert "told" in capsys.readouterr().out


def test_what_a_killed_run_left_half_written_goes(workspace):
    left = workspace.root / ".tables.partial-abc" / "events.parquet"
    shutil.copytree(workspace.tables, left.parent)
    half = workspace.root / ".quarantine.parquet.partial-abc"
    half.write_bytes(b"ann")
    erase(workspace, "ann")
    assert not left.exists()
    assert not half.exists()


def test_no_byte_of_the_databases_has_the_id(workspace):
    for file in (workspace.log, workspace.online_store):
        assert b"john.smith" in file.read_bytes()
    # The other rows that mention the id go first: they are others'.
    for customer in SHOP.customers:
        erase(workspace, customer)
    for file in (workspace.log, workspace.online_store):
        assert b"john.smith" not in file.read_bytes()


@pytest.mark.parametrize(("customer", "why"), [("", "empty"), ("  ", "empty"), ("x" * 257, "257"), ("a\0b", "control")])
def test_what_is_no_id_is_refused(workspace, customer, why):
    with pytest.raises(RequestError, match=why):
        erase(workspace, customer)
    assert not workspace.forgotten.exists()


def test_the_next_training_passes_over_what_the_source_still_says(workspace):
    erase(workspace, "7")
    customers, products = pd.DataFrame({"customer_id": [7, 8]}), pd.DataFrame({"product_id": [7]})
    raw = RawTables("shop", {"customers": customers, "products": products})
    left = ForgottenCustomers.read(workspace.forgotten).without(raw)
    assert left.tables["customers"]["customer_id"].tolist() == [8]
    assert len(left.tables["products"]) == 1
    assert "7" not in json.loads(workspace.forgotten.read_text())["customers"]


@pytest.mark.parametrize("cells", [["4711.0", "8"], [" 4711", "8"], [4711.0, 8.0], [4711, 8]])
def test_the_next_training_passes_over_every_spelling(workspace, cells):
    erase(workspace, "4711")
    raw = RawTables("shop", {"ratings": pd.DataFrame({"customer_id": cells})})
    left = ForgottenCustomers.read(workspace.forgotten).without(raw).tables["ratings"]
    assert left["customer_id"].tolist() == cells[1:]


def test_whom_an_earlier_version_remembered_as_typed_is_still_ignored():
    assert ForgottenCustomers("salt", frozenset([customer_hash("4711.0", "salt")])).holds("4711.0")


def test_a_row_without_a_customer_belongs_to_nobody_who_is_forgotten(workspace):
    erase(workspace, "None")
    raw = RawTables("shop", {"transactions": pd.DataFrame({"customer_id": ["None", None, "8"]})})
    left = ForgottenCustomers.read(workspace.forgotten).without(raw)
    assert left.tables["transactions"]["customer_id"].tolist() == [None, "8"]


def test_a_model_trained_before_is_told_of_until_there_is_another(workspace):
    workspace.promote({"version": "v1", "promoted_at": pd.Timestamp("2025-01-01", tz="UTC").isoformat()})
    assert erase(workspace, "ann").models_from_before == ("champion",)
    workspace.promote({"version": "v2", "promoted_at": (pd.Timestamp.now("UTC") + pd.Timedelta("1h")).isoformat()})
    assert erase(workspace, "ann").models_from_before == ()


def test_while_a_run_is_going_on_nobody_is_forgotten_by_halves(workspace):
    with exclusive_lock(workspace.lock), pytest.raises(AlreadyRunningError, match="run is going on"):
        erase(workspace, "ann")


def test_the_bundle_that_a_service_was_started_from_counts_too(workspace):
    with new_bundle(workspace.serving / "src" / "bundle", {}) as bundle:
        Avoidances.from_declared({"ann": ["parfum"]}).write(bundle)
    assert erase(workspace, "ann").left == {"serving/src/bundle/avoidances/customers.npy": 1}


def test_who_was_not_found_is_told_so_and_every_report_says_when_it_searched(workspace, capsys):
    report, path = erase_customer(workspace, "nobody-here", SALT)
    assert print_report(Console(), report, path) == 0
    assert "No row has this id" in (said := capsys.readouterr().out)
    assert f"begun    {report.begun_at}, searched again {report.finished_at}" in said
    print_report(Console(), *erase_customer(workspace, "ann", SALT))
    assert "No row of the customer is left." in capsys.readouterr().out


def test_a_bundle_that_knows_what_the_customer_avoids_is_named_until_it_is_gone(workspace, capsys):
    with new_bundle(workspace.bundle("v1"), {}) as bundle:
        Avoidances.from_declared({"ann": ["parfum"], "bob": ["linalool"]}).write(bundle)
    workspace.promote(promoted("v1"))
    report, path = erase_customer(workspace, "ann", SALT)
    assert report.left == {"bundles/v1/avoidances/customers.npy": 1}
    assert print_report(Console(), report, path) == 1
    assert "LEFT     1 rows in bundles/v1" in capsys.readouterr().out
    before = contents(workspace)
    erase(workspace, "ann")
    assert contents(workspace) == before
    with new_bundle(workspace.bundle("v2"), {}) as bundle:
        Avoidances.from_declared({"bob": ["linalool"]}).write(bundle)
    workspace.promote(promoted("v2"))
    assert erase(workspace, "ann").complete
    assert not workspace.bundle("v1").exists()
    assert Bundle.open(workspace.bundle("v2"))


def promoted(version):
    now = pd.Timestamp.now("UTC").isoformat()
    return {"version": version, "bundle": f"bundles/{version}", "bento": f"bentos/{version}", "promoted_at": now}


def test_a_retired_version_that_does_not_know_the_customer_stays(workspace):
    """It may be rolled back to."""
    with new_bundle(workspace.bundle("v0"), {}) as bundle:
        Avoidances.from_declared({"bob": ["linalool"]}).write(bundle)
    erase(workspace, "ann")
    assert Bundle.open(workspace.bundle("v0"))


def test_the_online_store_knows_the_others_as_before(workspace):
    online = SqliteCustomers(workspace.online_store, 1)
    others = online.read(SHOP.customers[1:])
    erase(workspace, SHOP.customers[0])
    assert SqliteCustomers(workspace.online_store, 1).read(SHOP.customers) == others
    assert Tables.read(workspace.tables).customers["customer_id"].tolist() == [*SHOP.customers[1:]]


def test_redis_forgets_only_the_customer(tmp_path, monkeypatch):
    with redis_server(tmp_path) as server:
        monkeypatch.setenv(ONLINE_STORE, server.url)
        workspace = Workspace(tmp_path / "shop")
        write_workspace(SHOP, workspace)
        others = RedisCustomers(server.url, 5).read(SHOP.customers[1:])
        assert len(others) == len(SHOP.customers) - 1
        assert erase(workspace, "7").removed[ONLINE_STORE] == 1
        assert RedisCustomers(server.url, 5).read(SHOP.customers) == others


def test_postgresql_forgets_only_the_customer(workspace, postgres_address, monkeypatch, row):
    monkeypatch.setenv(EVENT_LOG, postgres_address)
    log = EventLog(postgres(postgres_address))
    known = ("view", "smith@example.com", "view' OR '1'='1", "john.smith@example.com")
    sent = [row(customer, customer_id=customer, session_id="view", query="view") for customer in known]
    log.add(parse_events(sent)[0])
    log.close()
    store = ImpressionStore(postgres(postgres_address))
    for table in TABLES:
        store.add(parse_impressions([_shown(customer) for customer in known])[0], table)
    store.close()
    for at, customer in enumerate(known[:3], 1):
        assert erase(workspace, customer).removed[EVENT_LOG] == 1 + len(TABLES)
        assert read_events(postgres(postgres_address))["customer_id"].tolist() == [*known[at:]]
        with psycopg.connect(postgres_address) as connection:
            for table in TABLES:
                shown = connection.execute(f"SELECT request_id FROM {table} ORDER BY impression_id").fetchall()
                assert sorted(id_ for (id_,) in shown) == sorted(known[at:])


def _shown(customer):
    made = Impression(customer, 1.0, customer_hash(customer, SALT), "champion", "v1", "[]", "[]", "")
    return {"impression_id": customer, **made._asdict()}
