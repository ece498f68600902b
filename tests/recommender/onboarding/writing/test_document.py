"""The source file that is written."""

import pytest
import yaml

from recommender.data.sources.description.source import Source
from recommender.onboarding.onboard import begin, data_set_name, write
from tests.support.foreign_shops import EXPORTS, write_csv

READABLE = ("korean", "clicks", "abbreviated", "polish")
"""Exports that need nothing but keys which every version has."""


@pytest.mark.parametrize("name", EXPORTS)
def test_it_is_yaml_with_every_guess_and_its_evidence(tmp_path, name):
    EXPORTS[name].write(tmp_path)
    proposal = begin([str(tmp_path)], tmp_path / "source.yaml", "shop")

    write(proposal, tmp_path / "source.yaml", [str(tmp_path)])

    text = (tmp_path / "source.yaml").read_text()
    said = yaml.safe_load(text)
    assert set(said["tables"]) == set(EXPORTS[name].truth)
    for table, pairs in EXPORTS[name].truth.items():
        assert set(pairs) <= set(said["tables"][table]["columns"])
    assert "its name" in text
    assert max(map(len, text.splitlines())) < 300


@pytest.mark.parametrize("name", READABLE)
def test_it_is_read_as_it_is(tmp_path, name):
    EXPORTS[name].write(tmp_path)
    write(begin([str(tmp_path)], tmp_path / "source.yaml", "shop"), tmp_path / "source.yaml", [])

    assert set(Source.load(tmp_path / "source.yaml").tables.present()) == set(EXPORTS[name].truth)


def test_no_secret_and_nothing_of_a_person_is_written(tmp_path):
    EXPORTS["database"].write(tmp_path)
    url = f"sqlite:///{tmp_path / 'shop.sqlite'}"

    write(begin([url], tmp_path / "source.yaml", "shop", "MY_SHOP"), tmp_path / "source.yaml", [url])

    text = (tmp_path / "source.yaml").read_text()
    assert "database: MY_SHOP" in text
    assert "example.org" not in text
    assert yaml.safe_load(text)["tables"]["customers"]["sql"] == {
        "database": "MY_SHOP", "query": "select id, skin, created_at from users",
    }  # fmt: skip


def test_what_is_missing_stands_in_the_file(tmp_path):
    write_csv(tmp_path / "stock.csv", ["sku", "name"], [["a", "Cream of a"], ["b", "Cream of b"], ["c", "Cream of c"]])

    write(begin([str(tmp_path)], tmp_path / "source.yaml"), tmp_path / "source.yaml", [])

    text = " ".join((tmp_path / "source.yaml").read_text().replace("#", " ").split())
    assert "Missing: transactions, ratings or events. Why it matters: recommendations are learned" in text


@pytest.mark.parametrize(
    ("place", "name"),
    [
        ("/shops/Glow & Co/export", "glow_co"),
        ("/x/kunden.csv", "kunden"),
        ("https://u:p@shop.example/v1/orders", "orders"),
    ],
)
def test_the_data_set_has_a_name(place, name):
    assert data_set_name([place]) == name
