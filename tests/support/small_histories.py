"""Histories written by hand, and any histories for property tests."""

from collections.abc import Sequence
from itertools import pairwise

from hypothesis import strategies as st

from recommender.models.histories import Histories


def small_histories(
    *sequences: Sequence[int], days: Sequence[Sequence[int]] | None = None, products: int | None = None
) -> Histories:
    """One customer a sequence; without ``days`` undated, without ``products`` as many as are named."""
    undated = [[0] * len(sequence) for sequence in sequences]
    most = max((product for sequence in sequences for product in sequence), default=0) + 1
    return Histories.from_sequences(
        sequences, undated if days is None else days, most if products is None else products
    )


def sequences(histories: Histories) -> list[list[int]]:
    """Each customer's products."""
    return [histories.products[start:stop].tolist() for start, stop in pairwise(histories.starts)]


PRODUCTS = 6


@st.composite
def any_histories(draw: st.DrawFn) -> Histories:
    """A few customers with different products each, on rising days."""
    used = draw(st.lists(st.lists(st.integers(0, PRODUCTS - 1), unique=True, max_size=5), min_size=1, max_size=5))
    days = [sorted(draw(st.lists(st.integers(1, 12), min_size=len(one), max_size=len(one)))) for one in used]
    return Histories.from_sequences(used, days, PRODUCTS)
