import pytest
from pydantic import ValidationError

from infrastructure.errors import ConfigError
from infrastructure.settings import Settings, checked
from recommender.config.model import ModelSettings
from settings.config import Config

KEYS = (
    "one of: cleaning, compute, deployment, evaluation, experiment, model, monitoring, rules, seed, serving, survey, "
    "tuning"
)


def parsed(values):
    return Config.parse(values, where="shop.yaml")


def test_a_file_names_only_what_differs(tmp_path):
    file = tmp_path / "config.yaml"
    file.write_text("seed: 7\nmodel:\n  ranker: {trees: 5}\n  groups: {age_bands: [20, 40]}\n")
    config = Config.load(file)
    assert (config.seed, config.model.ranker.trees, config.model.groups.age_bands) == (7, 5, (20, 40))
    assert config.model.families == Config().model.families
    assert config.model.ranker.leaves == Config().model.ranker.leaves


def test_an_empty_file_and_no_file_are_the_defaults(tmp_path):
    (tmp_path / "empty.yaml").write_text("# nothing\n")
    assert Config.load(tmp_path / "empty.yaml") == Config.load() == Config()


def test_json_carries_every_parameter():
    config = parsed({"seed": 3, "model": {"ranker": {"trees": 9}}})
    assert Config.from_json(config.to_json()) == config


@pytest.mark.parametrize(
    ("values", "field", "value", "expected"),
    [
        ({"sede": 1}, "sede", 1, KEYS),
        ({"model": {"ranker": {"tree": 1}}}, "model.ranker.tree", 1, "trees"),
        ({"seed": "one"}, "seed", "one", "valid integer"),
        ({"seed": -1}, "seed", -1, "greater than or equal to 0"),
        ({"evaluation": {"k": 101}}, "evaluation.k", 101, "less than or equal to 100"),
        ({"rules": {"unknown_ingredients": "perhaps"}}, "rules.unknown_ingredients", "perhaps", "'refuse' or 'allow'"),
        ({"model": 5}, "model", 5, "object"),
        (["seed"], None, ["seed"], "object"),
    ],
)
def test_a_mistake_is_told_by_place_value_and_cure(values, field, value, expected):
    with pytest.raises(ConfigError) as caught:
        parsed(values)
    error = caught.value
    assert (error.where, error.field, error.value) == ("shop.yaml", field, value)
    assert expected in error.expected


@pytest.mark.parametrize("text", ["seed: [1", "seed: 1\n seed: 2", "\tseed: 1"])
def test_malformed_yaml_is_told_with_its_line(tmp_path, text):
    file = tmp_path / "config.yaml"
    file.write_text(text)
    with pytest.raises(ConfigError, match=r"Not valid YAML: .*line \d"):
        Config.load(file)


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(ConfigError) as caught:
        Config.load(tmp_path / "nowhere.yaml")
    assert caught.value.where.endswith("nowhere.yaml")


def test_settings_cannot_change():
    with pytest.raises(ValidationError):
        Config().model.ranker.trees = 3


def test_what_one_group_keeps_in_a_file_reads_back():
    settings = ModelSettings(candidates=20)
    assert checked(ModelSettings, settings.model_dump(mode="json"), where="settings.json") == settings


def groups(settings):
    yield settings
    for name in type(settings).model_fields:
        value = getattr(settings, name)
        if isinstance(value, Settings):
            yield from groups(value)


def test_every_parameter_says_what_it_means():
    missing = [
        f"{type(group).__name__}.{name}"
        for group in groups(Config())
        for name, field in type(group).model_fields.items()
        if not isinstance(getattr(group, name), Settings) and not field.description
    ]
    assert missing == []
