import threading

import pytest
from prometheus_client import REGISTRY

from infrastructure.errors import BundleError
from infrastructure.files import write_json
from recommender.contract.query import Item, Recommendation
from recommender.engine import engine
from serving.models.loaded_model import ModelHolder, PointerWatch


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
    models = ModelHolder()
    watch = PointerWatch(workspace / "champion.json", models, seconds=1)
    watch.look()
    assert models.served is None

    for version in ("one", "two"):
        point(workspace, version)
        watch.look()
        assert models.served is not None
        assert models.served.engine.version == version


@pytest.mark.parametrize("version", ["bad", "mute", "missing"])
def test_a_bad_champion_is_refused_once_and_the_old_one_stays(workspace, monkeypatch, version):
    models = ModelHolder()
    watch = PointerWatch(workspace / "champion.json", models, seconds=1)
    point(workspace, "one")
    watch.look()
    before = swaps("refused")

    loads, load = [], models.load
    monkeypatch.setattr(models, "load", lambda *arguments: (loads.append(arguments), load(*arguments)))
    point(workspace, version)
    watch.look()
    watch.look()

    assert models.served is not None
    assert models.served.engine.version == "one"
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
def test_a_champion_that_could_not_be_read_for_a_moment_is_tried_again_and_its_refusal_counted_once(
    workspace, monkeypatch, mishap
):
    models = ModelHolder()
    watch = PointerWatch(workspace / "champion.json", models, seconds=1)
    point(workspace, "one")
    watch.look()
    before, tries, load = swaps("refused"), [], models.load

    def fails_twice(bundle, experiment=None):
        tries.append(bundle)
        if len(tries) <= 2:
            raise mishap
        load(bundle, experiment)

    monkeypatch.setattr(models, "load", fails_twice)
    point(workspace, "two")
    for _ in range(4):
        assert models.served is not None
        assert models.served.engine.version == ("two" if len(tries) > 2 else "one")
        watch.look()

    assert len(tries) == 3
    assert swaps("refused") - before == 1


@pytest.mark.parametrize("text", ["{", "[]", '{"version": "two"}', '{"bundle": 7}'])
def test_a_malformed_pointer_is_refused(workspace, text):
    models = ModelHolder()
    watch = PointerWatch(workspace / "champion.json", models, seconds=1)
    point(workspace, "one")
    watch.look()

    (workspace / "champion.json").write_text(text)
    watch.look()

    assert models.served is not None
    assert models.served.engine.version == "one"


def test_the_watch_follows_by_itself(workspace):
    models = ModelHolder()
    watch = PointerWatch(workspace / "champion.json", models, seconds=0.01)
    point(workspace, "one")
    watch.start()
    point(workspace, "two")

    deadline = threading.Event()
    for _ in range(200):
        if models.served is not None and models.served.engine.version == "two":
            break
        deadline.wait(0.01)
    watch.stop()

    assert models.served is not None
    assert models.served.engine.version == "two"


def test_a_challenger_comes_and_goes_with_its_pointer_and_a_champion_stays(workspace):
    for variant, left in (("challenger", None), ("champion", "two")):
        models = ModelHolder(variant)
        watch = PointerWatch(workspace / "champion.json", models, seconds=1)
        for version in ("one", "two", "bad"):
            point(workspace, version)
            watch.look()
        assert models.served is not None
        assert (models.served.engine.version, models.served.variant) == ("two", variant)
        assert swaps("refused", variant) > 0

        (workspace / "champion.json").unlink()
        watch.look()
        assert (models.served and models.served.engine.version) == left

        point(workspace, "one")
        watch.look()
        assert models.served is not None
        assert models.served.engine.version == "one"


def share(models):
    return models.served.experiment and models.served.experiment.share


def test_a_challenger_is_given_to_whom_its_pointer_says_without_being_loaded_again(workspace):
    models = ModelHolder("challenger")
    watch = PointerWatch(workspace / "challenger.json", models, seconds=1)
    before, engines = swaps("taken", "challenger"), set()
    record = {"version": "one", "bundle": "bundles/one"}

    for said, expected in (({"share": 0.1}, 0.1), ({"share": 0.5, "name": "x"}, 0.5), (None, None)):
        write_json(workspace / "challenger.json", record | ({"experiment": said} if said else {}))
        watch.look()
        assert share(models) == expected
        engines.add(id(models.served.engine))

    assert len(engines) == 1
    assert swaps("taken", "challenger") - before == 1


@pytest.mark.parametrize("said", [{"share": 2}, {"portion": 0.1}, "half"])
def test_a_malformed_experiment_is_refused_and_the_share_stays(workspace, said):
    models = ModelHolder("challenger")
    watch = PointerWatch(workspace / "challenger.json", models, seconds=1)
    record = {"version": "one", "bundle": "bundles/one"}
    write_json(workspace / "challenger.json", record | {"experiment": {"share": 0.1}})
    watch.look()
    refused = swaps("refused", "challenger")

    write_json(workspace / "challenger.json", record | {"experiment": said})
    watch.look()

    assert share(models) == 0.1
    assert swaps("refused", "challenger") - refused == 1


def test_a_challenger_that_was_taken_away_is_loaded_anew(workspace):
    models = ModelHolder("challenger")
    watch = PointerWatch(workspace / "champion.json", models, seconds=1)
    for _ in range(2):
        point(workspace, "one")
        watch.look()
        assert models.served.engine.version == "one"
        (workspace / "champion.json").unlink()
        watch.look()
        assert models.served is None
