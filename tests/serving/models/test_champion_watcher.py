import threading

import pytest
from prometheus_client import REGISTRY

from infrastructure.errors import BundleError
from infrastructure.files import write_json
from recommender.contract.query import Item, Recommendation
from recommender.engine import engine
from serving.models.champion_watcher import ChampionWatcher
from serving.models.loaded_model import ModelSlot


class VersionEngine:
    """Reads its version from the bundle's only file; "bad" cannot be read, "mute" recommends nothing."""

    def __init__(self, version):
        self.version = version

    @classmethod
    def load(cls, folder):
        version = (folder / "version").read_text()
        if version == "bad":
            raise BundleError("A file of the bundle was altered.")
        return cls(version)

    def recommend(self, queries, reasons=True):  # noqa: ARG002
        items = () if self.version == "mute" else (Item("p", 1.0),)
        return [Recommendation(query.customer_id, items, "popular") for query in queries]


@pytest.fixture
def workspace(tmp_path, monkeypatch):
    monkeypatch.setattr(engine, "Engine", VersionEngine)
    for version in ("one", "two", "bad", "mute"):
        (tmp_path / "bundles" / version).mkdir(parents=True)
        (tmp_path / "bundles" / version / "version").write_text(version)
    return tmp_path


def point(workspace, version):
    write_json(workspace / "champion.json", {"version": version, "bundle": f"bundles/{version}"})


def swaps(result, variant="champion"):
    return REGISTRY.get_sample_value("recommender_model_swaps_total", {"result": result, "variant": variant}) or 0.0


def test_a_new_champion_takes_over(workspace):
    slot = ModelSlot()
    watcher = ChampionWatcher(workspace / "champion.json", slot, seconds=1)
    watcher.look()
    assert slot.model is None

    for version in ("one", "two"):
        point(workspace, version)
        watcher.look()
        assert slot.model is not None
        assert slot.model.engine.version == version


@pytest.mark.parametrize("version", ["bad", "mute", "missing"])
def test_a_bad_champion_is_refused_once_and_the_old_one_stays(workspace, monkeypatch, version):
    slot = ModelSlot()
    watcher = ChampionWatcher(workspace / "champion.json", slot, seconds=1)
    point(workspace, "one")
    watcher.look()
    before = swaps("refused")

    loads, load = [], slot.load
    monkeypatch.setattr(slot, "load", lambda *arguments: (loads.append(arguments), load(*arguments)))
    point(workspace, version)
    watcher.look()
    watcher.look()

    assert slot.model is not None
    assert slot.model.engine.version == "one"
    assert swaps("refused") - before == 1
    assert len(loads) == (2 if version == "missing" else 1)  # what is missing may only not be there yet


def wrapped(error):
    try:
        raise error
    except Exception:
        try:
            raise BundleError("The manifest cannot be read.") from None
        except BundleError as made:
            return made


@pytest.mark.parametrize("mishap", [OSError(5, "I/O error"), MemoryError(), wrapped(OSError(5, "I/O error"))])
def test_a_champion_that_cannot_be_read_for_a_moment_is_tried_again_and_its_refusal_is_counted_once(
    workspace, monkeypatch, mishap
):
    slot = ModelSlot()
    watcher = ChampionWatcher(workspace / "champion.json", slot, seconds=1)
    point(workspace, "one")
    watcher.look()
    before, tries, load = swaps("refused"), [], slot.load

    def fails_twice(bundle, experiment=None):
        tries.append(bundle)
        if len(tries) <= 2:
            raise mishap
        load(bundle, experiment)

    monkeypatch.setattr(slot, "load", fails_twice)
    point(workspace, "two")
    for _ in range(4):
        assert slot.model is not None
        assert slot.model.engine.version == ("two" if len(tries) > 2 else "one")
        watcher.look()

    assert len(tries) == 3
    assert swaps("refused") - before == 1


@pytest.mark.parametrize("text", ["{", "[]", '{"version": "two"}', '{"bundle": 7}'])
def test_a_malformed_pointer_is_refused(workspace, text):
    slot = ModelSlot()
    watcher = ChampionWatcher(workspace / "champion.json", slot, seconds=1)
    point(workspace, "one")
    watcher.look()

    (workspace / "champion.json").write_text(text)
    watcher.look()

    assert slot.model is not None
    assert slot.model.engine.version == "one"


def test_the_watcher_follows_the_pointer_by_itself(workspace):
    slot = ModelSlot()
    watcher = ChampionWatcher(workspace / "champion.json", slot, seconds=0.01)
    point(workspace, "one")
    watcher.start()
    point(workspace, "two")

    deadline = threading.Event()
    for _ in range(200):
        if slot.model is not None and slot.model.engine.version == "two":
            break
        deadline.wait(0.01)
    watcher.stop()

    assert slot.model is not None
    assert slot.model.engine.version == "two"


def test_a_challenger_comes_and_goes_with_its_pointer_and_a_champion_stays(workspace):
    for variant, left in (("challenger", None), ("champion", "two")):
        slot = ModelSlot(variant)
        watcher = ChampionWatcher(workspace / "champion.json", slot, seconds=1)
        for version in ("one", "two", "bad"):
            point(workspace, version)
            watcher.look()
        assert slot.model is not None
        assert (slot.model.engine.version, slot.model.variant) == ("two", variant)
        assert swaps("refused", variant) > 0

        (workspace / "champion.json").unlink()
        watcher.look()
        assert (slot.model and slot.model.engine.version) == left

        point(workspace, "one")
        watcher.look()
        assert slot.model is not None
        assert slot.model.engine.version == "one"


def share(slot):
    return slot.model.experiment and slot.model.experiment.share


def test_a_challengers_experiment_changes_without_loading_it_again(workspace):
    slot = ModelSlot("challenger")
    watcher = ChampionWatcher(workspace / "challenger.json", slot, seconds=1)
    before, engines = swaps("taken", "challenger"), set()
    record = {"version": "one", "bundle": "bundles/one"}

    for said, expected in (({"share": 0.1}, 0.1), ({"share": 0.5, "name": "x"}, 0.5), (None, None)):
        write_json(workspace / "challenger.json", record | ({"experiment": said} if said else {}))
        watcher.look()
        assert share(slot) == expected
        engines.add(id(slot.model.engine))

    assert len(engines) == 1
    assert swaps("taken", "challenger") - before == 1


@pytest.mark.parametrize("said", [{"share": 2}, {"portion": 0.1}, "half"])
def test_a_malformed_experiment_is_refused_and_the_share_stays(workspace, said):
    slot = ModelSlot("challenger")
    watcher = ChampionWatcher(workspace / "challenger.json", slot, seconds=1)
    record = {"version": "one", "bundle": "bundles/one"}
    write_json(workspace / "challenger.json", record | {"experiment": {"share": 0.1}})
    watcher.look()
    refused = swaps("refused", "challenger")

    write_json(workspace / "challenger.json", record | {"experiment": said})
    watcher.look()

    assert share(slot) == 0.1
    assert swaps("refused", "challenger") - refused == 1


def test_a_challenger_that_was_withdrawn_is_loaded_again(workspace):
    slot = ModelSlot("challenger")
    watcher = ChampionWatcher(workspace / "champion.json", slot, seconds=1)
    for _ in range(2):
        point(workspace, "one")
        watcher.look()
        assert slot.model.engine.version == "one"
        (workspace / "champion.json").unlink()
        watcher.look()
        assert slot.model is None
