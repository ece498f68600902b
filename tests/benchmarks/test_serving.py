"""The arithmetic of the serving benchmark, and that it refuses to time what does not do the same work."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest

from benchmarks.serving.instant import make_instant
from benchmarks.serving.load import LoadError, bodies, put_load
from benchmarks.serving.measure import check_same
from benchmarks.serving.report import serving_figures, summary


def _rows(*rates_and_p99s, server, connections=1):
    return [
        {"round": turn, "server": server, "connections": connections, "rate": rate, "p50": 1.0, "p99": p99}
        | {"cpu": 1000 / rate, "rss": 100.0, "pss": 50.0}
        for turn, (rate, p99) in enumerate(rates_and_p99s)
    ]


OURS = _rows((300, 10), (30, 100), (330, 11), server="ours")
KSERVE = _rows((100, 40), (10, 400), (120, 20), server="kserve")
FLOOR = _rows((300, 10), (40, 100), (300, 10), server="starlette")


def test_a_ratio_is_the_median_of_the_rounds_ratios_so_a_slow_round_changes_nothing():
    kserve = next(row for row in summary(OURS + KSERVE) if row["server"] == "kserve")
    assert kserve["rate_ratio"] == 3
    assert kserve["p99_ratio"] == 0.25
    assert kserve["cpu_ratio"] == pytest.approx(1 / 3)
    assert kserve["rate"] == 100
    assert kserve["rate_range"] == [10, 120]


def test_a_missed_aim_is_told():
    found = {"engine": summary(OURS + KSERVE + FLOOR), "instant": summary(OURS + _slower(KSERVE, 0.5) + FLOOR)}
    facts = {"bundle": "b", "source": "s", "products": 1, "k": 1, "customers": 1, "workers": 1, "cores": 1, "rounds": 3}
    page = serving_figures({**found, **facts, "seconds": 1, "versions": {}, "commit": "c"})
    assert "| requests/s beside kserve.ModelServer ≥ 2.5 | ours | 3.00 |" in page
    assert "| requests/s beside kserve.ModelServer ≥ 2.5 | at once | 1.50 (missed) |" in page


def test_who_asks_again_is_told_beside_the_others_and_apart_from_who_asks_first():
    again = _rows((600, 5), (60, 50), (660, 5), server="again")
    kserve = next(row for row in summary(OURS + again + KSERVE) if row["server"] == "kserve")
    assert (kserve["rate_ratio"], kserve["rate_ratio_again"]) == (3, 6)
    assert kserve["p99_ratio_again"] == 0.125
    found = {"engine": summary(OURS + again + KSERVE + FLOOR), "instant": summary(OURS + KSERVE + FLOOR)}
    facts = {"bundle": "b", "source": "s", "products": 1, "k": 1, "customers": 1, "workers": 1, "cores": 1, "rounds": 3}
    page = serving_figures({**found, **facts, "seconds": 1, "versions": {}, "commit": "c"})
    assert "| requests/s beside kserve.ModelServer ≥ 2.5 | ours | 3.00 |" in page
    assert "| requests/s beside kserve.ModelServer ≥ 2.5 | ours, asked again | 6.00 |" in page


def _slower(rows, by):
    return [{**row, "rate": row["rate"] / by} for row in rows]


def test_a_server_with_other_products_is_not_timed():
    texts = bodies(["ann", "bob"], 2)
    check_same("one", texts, [["a", "b"], ["b", "c"]], [["a", "b"], ["b", "c"]])
    with pytest.raises(LoadError, match="other products"):
        check_same("one", texts, [["a", "b"], ["b", "c"]], [["a", "b"], ["c", "b"]])
    with pytest.raises(LoadError, match="other products"):
        check_same("one", texts, [["", ""]], [["", ""]])


class _HalfBroken(BaseHTTPRequestHandler):
    """Answers every other request, and refuses the rest."""

    protocol_version = "HTTP/1.1"
    seen: ClassVar[set[str]] = set()
    turns = 0

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        _HalfBroken.seen.add(body["inputs"][0]["data"][0])
        _HalfBroken.turns += 1
        self.send_response(200 if _HalfBroken.turns % 2 else 500)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.mark.skipif("not __import__('shutil').which('wrk')", reason="wrk is not installed (apt-get install wrk)")
def test_the_load_comes_from_every_customer_and_failures_are_counted(tmp_path):
    requests = tmp_path / "bodies"
    requests.write_text("".join(f"{body}\n" for body in bodies(["ann", "bob", "cee"], 2)))
    server = ThreadingHTTPServer(("127.0.0.1", 0), _HalfBroken)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        load = put_load(f"http://127.0.0.1:{server.server_port}", requests, 2, 1)
    finally:
        server.shutdown()
    assert _HalfBroken.seen == {"ann", "bob", "cee"}
    assert load.requests > 10
    assert load.requests * 0.4 <= load.failed <= load.requests * 0.6
    assert 0 < load.p50 <= load.p99 <= load.maximum


def test_the_instant_engine_is_the_present_one_except_for_its_recommendations(tmp_path: Path):
    package = tmp_path / "src" / "recommender"
    (package / "engine").mkdir(parents=True)
    (package / "engine" / "engine.py").write_text("class Engine:\n    version = 'v'\n    def recommend(self): ...\n")
    make_instant(tmp_path)
    assert (package / "instant.py").is_file()
    text = (package / "engine" / "engine.py").read_text()
    assert text.startswith("class Engine:")
    assert text.rstrip().endswith("Engine.recommend = recommend_instantly")
