"""The assignment of customers to variants: sticky, uniform, independent between experiments."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.contract.query import CHALLENGER, CHAMPION, customer_hash, variant_of

CUSTOMERS = [customer_hash(f"c{number:06d}") for number in range(20_000)]


def drawn(salt, share):
    return {customer for customer in CUSTOMERS if variant_of(customer, salt, share) == CHALLENGER}


@pytest.mark.parametrize("share", [0.05, 0.5, 0.9])
def test_the_challenger_gets_its_share(share):
    error = (share * (1 - share) / len(CUSTOMERS)) ** 0.5
    assert len(drawn("spring", share)) / len(CUSTOMERS) == pytest.approx(share, abs=4 * error)


def test_who_has_the_challenger_keeps_it_when_its_share_grows():
    assert drawn("spring", 0.1) < drawn("spring", 0.3) < drawn("spring", 0.8)


def test_two_experiments_draw_independently():
    both = drawn("spring", 0.5) & drawn("autumn", 0.5)
    assert len(both) / len(CUSTOMERS) == pytest.approx(0.25, abs=0.015)


def test_the_draw_is_that_of_every_process_and_version():
    """These customers must not change sides because this file was changed."""
    assert [variant_of(customer, "spring", 0.5) for customer in CUSTOMERS[:6]] == [
        CHAMPION,
        CHAMPION,
        CHAMPION,
        CHALLENGER,
        CHALLENGER,
        CHAMPION,
    ]


@given(st.text(), st.text(), st.floats(0, 1))
def test_no_share_is_nobody_and_all_of_it_everybody_but_nobody_in_particular(customer, salt, share):
    assert variant_of(customer, salt, 0) == CHAMPION
    assert variant_of(customer, salt, 1) == (CHALLENGER if customer else CHAMPION)
    assert variant_of("", salt, share) == CHAMPION
