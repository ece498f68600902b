"""What is kept of decisions, and that only one process retrains at a time."""

import subprocess
import sys

from monitoring.decision_log import DecisionLog
from monitoring.trigger import Evidence, RetrainDecision

EVIDENCE = Evidence("v1", last_row=7, new_rows=7, age_days=1)


def test_only_decisions_that_fired_count_as_fired(tmp_path):
    book = DecisionLog(tmp_path / "triggers")
    book.record(RetrainDecision.from_reasons(EVIDENCE, {}, {}), EVIDENCE, 1.0)
    record = book.record(RetrainDecision.from_reasons(EVIDENCE, {"age": "old"}, {}), EVIDENCE, 2.0)
    book.record(RetrainDecision.from_reasons(EVIDENCE, {"age": "old"}, {"cooldown": "wait"}), EVIDENCE, 3.0)
    book.record_outcome(record, "refused", {"run_id": "r1"})
    assert [(firing.time, firing.champion, firing.last_row) for firing in book.retrainings()] == [(2.0, "v1", 7)]
    assert [record.get("outcome") for record in book.records()] == [None, "refused", None]


def test_a_second_process_is_kept_out_until_the_first_is_gone(tmp_path):
    book = DecisionLog(tmp_path)
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout.readline() == "True\n"
    with book.exclusive() as alone:
        assert not alone
    holder.kill()
    holder.wait()
    with book.exclusive() as alone:
        assert alone


HOLD = """
import sys
from pathlib import Path
from monitoring.decision_log import DecisionLog

with DecisionLog(Path(sys.argv[1])).exclusive() as alone:
    print(alone, flush=True)
    sys.stdin.read()
"""
