"""The collector over HTTP: what it answers, and that what it answered for is on disk."""

import asyncio
import re
import threading
import time
from contextlib import asynccontextmanager

import httpx
import pytest

from feedback.avoidances import unrecognised_avoidances
from feedback.collector import REGISTRY, Collector, collector_metrics
from feedback.event_log import EventLog
from feedback.events import parse_events
from feedback.log_reader import read_events
from infrastructure.bearer_tokens import BearerTokens
from settings.monitoring import CollectorSettings

KINDS = ("accepted", "duplicate", "rejected")


@pytest.fixture
def log(tmp_path):
    log = EventLog(tmp_path / "log.db")
    yield log
    log.close()


def post(collector, content, headers=None):
    async def ask():
        transport = httpx.ASGITransport(collector.app())
        async with httpx.AsyncClient(transport=transport, base_url="http://collector") as client:
            kind = "content" if isinstance(content, bytes) else "json"
            return await client.post("/v1/events", headers=headers, **{kind: content})

    return asyncio.run(ask())


@pytest.fixture
def collector(log):
    return Collector(log, CollectorSettings(maximum_events=10, maximum_bytes=10_000))


def test_good_rows_are_kept_and_bad_ones_named(collector, row, tmp_path):
    answer = post(collector, {"events": [row("a"), row("b", type="veiw"), row("a"), "nothing"]})
    assert answer.status_code == 200
    found = answer.json()
    assert (found["accepted"], found["duplicates"]) == (1, 1)
    assert [(r["index"], r["field"]) for r in found["rejected"]] == [(1, "type"), (3, "")]
    assert read_events(tmp_path / "log.db")["event_id"].tolist() == ["a"]


def test_a_batch_that_is_sent_again_is_taken_and_changes_nothing(collector, row):
    batch = {"events": [row("a"), row("b")]}
    assert post(collector, batch).json() == {"accepted": 2, "duplicates": 0, "rejected": [], "unrecognised": []}
    again = post(collector, batch)
    assert again.status_code == 200
    assert again.json() == {"accepted": 0, "duplicates": 2, "rejected": [], "unrecognised": []}


def test_avoidances_that_nothing_knows_are_kept_and_told(collector, row, tmp_path):
    def avoid(event_id, query):
        return row(event_id, type="avoid", product_id=None, query=query)

    before = REGISTRY.get_sample_value("recommender_unrecognised_declarations_total")
    texts = ["nuts", "zyxolide", "fragrence", "parabens, lanolnn", "none"]
    events = [avoid(str(number), text) for number, text in enumerate(texts)]
    answer = post(collector, {"events": [*events, row("a", query="zyxolide")]}).json()
    assert (answer["accepted"], answer["rejected"]) == (6, [])
    assert answer["unrecognised"] == [
        {"event_id": "1", "text": "zyxolide", "suggestions": [], "applied": False},
        {"event_id": "2", "text": "fragrence", "suggestions": ["fragrance", "fragranced"], "applied": True},
        {"event_id": "3", "text": "lanolnn", "suggestions": ["lanolin"], "applied": False},
    ]
    assert read_events(tmp_path / "log.db")["query"].tolist() == [*texts, "zyxolide"]
    assert REGISTRY.get_sample_value("recommender_unrecognised_declarations_total") == before + 3


def test_at_most_a_hundred_unknown_words_are_told(row):
    events, _ = parse_events([row("a", type="avoid", product_id=None, query=", ".join(f"zyx{n}" for n in range(110)))])
    assert len(unrecognised_avoidances(events)) == 100


def test_no_good_row_is_unprocessable(collector, row):
    answer = post(collector, {"events": [row(customer_id="")]})
    assert answer.status_code == 422
    assert answer.json()["rejected"][0]["field"] == "customer_id"
    assert post(collector, {"events": []}).status_code == 422


@pytest.mark.parametrize(
    ("body", "status", "problem"),
    [
        (b"{", 400, "not JSON"),
        (b"\xff", 400, "not JSON"),
        (b"[" * 5000, 400, "not JSON"),
        (b"[]", 400, '{"events"'),
        (b'{"events": 3}', 400, '{"events"'),
        (b'{"events": [' + b"0," * 10 + b"0]}", 413, "11 events"),
        (b" " * 10_001, 413, "larger than 10000 bytes"),
    ],
)
def test_a_body_that_cannot_be_read_is_refused_as_a_whole(collector, body, status, problem):
    answer = post(collector, body)
    assert answer.status_code == status
    assert problem in answer.json()["error"]


@asynccontextmanager
async def running(collector):
    """A client of the collector that has started, and ends with the block."""
    app = collector.app()
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://collector") as client:
            yield client


async def until(holds):
    for _ in range(500):
        if holds():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it never came to be")


def test_an_online_store_that_fails_costs_no_event_and_is_told_without_another(log, row):
    away, shown = [True], []

    def show(log):
        if away:
            raise OSError("the store is away")
        shown.append([event.event_id for event in log.pending().events])

    async def ask():
        async with running(Collector(log, CollectorSettings(online_seconds=0.05), show)) as client:
            for event in ("a", "b"):
                answer = await client.post("/v1/events", json={"events": [row(event)]})
                assert answer.json()["accepted"] == 1
            away.clear()
            await until(lambda: shown)

    asyncio.run(ask())
    assert shown[0] == ["a", "b"]


def test_the_store_is_asked_for_its_state_though_nobody_sends_anything(log):
    asked = []

    async def start():
        async with running(Collector(log, CollectorSettings(online_seconds=0.05), asked.append)):
            await until(lambda: len(asked) >= 3)

    asyncio.run(start())
    known = len(asked)
    time.sleep(0.2)
    assert len(asked) == known


def test_requests_leave_a_store_that_failed_alone_for_a_while(log, row):
    tried = []

    def show(_):
        tried.append(1)
        raise OSError("the store is away")

    async def ask():
        async with running(Collector(log, CollectorSettings(online_seconds=600), show)) as client:
            await until(lambda: tried)
            for number in range(3):
                await client.post("/v1/events", json={"events": [row(str(number))]})

    asyncio.run(ask())
    assert len(tried) == 1


def test_a_store_that_hangs_holds_no_other_request(log, row):
    goes_on = threading.Event()

    def hangs(_):
        goes_on.wait(20)
        raise OSError("the store is away")

    async def ask():
        async with running(Collector(log, CollectorSettings(), hangs)) as client:
            # More than there are threads for requests.
            told = [
                asyncio.create_task(client.post("/v1/events", json={"events": [row(str(number))]}))
                for number in range(60)
            ]
            await until(lambda: len(log.pending().events) == 60)
            async with asyncio.timeout(5):
                seen = [(await client.get(path)).status_code for path in ("/health/ready", "/metrics")]
            goes_on.set()
            return seen, {answer.status_code for answer in await asyncio.gather(*told)}

    assert asyncio.run(ask()) == ([200, 200], {200})


def test_with_tokens_only_who_has_one_is_heard(log, row, tmp_path):
    (tmp_path / "tokens").write_text("a-token-of-the-app\n")
    collector = Collector(log, CollectorSettings(), tokens=BearerTokens(tmp_path / "tokens"))
    for header in ({}, {"authorization": "Bearer another-token-of-mine"}, {"authorization": "a-token-of-the-app"}):
        refused = post(collector, {"events": [row("a")]}, header)
        assert (refused.status_code, refused.headers["www-authenticate"]) == (401, "Bearer")
    assert read_events(tmp_path / "log.db").empty
    assert post(collector, {"events": [row("a")]}, {"authorization": "Bearer a-token-of-the-app"}).status_code == 200


def test_what_becomes_of_events_is_counted(collector, row):
    def counted():
        found = collector_metrics(None).decode()
        return {
            each: float(re.search(rf'recommender_events_total{{outcome="{each}"}} (.*)', found)[1]) for each in KINDS
        }

    post(collector, {"events": [row("x"), row("x"), row("y", type="veiw")]})
    before = counted()
    post(collector, {"events": [row("a"), row("b"), row("a"), row("c", type="veiw")]})
    assert {each: counted()[each] - before[each] for each in KINDS} == {"accepted": 2, "duplicate": 1, "rejected": 1}
