"""The benchmark of erasures: shops of troublesome names, and a verdict that tells what changed."""

from benchmarks.erasures import benchmark
from benchmarks.erasures.rows import Change
from benchmarks.erasures.shop import draw_shop
from recommender.contract.identifiers import id_fault, normalised_id


def test_drawn_ids_are_usable_different_and_names_of_other_things():
    shop = draw_shop(0, 50)
    assert shop == draw_shop(0, 50) != draw_shop(1, 50)
    assert len({normalised_id(customer) for customer in shop.customers}) == len(shop.customers) == 50
    assert not any(map(id_fault, (*shop.customers, *shop.products)))
    assert {*shop.customers} & {*shop.products}


def test_as_many_are_erased_as_are_asked_for(capsys, monkeypatch):
    monkeypatch.setattr(benchmark, "CUSTOMERS", 2)
    benchmark.benchmark_erasures(3, None)
    told = capsys.readouterr().out
    assert told.startswith("3 erasures in shops of 2 customers")
    assert "0 left, 0 rows of others changed" in told


def test_what_was_left_or_changed_is_told():
    assert "5 rows of the customers removed, 1 left, 2 rows of others changed" in benchmark.erasures_text(
        [Change(3, 1, 0), Change(2, 0, 2)], 0.1
    )
