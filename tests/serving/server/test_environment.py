import json
from pathlib import Path

import pytest

from infrastructure.errors import ConfigError
from serving.server.environment import Environment
from settings.experiment import ExperimentSettings
from settings.serving import ServingSettings


def test_without_variables_only_the_bentos_own_bundle_is_there(tmp_path):
    found = Environment.read({}, tmp_path)

    assert found == Environment(bundle=tmp_path / "bundle")


def test_variables_name_pointer_store_and_log(tmp_path):
    found = Environment.read({"CHAMPION": "/a", "ONLINE_STORE": "/b", "IMPRESSIONS_LOG": "/c"}, tmp_path)

    assert (found.champion, found.online_store, found.impressions_log) == (Path("/a"), Path("/b"), Path("/c"))


def test_an_experiment_comes_by_pointer_and_settings(tmp_path):
    found = Environment.read({"CHALLENGER": "/d", "EXPERIMENT": '{"name": "spring", "share": 0.2}'}, tmp_path)

    assert found.challenger == Path("/d")
    assert found.experiment == ExperimentSettings(name="spring", share=0.2)
    with pytest.raises(ConfigError, match="EXPERIMENT"):
        Environment.read({"EXPERIMENT": '{"share": 2}'}, tmp_path)


@pytest.mark.parametrize("address", ["redis://store:6379/0", "rediss://user:word@store/1"])
def test_the_store_may_be_an_address(tmp_path, address):
    assert Environment.read({"ONLINE_STORE": address}, tmp_path).online_store == address


def test_settings_come_from_the_bento_unless_a_variable_says_otherwise(tmp_path):
    (tmp_path / "serving.json").write_text(json.dumps({"default_k": 7}))

    assert Environment.read({}, tmp_path).settings == ServingSettings(default_k=7)
    assert Environment.read({"SERVING_SETTINGS": '{"default_k": 3}'}, tmp_path).settings == ServingSettings(default_k=3)


@pytest.mark.parametrize("text", ["{", '{"defaultk": 3}', '{"default_k": 0}'])
def test_malformed_settings_are_refused_by_name(tmp_path, text):
    with pytest.raises(ConfigError, match="SERVING_SETTINGS"):
        Environment.read({"SERVING_SETTINGS": text}, tmp_path)


def test_traces_are_off_unless_an_exporter_is_named(tmp_path):
    assert Environment.read({"OTEL_TRACES_EXPORTER": ""}, tmp_path).trace_exporter == "none"
    named = Environment.read({"OTEL_TRACES_EXPORTER": "otlp", "OTEL_SERVICE_NAME": "shop"}, tmp_path)
    assert (named.trace_exporter, named.trace_service) == ("otlp", "shop")
