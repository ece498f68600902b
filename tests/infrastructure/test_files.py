import json
import os
import stat
from pathlib import Path

import pytest

from infrastructure import files
from infrastructure.files import read_json, replace_folder, sha256, write_atomically, write_json


def write_half(target, error):
    with replace_folder(target) as partial:
        (partial / "a").write_text("two")
        raise error


def test_a_new_folder_takes_the_old_ones_place_whole(tmp_path):
    target = tmp_path / "deep" / "folder"
    with replace_folder(target) as partial:
        (partial / "a").write_text("one")
        (partial / "gone later").write_text("one")
    with replace_folder(target) as partial:
        (partial / "a").write_text("two")
        assert (target / "a").read_text() == "one"
    assert [path.name for path in target.iterdir()] == ["a"]
    assert (target / "a").read_text() == "two"
    assert [path.name for path in target.parent.iterdir()] == ["folder"]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
@pytest.mark.parametrize("old", [True, False])
def test_an_error_inside_leaves_what_was_there(tmp_path, error, old):
    target = tmp_path / "folder"
    if old:
        target.mkdir()
        (target / "a").write_text("one")
    with pytest.raises(error):
        write_half(target, error)
    assert [path.name for path in tmp_path.iterdir()] == (["folder"] if old else [])
    if old:
        assert (target / "a").read_text() == "one"


def test_what_a_killed_writer_left_is_cleared_away(tmp_path):
    left = tmp_path / ".folder.partial-killed"
    left.mkdir()
    (left / "half").write_text("x")
    with replace_folder(tmp_path / "folder"):
        pass
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]


def test_a_written_file_is_whole_and_readable_by_others(tmp_path):
    target = tmp_path / "deep" / "file"
    write_atomically(target, b"one")
    write_atomically(target, b"two")
    assert target.read_bytes() == b"two"
    assert stat.S_IMODE(target.stat().st_mode) == 0o644
    assert [path.name for path in target.parent.iterdir()] == ["file"]


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch):
    target = tmp_path / "file"
    write_atomically(target, b"one")

    def disk_full(_):
        raise OSError("no space left")

    monkeypatch.setattr(os, "fsync", disk_full)
    with pytest.raises(OSError, match="no space"):
        write_atomically(target, b"two")
    assert target.read_bytes() == b"one"
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_json_is_the_same_bytes_for_the_same_value(tmp_path):
    write_json(tmp_path / "one", {"b": [1, 2.5, None], "a": "Öl"})
    write_json(tmp_path / "other", {"a": "Öl", "b": [1, 2.5, None]})
    assert sha256(tmp_path / "one") == sha256(tmp_path / "other")
    assert "Öl" in (tmp_path / "one").read_text(encoding="utf-8")
    assert read_json(tmp_path / "one") == {"a": "Öl", "b": [1, 2.5, None]}


def test_what_is_no_json_replaces_nothing(tmp_path):
    write_json(tmp_path / "file", {"a": 1})
    with pytest.raises(TypeError):
        write_json(tmp_path / "file", {"a": object()})
    assert json.loads((tmp_path / "file").read_text()) == {"a": 1}


def test_a_crash_between_the_two_renames_loses_nothing(tmp_path):
    target = tmp_path / "folder"
    with replace_folder(target) as partial:
        (partial / "old").touch()
    target.rename(target.with_name(".folder.partial-old"))  # as a crash after the first rename leaves it

    with pytest.raises(ZeroDivisionError), replace_folder(target):
        raise ZeroDivisionError

    assert (target / "old").exists()


def test_what_killed_writers_left_goes_and_an_old_folder_comes_back(tmp_path):
    for name in (".a.partial-xyz", ".b.partial-old", "b", ".c.partial-old"):
        (tmp_path / "room" / name).mkdir(parents=True)
    (tmp_path / "room" / ".file.partial-abc").write_text("half")
    files.remove_unfinished_folders(tmp_path)
    assert sorted(path.name for path in (tmp_path / "room").iterdir()) == [".file.partial-abc", "b", "c"]


def test_only_what_a_files_own_writers_left_goes(tmp_path):
    for name in (".file.partial-abc", ".files.partial-abc", "file"):
        (tmp_path / name).write_text("x")
    files.remove_unfinished_file(tmp_path / "file")
    assert sorted(path.name for path in tmp_path.iterdir()) == [".files.partial-abc", "file"]


def test_a_killed_writers_file_is_known_by_its_name(tmp_path, monkeypatch):
    monkeypatch.setattr(Path, "replace", lambda *_: 1 / 0)
    monkeypatch.setattr(Path, "unlink", lambda *_, **__: None)  # as if it was killed
    with pytest.raises(ZeroDivisionError):
        files.write_atomically(tmp_path / "file", b"x")
    monkeypatch.undo()
    files.remove_unfinished_file(tmp_path / "file")
    assert not list(tmp_path.iterdir())
