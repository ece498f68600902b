"""Shops and customers drawn by a seed: how often is anybody shown what they avoid, and what is hidden for nothing?"""

import logging
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from itertools import repeat
from multiprocessing import get_context
from typing import Final, Self

import numpy as np

from benchmarks.safety.customers import Avoiding, draw_avoiding
from benchmarks.safety.paths import DECLARED, Answer, answers
from benchmarks.safety.shops import Shop, draw_shop
from infrastructure.progress import note
from recommender.contract.query import Profile, Query
from serving.answering import unrecognised

_SHARE: Final = 250
"""Shops that one process asks before it tells what it found."""


@dataclass
class Findings:
    """What was found.

    Attributes:
        asked: Answers, by path.
        shown: Products in them, by path.
        violations: Products shown that hold what their customer avoids, by path.
        examples: The path, the customer's words and the label of some of them.
        safe: Labelled products without anything that the customer avoids.
        lost: Of these, those that are hidden all the same: by the avoidance, or since the label cannot be read.
    """

    asked: Counter[str] = field(default_factory=Counter[str])
    shown: Counter[str] = field(default_factory=Counter[str])
    violations: Counter[str] = field(default_factory=Counter[str])
    examples: list[tuple[str, tuple[str, ...], str]] = field(default_factory=list[tuple[str, tuple[str, ...], str]])
    safe: int = 0
    lost: int = 0

    def add(self, other: Self) -> None:
        """Count what was found elsewhere too."""
        self.asked += other.asked
        self.shown += other.shown
        self.violations += other.violations
        self.examples += other.examples
        self.safe += other.safe
        self.lost += other.lost


def ask_drawn_shops(shops: int, seed: int, processes: int = 1) -> Findings:
    """Ask every path of ``shops`` drawn shops; the same seed draws the same shops, however many processes there are."""
    parts = [range(start, min(start + _SHARE, shops)) for start in range(0, shops, _SHARE)]
    findings = Findings()
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        for found in pool.map(ask_shops, repeat(seed), parts):
            findings.add(found)
            note("shops asked", answers=findings.asked.total(), violations=findings.violations.total())
    return findings


def ask_shops(seed: int, numbers: Iterable[int]) -> Findings:
    """Ask every path of the shops with these numbers."""
    findings = Findings()
    # Drawn words are often unknown, which serving tells its operators.
    logging.getLogger(unrecognised.__name__).setLevel(logging.ERROR)
    for number in numbers:
        draw = np.random.default_rng((seed, number))
        stored, declared, common = draw_avoiding(draw), draw_avoiding(draw), draw_avoiding(draw, common=True)
        shop = draw_shop(draw, {DECLARED: declared.words})
        for answer in answers(shop, stored, declared, common):
            _count(findings, shop, answer)
        _count_lost(findings, shop, stored)
    return findings


def _count(findings: Findings, shop: Shop, answer: Answer) -> None:
    path, avoiding, shown = answer
    findings.asked[path] += 1
    findings.shown[path] += len(shown)
    for product in shown:
        if shop.holds[product] & avoiding.forbidden or shop.labels[product] is None:
            findings.violations[path] += 1
            findings.examples.append((path, avoiding.words, str(shop.labels[product])))


def _count_lost(findings: Findings, shop: Shop, avoiding: Avoiding) -> None:
    """Count the products that these words hide though no word of the truth names what they hold."""
    query = Query("", profile=Profile(avoided_ingredients=avoiding.words))
    allowed = shop.engine.rules.allowed_products(query, np.empty(0, np.int64)).allowed
    safe = [*_safe(shop, avoiding)]
    findings.safe += len(safe)
    findings.lost += sum(not allowed[position] for position in safe)


def _safe(shop: Shop, avoiding: Avoiding) -> Iterator[int]:
    """Positions of the labelled products whose ingredients, by their own names, meet none of these words."""
    knowledge = shop.engine.rules.knowledge
    wishes = [knowledge.resolve(text) for text in avoiding.words]
    for product, ingredients in shop.holds.items():
        named = [knowledge.label(name) for name in ingredients]
        if shop.labels[product] is not None and not any(wish.meets(name) for wish in wishes for name in named):
            yield shop.engine.catalogue.index[product]
