"""Work that does not fit into memory is refused before it takes any."""

import pytest

from infrastructure import machine
from infrastructure.errors import CapacityError
from recommender.contract import tables as reading
from recommender.contract.tables import Tables
from recommender.models import model_data as data


def test_a_containers_limit_counts(monkeypatch, tmp_path):
    monkeypatch.setattr(machine, "_CGROUP", tmp_path)
    (tmp_path / "memory.max").write_text("3000\n")
    (tmp_path / "memory.current").write_text("1000\n")
    assert machine.available_memory() == 2000
    (tmp_path / "memory.max").write_text("max\n")
    assert machine.available_memory() > 2000


def test_an_older_control_group_counts_too_and_remembered_files_do_not(monkeypatch, tmp_path):
    monkeypatch.setattr(machine, "_CGROUP", tmp_path)
    (tmp_path / "memory").mkdir()
    (tmp_path / "memory" / "memory.limit_in_bytes").write_text("3000\n")
    (tmp_path / "memory" / "memory.usage_in_bytes").write_text("2500\n")
    assert machine.available_memory() == 500
    (tmp_path / "memory" / "memory.stat").write_text("inactive_file 7\ntotal_inactive_file 400\n")
    assert machine.available_memory() == 900


def test_what_would_not_fit_is_told_with_what_is_there(monkeypatch):
    monkeypatch.setattr(machine, "available_memory", lambda: 2 * 2**30)
    machine.require_memory(2 * 2**30, "This", cure="do less")
    with pytest.raises(CapacityError) as caught:
        machine.require_memory(3 * 2**30, "This", cure="do less")
    assert str(caught.value) == "This would need about 3.0 GiB of memory.\n  expected: at most 2.0 GiB in all: do less"


def test_tables_too_large_to_be_read_are_refused_by_what_their_files_tell(tables, tmp_path, monkeypatch):
    tables.write(tmp_path / "clean")
    cells = sum(rows.size for _, rows in tables)
    monkeypatch.setattr(machine, "available_memory", lambda: 30 * cells)
    assert Tables.read(tmp_path / "clean").rows == tables.rows
    monkeypatch.setattr(machine, "available_memory", lambda: 30 * cells - 1)
    monkeypatch.setattr(reading, "_read", lambda *_: pytest.fail("a file was read"))
    with pytest.raises(CapacityError, match="Reading the tables in clean"):
        Tables.read(tmp_path / "clean")


def test_uses_too_many_to_be_ordered_are_refused_before_they_are(tables, monkeypatch):
    uses = len(tables.transactions) + len(tables.ratings)
    monkeypatch.setattr(machine, "available_memory", lambda: 400 * uses - 1)
    monkeypatch.setattr(data, "interactions", lambda _: pytest.fail("uses were ordered"))
    with pytest.raises(CapacityError, match=f"Ordering {uses:,} interactions"):
        data.model_data(tables, 0)
