import json

import numpy as np
import pytest

from infrastructure.errors import BundleError, OutdatedBundleError
from infrastructure.files import read_json, sha256, write_json
from recommender.config.model import RuleSettings
from recommender.models.bundle import MANIFEST, READABLE, SCHEMA_VERSION, Bundle, new_bundle

NUMBERS = np.arange(6, dtype=np.float32).reshape(2, 3)


def write(folder, numbers=NUMBERS, seed=0):
    with new_bundle(folder, {"seed": seed}) as bundle:
        bundle.arrays("part", {"numbers": numbers, "empty": np.empty(0, np.int32)})
        bundle.json("names", ["cream", "gel"])
        bundle.path("model.txt").write_text("tree")
    return folder


@pytest.fixture
def folder(tmp_path):
    return write(tmp_path / "bundle")


def refused(folder, expected):
    with pytest.raises(BundleError, match=expected) as caught:
        Bundle.open(folder)
    return caught.value


def test_what_was_written_reads_back(folder):
    bundle = Bundle.open(folder)
    arrays = bundle.arrays("part")
    np.testing.assert_array_equal(arrays["numbers"], NUMBERS)
    assert arrays["numbers"].dtype == np.float32
    assert arrays["empty"].dtype == np.int32
    assert bundle.json("names") == ["cream", "gel"]
    assert bundle.path("model.txt").read_text() == "tree"
    assert bundle.path("other.txt") is None
    assert bundle.manifest["seed"] == 0


def test_arrays_are_mapped_read_only(folder):
    numbers = Bundle.open(folder).arrays("part")["numbers"]
    with pytest.raises(ValueError, match="read-only"):
        numbers[0, 0] = 5


def test_the_version_follows_from_the_content_alone(folder, tmp_path):
    version = Bundle.open(folder).version
    assert len(version) == 16
    assert int(version, 16)
    assert Bundle.open(write(tmp_path / "elsewhere")).version == version
    assert Bundle.open(write(tmp_path / "numbers", NUMBERS + 1)).version != version
    assert Bundle.open(write(tmp_path / "seed", seed=1)).version != version


@pytest.mark.parametrize("name", ["part/numbers.npy", "names.json", "model.txt"])
def test_an_altered_file_is_named(folder, name):
    content = bytearray((folder / name).read_bytes())
    content[-1] ^= 1
    (folder / name).write_bytes(content)
    assert refused(folder, "altered").field == name


@pytest.mark.parametrize("name", ["part/numbers.npy", "names.json", "model.txt"])
def test_a_missing_file_is_named(folder, name):
    (folder / name).unlink()
    assert refused(folder, "missing").field == name


@pytest.mark.parametrize("name", ["part/more.npy", "more.json"])
def test_an_added_file_is_named(folder, name):
    (folder / name).write_text("more")
    assert refused(folder, "added").field == name


@pytest.mark.parametrize("version", [SCHEMA_VERSION + 1, READABLE[0] - 1, None, "1"])
def test_another_schema_version_is_refused(folder, version):
    write_json(folder / MANIFEST, read_json(folder / MANIFEST) | {"schema_version": version})
    error = refused(folder, "schema version")
    assert error.value == version
    assert error.expected.startswith(f"{SCHEMA_VERSION}: fit the model again")


OF_NO_FILES = f'{{"schema_version": {SCHEMA_VERSION}}}'
OF_A_LIST = f'{{"schema_version": {SCHEMA_VERSION}, "files": []}}'


@pytest.mark.parametrize("text", ["", "{", "[]", "5", OF_NO_FILES, OF_A_LIST, "\xff"])
def test_a_manifest_that_is_none_is_refused(folder, text):
    (folder / MANIFEST).write_bytes(text.encode("latin-1"))
    assert not isinstance(refused(folder, "manifest cannot be read"), OutdatedBundleError)


def test_a_folder_without_a_manifest_is_no_bundle(folder, tmp_path):
    (folder / MANIFEST).unlink()
    refused(folder, "no model bundle")
    refused(tmp_path / "nowhere", "no model bundle")


def test_a_writer_that_fails_leaves_the_old_bundle(folder):
    version = Bundle.open(folder).version
    with pytest.raises(TypeError), new_bundle(folder, {}) as bundle:
        bundle.json("names", {"no JSON"})
    assert Bundle.open(folder).version == version
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]


def test_objects_that_would_need_pickle_are_not_written(tmp_path):
    with pytest.raises(ValueError, match="pickle"), new_bundle(tmp_path / "bundle", {}) as bundle:
        bundle.arrays("part", {"objects": np.array([{"a": 1}], dtype=object)})
    assert not (tmp_path / "bundle").exists()


def test_a_pickled_array_is_not_read(folder):
    """Even one whose checksum was put into the manifest."""
    np.save(folder / "part" / "numbers.npy", np.array([{"a": 1}], dtype=object), allow_pickle=True)
    manifest = json.loads((folder / MANIFEST).read_text())
    manifest["files"]["part/numbers.npy"] = sha256(folder / "part" / "numbers.npy")
    write_json(folder / MANIFEST, manifest)
    with pytest.raises(ValueError, match=r"pickle|objects"):
        Bundle.open(folder).arrays("part")


def test_settings_of_another_version_of_the_platform_are_refused_as_a_bundle(tmp_path):
    with new_bundle(tmp_path / "bundle", {}) as bundle:
        bundle.json("rules", {"unknown_ingredients": "allow"})
        bundle.json("old", {"rebuys": True})
    opened = Bundle.open(tmp_path / "bundle")
    assert opened.settings("rules", RuleSettings).unknown_ingredients == "allow"
    with pytest.raises(BundleError, match="other settings") as caught:
        opened.settings("old", RuleSettings)
    assert caught.value.field == "rebuys"
