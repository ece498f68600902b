from pathlib import Path

from infrastructure.workspace import Workspace

RECORD = {"version": "0123", "bundle": "bundles/0123", "judged": "bundles/0123-judged", "bento": "bentos/0123"}


def test_a_shop_has_its_folder_under_var():
    assert Workspace.named("beauty").root == Path("var/beauty")


def test_no_champion_before_the_first(tmp_path):
    assert Workspace(tmp_path / "nowhere").champion() is None


def test_the_champion_is_what_was_promoted_last(tmp_path):
    workspace = Workspace(tmp_path / "shop")
    workspace.promote(RECORD | {"version": "before"})
    workspace.promote(RECORD)
    assert workspace.champion() == RECORD


def test_a_versions_folders_are_where_the_champions_record_says():
    workspace = Workspace(Path("shop"))
    version = RECORD["version"]
    found = {
        "bundle": workspace.bundle(version),
        "judged": workspace.judged(version),
        "bento": workspace.bento(version),
    }
    assert {name: str(folder.relative_to("shop")) for name, folder in found.items()} == {
        name: RECORD[name] for name in found
    }


def test_every_path_is_the_workspaces_own_and_none_is_named_twice():
    workspace = Workspace(Path("shop"))
    names = [name for name, member in vars(Workspace).items() if isinstance(member, property)]
    paths = [getattr(workspace, name) for name in names]
    assert len({*paths}) == len(paths)
    assert all(path.is_relative_to("shop") for path in paths)


def test_a_champion_that_was_promoted_before_an_erasure_knows_the_erased(tmp_path):
    workspace = Workspace(tmp_path / "shop")
    workspace.promote(RECORD | {"promoted_at": "2025-01-01T00:00:00+00:00"})
    assert not workspace.champion_knows_erased()
    workspace.forgotten.write_text("{}")
    assert workspace.champion_knows_erased()
    workspace.promote(RECORD | {"promoted_at": "2999-01-01T00:00:00+00:00"})
    assert not workspace.champion_knows_erased()
    assert not Workspace(tmp_path / "new").champion_knows_erased()
