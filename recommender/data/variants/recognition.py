"""Families by names: products of one brand whose names differ in size, pack or shade alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from recommender.data.variants.base_names import BaseName, base_name
from recommender.data.variants.spelling import folded

_LEAST_WORDS: Final = 2
"""Words of a base without which, where no brand is known, it is too common a name."""
_TELLING: Final = 4
"""Words from which a base is the same product in whatever category a shop has put it."""
_PRICE_RATIO: Final = 6.0
"""How many times dearer or cheaper than its family, for the same amount, a variant may be."""


@dataclass(frozen=True, slots=True)
class NamedProduct:
    """What families are recognised by; "" and None where not known."""

    name: str
    brand: str = ""
    category: str = ""
    price: float | None = None


def recognised_families(products: Sequence[NamedProduct]) -> list[int]:
    """For each product the position of the first one of its family; its own where it is of none.

    Bases are grouped, not compared with each other, so the time grows with the number of products.
    """
    bases = [base_name(product.name, product.brand) for product in products]
    groups: dict[tuple[str, ...], list[int]] = {}
    for position, (product, base) in enumerate(zip(products, bases, strict=True)):
        if _is_telling(base, product):
            groups.setdefault(_key(product, base), []).append(position)
    families = list(range(len(products)))
    for members in groups.values():
        alike = _of_like_price(members, products, bases)
        for member in alike:
            families[member] = alike[0]
    return families


def _is_telling(base: BaseName, product: NamedProduct) -> bool:
    return base.length >= (1 if product.brand else _LEAST_WORDS)


def _key(product: NamedProduct, base: BaseName) -> tuple[str, ...]:
    category = "" if base.length >= _TELLING else folded(product.category).strip()
    return folded(product.brand).strip(), base.words, category


def _of_like_price(members: list[int], products: Sequence[NamedProduct], bases: Sequence[BaseName]) -> list[int]:
    """The members whose price for an amount is like the others'; those without one stay."""
    if len(members) < 2:
        return members
    prices = {member: _unit_price(products[member], bases[member]) for member in members}
    known = [price for price in prices.values() if price]
    if len(known) < 2:
        return members
    usual = median(known)
    return [m for m in members if not (p := prices[m]) or usual / _PRICE_RATIO <= p <= usual * _PRICE_RATIO]


def _unit_price(product: NamedProduct, base: BaseName) -> float | None:
    """Price of one millilitre, gram or centimetre; None where the amount or the price is not known."""
    return product.price / base.amount if product.price and base.amount else None
