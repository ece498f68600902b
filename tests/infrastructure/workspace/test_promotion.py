import shutil

import pytest

from infrastructure.files import write_json
from infrastructure.workspace import Workspace
from infrastructure.workspace.promotion import PromotionCandidate, promote
from infrastructure.workspace.run_records import DECISION, MEASURED_FROM


@pytest.fixture
def workspace(tmp_path):
    return Workspace(tmp_path / "var")


def candidate(tmp_path, version, text="x"):
    folders = {}
    for name in ("bundle", "judged", "bento", "reference"):
        folder = tmp_path / "artifacts" / version / name
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "content.txt").write_text(f"{name} {text}")
        folders[name] = folder
    return PromotionCandidate(version=version, metrics={"ndcg": 0.1}, **folders)


def test_a_champions_folders_are_where_its_record_says(tmp_path, workspace):
    promote(candidate(tmp_path, "v1"), workspace, "run-1")
    record = workspace.champion()
    assert (record["version"], record["run_id"], record["metrics"]) == ("v1", "run-1", {"ndcg": 0.1})
    for name in ("bundle", "judged", "bento"):
        assert (workspace.root / record[name] / "content.txt").read_text() == f"{name} x"
    assert workspace.reference.joinpath("content.txt").read_text() == "reference x"


def test_only_the_champion_and_the_one_before_are_kept(tmp_path, workspace):
    for number in range(4):
        promote(candidate(tmp_path, f"v{number}"), workspace, f"run-{number}")
    assert sorted(folder.name for folder in (workspace.root / "bundles").iterdir()) == [
        "v2",
        "v2-judged",
        "v3",
        "v3-judged",
    ]
    assert sorted(folder.name for folder in (workspace.root / "bentos").iterdir()) == ["v2", "v3"]


def test_a_challenger_is_kept_as_long_as_it_is_tried(tmp_path, workspace):
    promote(candidate(tmp_path, "v0"), workspace, "run-0")
    write_json(workspace.challenger_file, {"version": "v0", "bundle": "bundles/v0"})
    for number in range(1, 4):
        promote(candidate(tmp_path, f"v{number}"), workspace, f"run-{number}")
    assert workspace.bundle("v0").is_dir()

    workspace.challenger_file.unlink()
    promote(candidate(tmp_path, "v4"), workspace, "run-4")
    assert not workspace.bundle("v0").exists()


def test_the_same_bytes_are_not_written_again_and_damaged_ones_are(tmp_path, workspace):
    promote(candidate(tmp_path, "v1"), workspace, "run-1")
    served = workspace.bundle("v1")
    before = served.stat().st_ino
    promote(candidate(tmp_path, "v1"), workspace, "run-2")
    assert served.stat().st_ino == before
    (served / "content.txt").write_text("damaged")
    promote(candidate(tmp_path, "v1"), workspace, "run-3")
    assert (served / "content.txt").read_text() == "bundle x"


def test_a_copy_that_fails_leaves_the_champion(tmp_path, workspace):
    promote(candidate(tmp_path, "v1"), workspace, "run-1")
    broken = candidate(tmp_path, "v2")
    (broken.bento / "content.txt").unlink()
    broken.bento.rmdir()
    with pytest.raises(FileNotFoundError):
        promote(broken, workspace, "run-2")
    assert workspace.champion()["version"] == "v1"


def test_the_judged_model_that_small_losses_are_measured_from_is_kept(tmp_path, workspace):
    promote(candidate(tmp_path, "v0"), workspace, "run-0")
    for number in range(1, 4):
        write_json(workspace.run(f"run-{number}") / DECISION, {"promote": True, "reasons": [], MEASURED_FROM: "v0"})
        promote(candidate(tmp_path, f"v{number}"), workspace, f"run-{number}")
        assert workspace.anchor() == {"version": "v0", "judged": "bundles/v0-judged"}
    assert sorted(folder.name for folder in (workspace.root / "bundles").iterdir()) == [
        "v0-judged",
        "v2",
        "v2-judged",
        "v3",
        "v3-judged",
    ]

    write_json(workspace.run("run-4") / DECISION, {"promote": True, "reasons": [], MEASURED_FROM: None})
    promote(candidate(tmp_path, "v4"), workspace, "run-4")
    assert workspace.anchor() is None
    assert not workspace.judged("v0").exists()


def test_a_model_that_an_erasure_removed_is_measured_from_no_more(tmp_path, workspace):
    promote(candidate(tmp_path, "v0"), workspace, "run-0")
    write_json(workspace.run("run-1") / DECISION, {"promote": True, "reasons": [], MEASURED_FROM: "v0"})
    promote(candidate(tmp_path, "v1"), workspace, "run-1")
    shutil.rmtree(workspace.judged("v0"))
    assert workspace.anchor() is None
