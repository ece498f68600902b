"""That the benchmark of safety finds what is shown to people who avoid it, and counts what is hidden for nothing."""

import pytest

from benchmarks.live_shop.shop import write_source
from benchmarks.safety import benchmark
from benchmarks.safety.caution import measure_caution
from benchmarks.safety.drawn import ask_shops
from benchmarks.safety.truth import Truth
from infrastructure.errors import DataError
from recommender.knowledge.labels import LabelReader, PrintedIngredient
from recommender.rules.catalogue_filter import CatalogueFilter
from recommender.rules.product_check import ProductCheck
from recommender.synthetic.settings import SyntheticSettings
from recommender.synthetic.shop import clean_tables
from settings.serving import COMMONLY_AVOIDED
from tests.support.paths import ROOT


def test_nobody_is_shown_what_they_avoid():
    found = ask_shops(seed=1, numbers=range(8))

    assert found.violations.total() == 0, found.examples
    assert len(found.asked) == 11
    assert all(found.shown.values())
    assert found.lost < found.safe / 10


def test_a_label_that_is_not_understood_is_found_out(monkeypatch):
    """A reader for whom every ingredient is unknown, and readable."""
    monkeypatch.setattr(
        LabelReader, "read", lambda _, text: PrintedIngredient((), frozenset(), frozenset({text}), understood=True)
    )

    assert ask_shops(seed=1, numbers=range(3)).violations.total() > 0


def test_rules_that_are_left_out_are_found_out(monkeypatch):
    monkeypatch.setattr(CatalogueFilter, "_applicable", lambda *_: iter(()))
    monkeypatch.setattr(ProductCheck, "_faults", lambda *_: iter(()))

    assert ask_shops(seed=1, numbers=range(2)).violations.total() > 0


def test_violations_end_the_command_with_examples(monkeypatch):
    found = ask_shops(seed=1, numbers=range(1))
    found.violations["request"] = 1
    found.examples.append(("request", ("no nuts",), "peanut oil"))
    monkeypatch.setattr(benchmark, "ask_drawn_shops", lambda *_: found)

    with pytest.raises(DataError) as error:
        benchmark.benchmark_safety(1, [], None)

    assert "peanut oil" in str(error.value.value)


def test_caution_accounts_for_every_product(tmp_path):
    settings = SyntheticSettings(customers=30, products=150, days=30)
    rows = measure_caution(write_source(clean_tables(settings), "tiny", tmp_path / "source"))

    assert [row.family for row in rows] == [*COMMONLY_AVOIDED]
    assert len({row.containing + row.unlabelled + row.unread + row.shown for row in rows}) == 1
    assert all(row.containing for row in rows if row.family == "fragrance")


def test_the_truth_is_what_the_files_list():
    truth = Truth.load()

    assert "linalool" in truth.families["fragrance"]
    assert "linalool" in truth.families["fragrance allergens"]
    assert all(members for members in truth.families.values())
    assert {member for members in truth.families.values() for member in members} <= {*truth.spellings}


def test_there_is_a_page_of_figures():
    assert (ROOT / "docs/figures" / f"{benchmark.PAGE}.md").is_file()
