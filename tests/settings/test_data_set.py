import pytest

from infrastructure.errors import ConfigError
from settings.config import Config, configuration

SHOP = "name: shop\nsynthetic: {}\n"


@pytest.fixture
def source(tmp_path):
    """A source whose own configuration stands in the folder beside its own."""
    (tmp_path / "sources").mkdir()
    (tmp_path / "configs").mkdir()
    (tmp_path / "configs" / "shop.yaml").write_text("seed: 5\nmodel: {candidates: 40}\n")
    path = tmp_path / "sources" / "shop.yaml"
    path.write_text(f"{SHOP}config: ../configs/shop.yaml\n")
    return path


def test_the_sources_own_file_is_found_from_where_the_source_is(source, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path / "configs")
    found = configuration(source)
    assert (found.seed, found.model.candidates) == (5, 40)


def test_a_given_file_holds_alone(source, tmp_path):
    (tmp_path / "other.yaml").write_text("seed: 7\n")
    assert configuration(source, tmp_path / "other.yaml") == Config(seed=7)


def test_without_either_the_defaults_hold(tmp_path):
    (tmp_path / "plain.yaml").write_text(SHOP)
    assert configuration(tmp_path / "plain.yaml") == Config()


def test_a_missing_file_is_told_by_its_path(source):
    source.write_text(f"{SHOP}config: ../configs/none.yaml\n")
    with pytest.raises(ConfigError, match=r"no such file") as caught:
        configuration(source)
    assert caught.value.where.endswith("none.yaml")


def test_a_wrong_key_is_told_by_file_and_key(source, tmp_path):
    (tmp_path / "configs" / "shop.yaml").write_text("model: {candidate: 40}\n")
    with pytest.raises(ConfigError) as caught:
        configuration(source)
    assert caught.value.where.endswith("shop.yaml")
    assert caught.value.field == "model.candidate"
    assert "candidates" in caught.value.expected


def test_an_empty_name_is_no_file(source):
    source.write_text(f"{SHOP}config: ''\n")
    with pytest.raises(ConfigError) as caught:
        configuration(source)
    assert caught.value.field == "config"
