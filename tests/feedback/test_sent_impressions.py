"""What was shown, on its way from an endpoint through the collector into PostgreSQL, and out of it again."""

import asyncio
import json
import threading
import time
from contextlib import contextmanager

import httpx
import psycopg
import pytest
from prometheus_client import REGISTRY

from feedback.collector import Collector
from feedback.database import EVENT_LOG, postgres, sqlite
from feedback.event_log import EventLog
from feedback.impressions import FIELDS, ImpressionStore, ReceivedImpression, parse_impressions
from feedback.log_reader import read_all_impressions, read_impressions
from infrastructure.bearer_tokens import BearerTokens
from infrastructure.workspace import Workspace
from recommender.contract.impressions import Impression
from serving.impressions.log import ImpressionLog
from serving.impressions.remote import RemoteImpressionLog
from settings.monitoring import CollectorSettings
from tests.support.servers.collectors import killed, nursery, started


def shown(number=0, **changes):
    given = Impression(f"r{number}", 1.5, "abc", "champion", "v1", '["p1", "p2"]', "[2.0, 1.0]", "", 0.004)
    return given._replace(**changes)


def sent(number=0, **changes):
    return {"impression_id": f"i{number}", **shown(number)._asdict(), **changes}


@pytest.fixture
def log(postgres_address):
    return postgres(postgres_address)


@pytest.fixture
def collector(log, tmp_path):
    (tmp_path / "tokens").write_text("a-token-of-the-endpoint\n")
    tokens = BearerTokens(tmp_path / "tokens")
    return Collector(EventLog(log), CollectorSettings(), tokens=tokens, impressions=ImpressionStore(log))


def ask(collector, method, path, **content):
    headers = {"authorization": "Bearer a-token-of-the-endpoint", **content.pop("headers", {})}

    async def run():
        transport = httpx.ASGITransport(collector.app())
        async with httpx.AsyncClient(transport=transport, base_url="http://collector") as client:
            return await client.request(method, path, headers=headers, **content)

    return asyncio.run(run())


def post(collector, rows, **more):
    return ask(collector, "POST", "/v1/impressions", json={"impressions": rows, **more})


def test_impressions_are_kept_once_and_read_as_they_were_shown(collector, log):
    assert post(collector, [sent(0), sent(1)]).json() == {"accepted": 2, "duplicates": 0, "rejected": []}
    again = post(collector, [sent(1), sent(2)])
    assert (again.status_code, again.json()) == (200, {"accepted": 1, "duplicates": 1, "rejected": []})
    kept = read_impressions(log)
    assert kept["request_id"].tolist() == ["r0", "r1", "r2"]
    assert kept["products"].tolist() == [["p1", "p2"]] * 3
    assert kept["seconds"].tolist() == [0.004] * 3


def test_the_collector_keeps_every_column_of_an_endpoints_log(collector, postgres_address):
    assert ("impression_id", *Impression._fields) == FIELDS == tuple(ReceivedImpression.model_fields)
    assert post(collector, [sent(kind="customer", k=10, brought="skin_type")]).json()["accepted"] == 1
    with psycopg.connect(postgres_address) as connection:
        kept = connection.execute("SELECT * FROM impressions").fetchone()
    assert kept == ("i0", *shown(kind="customer", k=10, brought="skin_type"))


def test_a_column_of_a_later_version_costs_no_row(collector, log):
    assert post(collector, [sent(0, more=1)]).json()["accepted"] == 1
    assert len(read_impressions(log)) == 1


def test_two_customers_of_one_request_are_two_impressions(collector, log):
    rows = [sent(0, customer="a"), sent(1, request_id="r0", customer="b")]
    assert post(collector, rows).json()["accepted"] == 2
    assert read_impressions(log)["customer"].tolist() == ["a", "b"]


def test_what_a_challenger_would_have_shown_is_kept_apart(collector, log):
    assert post(collector, [sent()], table="shadow_impressions").json()["accepted"] == 1
    assert read_impressions(log).empty
    assert post(collector, [sent()], table="events").status_code == 400


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"products": "p1"}, "products"),
        ({"products": "[" * 50_000}, "products"),
        ({"scores": '{"p1": 2}'}, "scores"),
        ({"request_id": "a\x00b"}, "request_id"),
        ({"time": "now"}, "time"),
        ({"k": -1}, "k"),
    ],
)
def test_a_row_that_monitoring_could_not_read_is_named_and_the_others_are_kept(collector, log, changes, field):
    answer = post(collector, [sent(0), sent(1, **changes)])
    assert answer.json()["accepted"] == 1
    assert [(row["index"], row["field"]) for row in answer.json()["rejected"]] == [(1, field)]
    assert len(read_impressions(log)) == 1


def test_nobody_leaves_impressions_without_a_token(collector, log):
    content = {"json": {"impressions": [sent()]}, "headers": {"authorization": "Bearer another-token-of-mine"}}
    refused = ask(collector, "POST", "/v1/impressions", **content)
    assert (refused.status_code, refused.headers["www-authenticate"]) == (401, "Bearer")
    assert read_impressions(log).empty


def test_where_the_log_is_a_file_the_collector_takes_none(tmp_path):
    collector = Collector(EventLog(sqlite(tmp_path / "log.db")), CollectorSettings())
    assert post(collector, [sent()]).status_code == 404


@contextmanager
def altered(address, alteration, back):
    """The database is altered and has ended the connections it had, and is put back in the same way."""
    server, name = address.rsplit("/", 1)
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:

        def alter(how):
            connection.execute(f"ALTER DATABASE {name} {how}")
            connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,))

        alter(alteration)
        yield
        alter(back)


def away(address):
    """The database refuses connections."""
    return altered(address, "ALLOW_CONNECTIONS false", "ALLOW_CONNECTIONS true")


def only_reading(address):
    """The database lets connections write nothing."""
    return altered(address, "SET default_transaction_read_only = on", "RESET default_transaction_read_only")


def test_while_the_database_is_away_senders_are_told_to_try_again(collector, postgres_address, row):
    assert ask(collector, "GET", "/health/ready").status_code == 200
    with away(postgres_address):
        for path, content in (("events", [row("a")]), ("impressions", [sent()])):
            answer = ask(collector, "POST", f"/v1/{path}", json={path: content})
            assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
        assert ask(collector, "GET", "/health/ready").status_code == 503
        assert ask(collector, "GET", "/health/live").status_code == 200
    assert ask(collector, "POST", "/v1/events", json={"events": [row("a")]}).json()["accepted"] == 1
    assert post(collector, [sent()]).json()["accepted"] == 1
    assert ask(collector, "GET", "/health/ready").status_code == 200


def test_while_the_database_only_reads_senders_are_told_to_try_again(collector, postgres_address, row):
    assert ask(collector, "POST", "/v1/events", json={"events": [row("a")]}).json()["accepted"] == 1
    with only_reading(postgres_address):
        for _ in range(2):  # the first meets the connection that was ended
            answer = ask(collector, "POST", "/v1/events", json={"events": [row("b")]})
            assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")


def counted(outcome):
    return REGISTRY.get_sample_value("recommender_impressions_total", {"outcome": outcome}) or 0.0


def test_nothing_that_an_endpoint_showed_is_lost_or_doubled_while_collectors_are_killed(
    tmp_path,
    port,
    postgres_address,
):
    sender = RemoteImpressionLog(f"http://127.0.0.1:{port}/v1/impressions", 100_000, 0.01)
    before = counted("dropped")
    with nursery(tmp_path, {EVENT_LOG: postgres_address}, port) as collectors:
        collector = started(collectors, port)
        sender.start()
        for round_ in range(5):
            for number in range(1000):
                sender.add(shown(round_ * 1000 + number))
            killed(collector)
            collector = started(collectors, port)
        # Stopping waits for ten seconds only, and a busy disk may take longer.
        deadline = time.monotonic() + 120
        while len(read_impressions(postgres(postgres_address))) < 5000 and time.monotonic() < deadline:
            time.sleep(0.2)
        sender.stop()
        killed(collector)
    kept = read_impressions(postgres(postgres_address))
    assert sorted(kept["request_id"]) == sorted(f"r{number}" for number in range(5000))
    assert counted("dropped") == before


def test_an_endpoint_without_a_collector_drops_what_its_queue_cannot_hold_and_waits_for_nothing(port):
    sender = RemoteImpressionLog(f"http://127.0.0.1:{port}/v1/impressions", 10, 60)
    before = counted("dropped")
    for number in range(10):
        sender.add(shown(number))
    sender.flush()  # the collector is not there: the batch is held
    for number in range(5):
        sender.add(shown(number))
    assert counted("dropped") - before == 5
    sender.start()
    sender.stop()
    assert counted("dropped") - before == 15


@pytest.mark.parametrize("status", [400, 413, 422])
def test_what_the_collector_will_never_take_makes_way_for_what_it_will(status):
    class Refusing(RemoteImpressionLog):
        pass

    with answering(status, 200) as (address, bodies):
        sender, before = Refusing(address, 10, 60), counted("dropped")
        for number in range(2):
            sender.add(shown(number))
            sender.flush()
        assert counted("dropped") - before == 1
    assert [json.loads(body)["impressions"][0]["request_id"] for body in bodies] == ["r0", "r1"]


def test_a_batch_goes_by_the_same_names_at_every_try_and_with_the_token_of_the_time(tmp_path):
    token = tmp_path / "token"
    with answering(503, 401, 200) as (address, bodies):
        sender = RemoteImpressionLog(address, 10, 60, token=token)
        sender.add(shown())
        sender.flush()  # there is no token yet, so nothing is sent
        for text in ("first", "second", "third"):
            token.write_text(f"{text}\n")
            sender.flush()
    assert [body.token for body in bodies] == ["Bearer first", "Bearer second", "Bearer third"]
    assert len({json.loads(body)["impressions"][0]["impression_id"] for body in bodies}) == 1


def test_an_answer_that_breaks_off_is_no_answer(caplog):
    with answering(BREAKS_OFF, 200) as (address, bodies):
        sender = RemoteImpressionLog(address, 10, 0.01)
        sender.add(shown())
        sender.flush()
        sender.flush()
    first, second = ([row["impression_id"] for row in json.loads(body)["impressions"]] for body in bodies)
    assert first == second
    assert "1 impressions wait for the collector" in caplog.text


def test_the_longest_lists_of_the_longest_ids_are_taken():
    """Ids that can be served can be reported."""
    products = ['\U0001f9f4"' * 128] * 100
    longest = shown(products=json.dumps(products, ensure_ascii=False), scores=json.dumps([0.12345678901234567] * 100))
    with answering(*[200] * 200) as (address, bodies):
        sender, before = RemoteImpressionLog(address, 200, 60), counted("written")
        for _ in range(200):
            sender.add(longest)
        sender.flush()
    assert counted("written") - before == 200
    assert 1 < len(bodies) < 100
    assert max(map(len, bodies)) <= CollectorSettings().maximum_bytes
    taken, rejected = parse_impressions([row for body in bodies for row in json.loads(body)["impressions"]])
    assert not rejected
    assert len({row.impression_id for row in taken}) == 200


class Body(bytes):
    """What was sent, with the authorization that came along."""

    token = ""


#: The status is a good one, and the body never comes: what a collector that is killed while it answers leaves.
BREAKS_OFF = -200


@contextmanager
def answering(*statuses):
    """A server that answers with these, one after the other; yields its address and what it was sent."""
    from http.server import BaseHTTPRequestHandler, HTTPServer

    left, bodies = list(statuses), []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = Body(self.rfile.read(int(self.headers["content-length"])))
            body.token = self.headers.get("authorization")
            bodies.append(body)
            status = left.pop(0)
            self.send_response(abs(status))
            self.send_header("content-length", "45" if status == BREAKS_OFF else "0")
            self.end_headers()

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1/impressions", bodies
    finally:
        server.shutdown()
        server.server_close()


def test_a_shop_reads_what_was_left_in_its_file_and_in_the_database(tmp_path, postgres_address, collector, monkeypatch):
    workspace = Workspace(tmp_path / "shop")
    workspace.root.mkdir()
    file = ImpressionLog(workspace.log, 10, 60)
    file.start()
    file.add(shown(7, time=3.0))
    file.stop()
    post(collector, [sent(8, time=2.0)])
    assert read_all_impressions(workspace)["request_id"].tolist() == ["r7"]
    monkeypatch.setenv(EVENT_LOG, postgres_address)
    assert read_all_impressions(workspace)["request_id"].tolist() == ["r8", "r7"]
