"""``beauty init``: from an export to a source file, in a terminal and without one."""

import pytest
import yaml

from recommender.onboarding.preview import Preview
from tests.support.command_line import beauty
from tests.support.foreign_shops import EXPORTS, PRODUCTS, moment, product_name, write_ambiguous_orders, write_csv


def test_it_writes_the_file_previews_it_and_names_the_next_command(tmp_path):
    EXPORTS["clicks"].write(tmp_path)

    done = beauty("init", tmp_path, "--yes", "--name", "shop")

    assert done.exit_code == 0
    assert yaml.safe_load((tmp_path / "source.yaml").read_text())["name"] == "shop"
    assert "| events | 200 |" in done.stdout
    assert f"make run SOURCE={tmp_path / 'source.yaml'}" in done.stdout


def test_it_never_overwrites_unless_it_is_told(tmp_path):
    EXPORTS["clicks"].write(tmp_path)
    (tmp_path / "mine.yaml").write_text("mine")

    done = beauty("init", tmp_path, "--yes", "--out", tmp_path / "mine.yaml")

    assert done.exit_code == 1
    assert "--force" in done.stderr
    assert (tmp_path / "mine.yaml").read_text() == "mine"
    assert beauty("init", tmp_path, "--yes", "--out", tmp_path / "mine.yaml", "--force").exit_code == 0
    assert yaml.safe_load((tmp_path / "mine.yaml").read_text())["tables"]["events"]["file"] == "clickstream.csv"


def test_what_is_missing_is_exit_code_1_and_the_file_says_it(tmp_path):
    write_csv(tmp_path / "stock.csv", ["sku", "name"], ([f"S{i}", product_name(i)] for i in range(PRODUCTS)))

    done = beauty("init", tmp_path, "--yes")

    assert done.exit_code == 1
    assert "Missing: transactions, ratings or events" in done.stdout
    assert f"Write it into {tmp_path / 'source.yaml'}" in done.stdout
    assert "Missing: transactions" in (tmp_path / "source.yaml").read_text()


def test_doubtful_guesses_are_asked_in_a_terminal(tmp_path, monkeypatch):
    write_ambiguous_orders(tmp_path)
    monkeypatch.setattr("beauty.newcomers.is_terminal", lambda: True)

    done = beauty("init", tmp_path, typed="7\nyes\n2\n")

    assert "which column of orders.csv is it?" in done.stdout
    assert "'7' is no answer; type a number from 1 to " in done.output
    assert "'yes' is no answer" in done.output
    said = yaml.safe_load((tmp_path / "source.yaml").read_text())
    assert said["tables"]["transactions"]["columns"]["time"]["format"] == "%m/%d/%Y"


def test_without_a_terminal_the_best_is_taken_and_the_doubt_told(tmp_path):
    write_ambiguous_orders(tmp_path)

    done = beauty("init", tmp_path)

    assert done.exit_code == 0
    assert "| transactions | orders.csv | 4 | time |" in done.stdout
    assert "nothing in the column shows whether the day or the month stands first" in " ".join(
        (tmp_path / "source.yaml").read_text().replace("#", " ").split()
    )


@pytest.mark.parametrize("named", [(), ("--database-variable", "MY_SHOP")])
def test_the_address_of_a_database_is_never_written(tmp_path, monkeypatch, named):
    variable = named[1] if named else "SHOP_DATABASE"
    monkeypatch.setenv(variable, "")
    monkeypatch.delenv(variable)
    EXPORTS["database"].write(tmp_path)
    url = f"sqlite:///{tmp_path / 'shop.sqlite'}"

    beauty("init", url, "--yes", "--out", tmp_path / "source.yaml", *named)

    text = (tmp_path / "source.yaml").read_text()
    assert f"database: {variable}" in text
    assert not [line for line in text.splitlines() if "shop.sqlite" in line and not line.startswith("#")]
    assert moment(1).strftime("%Y") in text


def test_after_a_fault_of_the_data_it_says_how_to_look_again(tmp_path, monkeypatch):
    EXPORTS["clicks"].write(tmp_path)
    monkeypatch.setattr("recommender.onboarding.preview.preview", lambda *_: Preview({}, fault="no such column"))

    done = beauty("init", tmp_path, "--yes")

    assert done.exit_code == 1
    assert f"beauty quarantine --source {tmp_path / 'source.yaml'}" in done.stdout
