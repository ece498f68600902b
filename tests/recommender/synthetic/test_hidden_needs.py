"""Hidden needs decide what is bought: groups differ, avoiders avoid, the oracle beats popularity."""

import numpy as np
import pytest
from scipy.stats import chi2_contingency

from recommender.synthetic.customers.choice_model import ChoiceModel
from recommender.synthetic.customers.needs import needs_of
from recommender.synthetic.products.ingredient_stock import ingredient_stock
from recommender.synthetic.products.routine import routine
from recommender.synthetic.purchases.purchases import SlotOutcomes, simulate_purchases
from recommender.synthetic.purchases.visits import draw_slots
from recommender.synthetic.settings import SyntheticSettings
from recommender.synthetic.shop import open_shop
from recommender.synthetic.simulation import CONCERNS, read_parameters

SETTINGS = SyntheticSettings(customers=1500, products=300)


@pytest.fixture(scope="module")
def choice() -> ChoiceModel:
    return open_shop(SETTINGS)


@pytest.fixture(scope="module")
def considered(choice) -> SlotOutcomes:
    return simulate_purchases(choice, draw_slots(SETTINGS, choice.customers))


@pytest.fixture(scope="module")
def bought(considered) -> tuple[np.ndarray, np.ndarray]:
    """Customer and product of each purchase."""
    return considered.slots.customer[considered.bought], considered.product[considered.bought]


def test_customers_never_buy_what_they_truly_avoid(choice, bought):
    who, products = bought
    assert choice.customers.avoids[who].any(axis=1).mean() > 0.1
    assert not (choice.customers.avoids[who] & choice.products.families[products]).any()


@pytest.mark.parametrize("group", ["skin_type", "region", "decade"])
def test_what_groups_buy_differs_beyond_chance(choice, bought, group):
    who, products = bought
    groups = {
        "skin_type": choice.customers.skin_type,
        "region": choice.customers.region,
        "decade": choice.customers.birth_year // 10 - 190,
    }[group]
    focus = choice.products.formulas.focus[choice.products.formula][products]
    table = np.zeros((groups.max() + 1, len(CONCERNS)))
    np.add.at(table, (groups[who], focus), 1)
    table = table[table.sum(axis=1) > 200]
    assert chi2_contingency(table).pvalue < 1e-6


def test_group_popularity_finds_more_purchases_of_unseen_customers_than_popularity(choice, bought):
    who, products = bought
    seen = who % 2 == 0
    group = choice.customers.skin_type
    counts = np.zeros((group.max() + 1, len(choice.products)))
    np.add.at(counts, (group[who[seen]], products[seen]), 1)
    overall = np.broadcast_to(counts.sum(axis=0), counts.shape)

    def hits(scores: np.ndarray) -> np.ndarray:
        top = (-scores).argsort(axis=1)[:, :10]
        return (top[group[who[~seen]]] == products[~seen, None]).any(axis=1)

    won, lost = (hits(counts) & ~hits(overall)).sum(), (hits(overall) & ~hits(counts)).sum()
    assert won - lost > 3 * np.sqrt(won + lost)  # McNemar, three standard errors


def test_the_oracle_beats_popularity_by_far(choice, considered, bought):
    who, products = bought
    some = np.arange(0, len(who), 20)
    odds = choice.purchase_odds(who[some], considered.slots.day[considered.bought][some])
    popular = np.bincount(products, minlength=len(choice.products)).argsort()[::-1][:10]
    best = (-odds).argsort(axis=1)[:, :10]
    oracle = (best == products[some, None]).any(axis=1).mean()
    assert oracle > 1.5 * np.isin(products[some], popular).mean()


def test_purchase_odds_are_a_distribution_without_what_is_avoided(choice):
    who = np.arange(50, dtype=np.int32)
    odds = choice.purchase_odds(who, np.full(50, SETTINGS.last_day, np.int32))
    assert np.exp(odds).sum(axis=1) == pytest.approx(np.ones(50))
    refused = (choice.customers.avoids[who][:, None, :] & choice.products.families[None]).any(axis=2)
    assert np.isneginf(odds[refused]).all()


def test_needs_follow_season_and_age(choice):
    who = np.arange(1500, dtype=np.int32)
    winter, summer, later = (np.full(1500, day, np.int32) for day in (20_104, 20_286, 20_104 + 3650))
    dryness, ageing = CONCERNS.index("dryness"), CONCERNS.index("ageing")
    needs = [needs_of(SETTINGS, choice.customers, who, days).mean(axis=0) for days in (winter, summer, later)]
    assert needs[0][dryness] > needs[1][dryness]
    assert needs[2][ageing] > needs[0][ageing]


def test_the_routine_has_an_order(choice, considered):
    steps = choice.products.step[considered.product]
    bought, customer = considered.bought, considered.slots.customer
    pairs = np.flatnonzero(bought[1:] & bought[:-1] & (customer[1:] == customer[:-1]))
    names = [step.name for step in routine()]
    shampoo, conditioner = names.index("shampoo"), names.index("conditioner")
    after_shampoo = (steps[1:][pairs][steps[:-1][pairs] == shampoo] == conditioner).mean()
    assert after_shampoo > 2 * (steps[bought] == conditioner).mean()


def test_consumables_are_bought_again_once_they_have_run_out(choice, considered):
    rows = np.flatnonzero(considered.bought)
    owner, product = considered.slots.customer[rows].astype(np.int64), considered.product[rows]
    key = owner * len(choice.products) + product
    order = np.lexsort((considered.slots.day[rows], key))
    gaps = np.diff(considered.slots.day[rows][order])[np.diff(key[order]) == 0]
    assert 0.05 < len(gaps) / len(rows) < 0.25
    assert 30 <= np.median(gaps) <= 240


def test_every_family_that_is_avoided_has_ingredients_and_every_role_is_stocked():
    stock = ingredient_stock()
    assert stock.members.any(axis=0).all()
    assert set(read_parameters("needs")["avoidances"]) == set(stock.families)
    assert {role for step in routine() for role in step.formula} <= set(stock.roles)
    assert len(stock.names) == len(set(stock.names))


def test_the_routine_names_only_steps_that_exist():
    names = {step.name for step in routine()}
    assert {after for step in routine() for after in step.follows} <= names
    assert set(read_parameters("needs")["drift"]["steps"]) <= names
    assert set(read_parameters("needs")["drift"]["ingredients"]) <= set(ingredient_stock().names)
