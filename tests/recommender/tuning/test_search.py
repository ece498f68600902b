import pytest

from recommender.tuning.results import SearchPlan
from recommender.tuning.search import search


def space(suggest):
    return {"x": suggest.suggest_float("x", -1.0, 1.0), "kind": suggest.suggest_categorical("kind", ("good", "bad"))}


def value(choice):
    return (1.0 if choice["kind"] == "good" else 0.0) - (choice["x"] - 0.3) ** 2


@pytest.fixture
def plan(tmp_path):
    return SearchPlan(tmp_path / "deep" / "trials.db", "data", seed=3, startup=8)


def tried(plan, trials, name="test", value=value, starts=()):
    return search(plan, name, space, value, trials, starts).tried


def test_it_begins_with_the_given_parameters_and_finds_better_ones(plan):
    found = search(plan, "test", space, value, 40, [{"x": -1.0, "kind": "bad"}, {"x": 1.0, "kind": "good"}])
    assert [one.choice for one in found.tried[:2]] == [{"x": -1.0, "kind": "bad"}, {"x": 1.0, "kind": "good"}]
    assert found.best.value > 0.95
    assert found.best.value == max(one.value for one in found.tried)


def test_the_seed_alone_decides_what_is_drawn(plan, tmp_path):
    first = tried(plan, 12)
    again = tried(SearchPlan(tmp_path / "other.db", "data", 3, 8), 12)
    other = tried(SearchPlan(tmp_path / "third.db", "data", 4, 8), 12)
    assert first == again
    assert first != other


def test_an_interrupted_search_goes_on_as_if_it_had_not_been(plan, tmp_path):
    calls = []

    def interrupted(choice):
        calls.append(choice)
        if len(calls) == 11:
            raise KeyboardInterrupt
        return value(choice)

    with pytest.raises(KeyboardInterrupt):
        tried(plan, 14, value=interrupted)
    resumed = tried(plan, 14, value=interrupted)
    assert len(calls) == 15
    assert resumed == tried(SearchPlan(tmp_path / "whole.db", "data", 3, 8), 14)


def test_a_finished_search_tries_nothing_again(plan):
    first = tried(plan, 6)

    def never(choice):
        raise AssertionError(choice)

    assert tried(plan, 6, value=never) == first


def test_trials_of_other_data_or_of_another_search_are_not_used(plan):
    tried(plan, 6)
    assert len(tried(plan, 3, name="other")) == 3
    assert len(tried(SearchPlan(plan.storage, "other data", 3, 8), 4)) == 4


def test_importance_tells_what_mattered(plan):
    importance = search(plan, "test", space, value, 30).importance
    assert importance["kind"] > importance["x"]
    assert sum(importance.values()) == pytest.approx(1)


def test_nothing_is_important_where_nothing_matters(plan):
    assert search(plan, "test", space, lambda _: 0.5, 5).importance == {}
