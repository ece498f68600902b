"""How long a run will take: a rough guess at first, then what earlier runs of this machine took, scaled by rows."""

from pathlib import Path

import pytest

from infrastructure.files import read_json, write_json
from infrastructure.workspace import Workspace
from pipelines.run_estimate import Durations, PastRun, Size, last_size, size_read

STEPS = {"ingest": 10.0, "train": 100.0, "gate": 5.0}


def past(shop: str, rows: int, seconds: float = 120.0, products: int = 800) -> PastRun:
    return PastRun(shop, rows, products, STEPS, seconds)


def test_without_any_run_it_is_a_rough_guess_that_grows_with_the_shop(tmp_path: Path) -> None:
    guesses = [Durations(tmp_path / "d.json").estimate("x", Size(rows, 800)) for rows in (20_000, 200_000, 2_000_000)]
    assert "rough guess" in str(guesses[1])
    assert 60 < guesses[1].seconds < 120  # the synthetic shop
    assert guesses[0].seconds < guesses[1].seconds < guesses[2].seconds


def test_a_large_catalogue_takes_longer(tmp_path: Path) -> None:
    """A real one of 12,101 products and 176,139 purchases took 276 s to train on the machine of the guess."""
    train = Durations(tmp_path / "d.json").estimate("x", Size(176_139, 12_101)).steps["train"]
    assert 200 < train < 350


def test_it_learns_from_runs(tmp_path: Path) -> None:
    durations = Durations(tmp_path / "d.json")
    durations.add(past("shop", 100_000))
    found = Durations(tmp_path / "d.json").estimate("shop", Size(100_000, 800))
    assert found.seconds == pytest.approx(120)
    assert "as one earlier run" in str(found)
    assert "'train' (2 min)" in str(found)
    larger = durations.estimate("shop", Size(1_000_000, 800))
    assert larger.steps == pytest.approx({"ingest": 100, "train": 100 * 10**0.8, "gate": 5})


def test_runs_of_the_shop_come_first_then_those_of_like_size(tmp_path: Path) -> None:
    durations = Durations(tmp_path / "d.json")
    for rows, seconds in ((100, 107.0), (100_000, 115.0), (120_000, 116.0), (90_000, 117.0), (10_000_000, 999.0)):
        durations.add(past("other", rows, seconds))
    assert durations.estimate("shop", Size(100_000, 800)).runs == 3
    assert durations.estimate("shop", Size(100_000, 800)).seconds == pytest.approx(117, abs=6)
    durations.add(past("shop", 100_000, 200.0))
    assert durations.estimate("shop", Size(100_000, 800)).seconds == pytest.approx(200)


def test_of_unknown_size_it_takes_what_it_took(tmp_path: Path) -> None:
    durations = Durations(tmp_path / "d.json")
    assert "rough guess" in str(durations.estimate("shop", None))
    durations.add(past("shop", 100_000))
    assert durations.estimate("shop", None).seconds == pytest.approx(120)


@pytest.mark.parametrize("text", ["{", "[1]", '[{"shop": "x"}]', "[]x", '{"a": 1}', "null", '["a"]'])
def test_a_file_that_is_broken_is_passed_over_and_told(tmp_path: Path, text: str) -> None:
    (tmp_path / "d.json").write_text(text)
    durations = Durations(tmp_path / "d.json")
    assert durations.fault is not None
    assert str(tmp_path / "d.json") in durations.fault
    assert "rough guess" in str(durations.estimate("shop", Size(100_000, 800)))
    durations.add(past("shop", 100_000))
    assert Durations(tmp_path / "d.json").fault is None


def test_numbers_that_are_none_are_not_believed(tmp_path: Path) -> None:
    write_json(tmp_path / "d.json", [{"shop": "x", "rows": 5, "products": 1, "steps": {"train": -3}, "seconds": 9}])
    assert Durations(tmp_path / "d.json").fault is not None


def test_the_file_stays_small(tmp_path: Path) -> None:
    durations = Durations(tmp_path / "d.json")
    for rows in range(60):
        durations.add(past("shop", rows))
    assert [run["rows"] for run in read_json(tmp_path / "d.json")] == list(range(10, 60))


def test_the_size_is_that_of_the_last_run_that_read_the_shop(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "shop")
    assert last_size(workspace) is None
    write_json(workspace.run("1") / "rows.json", {"products": {"read": 7}, "transactions": {"read": 50}})
    write_json(workspace.run("2") / "rows.json", {"products": {"read": 8}, "ratings": {"read": 11}})
    (workspace.run("3")).mkdir(parents=True)
    assert last_size(workspace) == Size(11, 8)
    assert size_read(workspace.run("3")) is None


def test_afterwards_estimate_and_truth_stand_side_by_side(tmp_path: Path) -> None:
    expected = Durations(tmp_path / "d.json").estimate("x", Size(200_000, 800))
    assert expected.compared(70).startswith("It took 1 min; about ") or expected.compared(70).startswith("It took 70 s")
