"""A shop that does not fit into memory is refused before the work begins, with what to change."""

from dataclasses import replace

import pytest

from infrastructure import machine
from infrastructure.errors import CapacityError
from recommender.config.model import ModelSettings
from recommender.models import capacity
from recommender.models.candidate_models.customer_groups import CustomerGroups
from recommender.models.capacity import FittingSize
from recommender.models.histories import Histories
from recommender.models.hybrid_fitting import HybridFitter
from recommender.models.model_data import model_data

SETTINGS = ModelSettings()


def test_what_fits_is_let_through(monkeypatch):
    monkeypatch.setattr(machine, "available_memory", lambda: 8 * 2**30)
    capacity.check_memory(FittingSize(12_000, 22_000), SETTINGS)


def test_what_does_not_fit_is_told_with_the_parameter_that_needs_most(monkeypatch):
    monkeypatch.setattr(machine, "available_memory", lambda: 8 * 2**30)
    with pytest.raises(CapacityError) as caught:
        capacity.check_memory(FittingSize(1_200_000, 2_200_000), SETTINGS)
    assert caught.value.field == "model.families.neighbours"
    assert "8.0 GiB in all" in str(caught.value)


def test_fewer_neighbours_need_less():
    few = SETTINGS.model_copy(update={"families": SETTINGS.families.model_copy(update={"neighbours": 30})})
    large = FittingSize(10**6, 10**6)
    assert (
        sum(capacity.estimated_bytes_by_setting(large, few).values())
        < sum(capacity.estimated_bytes_by_setting(large, SETTINGS).values()) / 2
    )


def test_without_a_re_ranker_neither_rows_nor_network_need_memory():
    alone = SETTINGS.model_copy(update={"ranker": SETTINGS.ranker.model_copy(update={"enabled": False})})
    found = capacity.estimated_bytes_by_setting(FittingSize(10**5, 10**5), alone)
    assert found["model.ranker.most_customers"] == found["model.network.width"] == 0


def test_pairs_are_counted_as_families_make_them():
    lengths = [0, 1, 2, 7, 130]
    histories = Histories.from_sequences([range(size) for size in lengths], [[1] * size for size in lengths], 130)
    steps = [later - earlier for size in lengths for earlier in range(size) for later in range(earlier + 1, size)]
    assert FittingSize.from_histories(histories, 0).pairs == sum(step <= 100 for step in steps) < len(steps)


def test_many_long_histories_of_few_products_are_refused(monkeypatch):
    monkeypatch.setattr(machine, "available_memory", lambda: 16 * 2**30)
    capacity.check_memory(FittingSize(60_000, 600_000), SETTINGS)
    with pytest.raises(CapacityError) as caught:
        capacity.check_memory(FittingSize(60_000, 600_000, pairs=180_000_000), SETTINGS)
    assert caught.value.field == "model.families.bought_together"
    # However many pairs there are, there are no more cells than two products have.
    assert (
        capacity.estimated_bytes_by_setting(FittingSize(100, 10**9, 10**12), SETTINGS)["model.families.followed_by"]
        == 100 * 100 * 30
    )


def test_without_dates_families_by_time_need_nothing():
    found = capacity.estimated_bytes_by_setting(FittingSize(10**4, 10**4, pairs=10**6, dated=False), SETTINGS)
    assert [name for name in found if "bought" in name or "ded_by" in name] == ["model.families.bought_together"]


def test_ease_needs_nothing_where_it_is_left_out():
    name = "model.families.ease_most_products"
    assert capacity.estimated_bytes_by_setting(FittingSize(5_000, 10**4), SETTINGS)[name] > 0
    assert capacity.estimated_bytes_by_setting(FittingSize(5_001, 10**4), SETTINGS)[name] == 0


def test_fitting_begins_with_the_question(tables, config, monkeypatch):
    data = model_data(tables, 0)
    monkeypatch.setattr(machine, "available_memory", lambda: 1000)
    with pytest.raises(CapacityError, match="GiB of memory"):
        HybridFitter(data, config).fit_hybrids(data.histories)


def test_many_groups_of_customers_are_refused_with_what_would_make_fewer(monkeypatch):
    monkeypatch.setattr(machine, "available_memory", lambda: 16 * 2**30)
    capacity.check_memory(FittingSize(100_000, 2_000_000, groups=200), SETTINGS)
    with pytest.raises(CapacityError, match=r"raise model\.groups\.minimum"):
        capacity.check_memory(FittingSize(100_000, 2_000_000, groups=20_000), SETTINGS)


@pytest.mark.parametrize("unknown", ["pairs", "groups"])
def test_fitting_tells_how_many_pairs_and_groups_there_are(unknown, tables, config, monkeypatch):
    data = model_data(tables, 0)
    groups = len(CustomerGroups.fit(data.profiles, data.histories, config.model.groups).keys)
    size = FittingSize.from_histories(data.histories, groups)
    monkeypatch.setattr(
        machine, "available_memory", lambda: capacity.estimated_bytes(replace(size, **{unknown: 0}), config.model)
    )
    with pytest.raises(CapacityError):
        HybridFitter(data, config).fit_hybrids(data.histories)
    assert groups > 1


def test_a_drawn_part_of_many_customers_is_learnt_from(tables, config):
    data = model_data(tables, 0)
    few = config.model_copy(
        update={
            "model": config.model.model_copy(
                update={"ranker": config.model.ranker.model_copy(update={"most_customers": 40})}
            )
        }
    )
    every, some = (HybridFitter(data, settings).learning_rows(data.histories) for settings in (config, few))
    for level, drawn in zip(every, some, strict=True):
        assert 0 < len(drawn.groups) <= 40 < len(level.groups)
