"""What is kept of decisions, and that only one process retrains at a time."""

import subprocess
import sys

from monitoring.decision_log import TriggerBook
from monitoring.trigger import Decision, Evidence

EVIDENCE = Evidence("v1", last_row=7, new_rows=7, age_days=1)


def test_only_decisions_that_fired_count_as_fired(tmp_path):
    book = TriggerBook(tmp_path / "triggers")
    book.record(Decision.of(EVIDENCE, {}, {}), EVIDENCE, 1.0)
    record = book.record(Decision.of(EVIDENCE, {"age": "old"}, {}), EVIDENCE, 2.0)
    book.record(Decision.of(EVIDENCE, {"age": "old"}, {"cooldown": "wait"}), EVIDENCE, 3.0)
    book.conclude(record, "refused", {"run_id": "r1"})
    assert [(firing.time, firing.champion, firing.last_row) for firing in book.fired()] == [(2.0, "v1", 7)]
    assert [record.get("outcome") for record in book.records()] == [None, "refused", None]


def test_a_second_process_is_kept_out_until_the_first_is_gone(tmp_path):
    book = TriggerBook(tmp_path)
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout.readline() == "True\n"
    with book.alone() as alone:
        assert not alone
    holder.kill()
    holder.wait()
    with book.alone() as alone:
        assert alone


HOLD = """
import sys
from pathlib import Path
from monitoring.decision_log import TriggerBook

with TriggerBook(Path(sys.argv[1])).alone() as alone:
    print(alone, flush=True)
    sys.stdin.read()
"""
