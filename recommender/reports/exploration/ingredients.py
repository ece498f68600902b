"""What the products are made of, according to the ingredient knowledge."""

from collections.abc import Callable
from typing import Any

import pandas as pd

from recommender.contract import columns as c
from recommender.contract.tables import Tables
from recommender.knowledge.knowledge import Knowledge
from recommender.reports import wording
from recommender.reports.exploration.missing import is_without_value
from recommender.reports.page import Bars, Section, Text, share_bars

_SHOWN = 14


def ingredients_section(tables: Tables, knowledge: Knowledge) -> Section | None:
    """The most frequent ingredients, each under one name, and the concerns that they serve."""
    if c.INGREDIENTS not in tables.products:
        return None
    lists = tables.products[c.INGREDIENTS]
    mentions = lists[~is_without_value(lists)].explode().dropna().astype(str)
    if mentions.empty:
        return None
    known = float(_looked_up(mentions, lambda text: bool(knowledge.label(text).terms)).mean())
    lengths = mentions.index.value_counts()
    sentences = (
        f"{wording.count(len(lengths))} of {wording.count_of(len(lists), 'product')} give their ingredients, "
        f"{wording.count(float(lengths.median()))} in the median.",
        f"The ingredient knowledge knows {wording.share(known)} of the ingredients on these lists; "
        f"the rules understand the others by their printed words only.",
    )
    blocks = (
        Text(sentences),
        _frequent(_looked_up(mentions, knowledge.name)),
        _served(mentions, knowledge),
    )
    return Section("Ingredients", tuple(block for block in blocks if block), {"known_ingredients": known})


def _looked_up(mentions: pd.Series, lookup: Callable[[str], Any]) -> pd.Series:
    """``lookup`` of each mention; it is called once for each distinct text."""
    return mentions.map({text: lookup(text) for text in mentions.unique()})


def _shares_of_products(mentions: pd.Series, products: int) -> pd.Series:
    """In which share of ``products`` each value of ``mentions`` (by product) occurs, most frequent first."""
    once = pd.DataFrame({"product": mentions.index, "value": mentions.to_numpy()}).drop_duplicates()
    return once["value"].value_counts() / products


def _frequent(names: pd.Series) -> Bars:
    shares = _shares_of_products(names, names.index.nunique())
    once = int((names.value_counts() == 1).sum())
    says = (
        f"{wording.count_of(len(shares), 'different ingredient')}, {wording.count(once)} of them once; "
        f"{shares.index[0]} is in {wording.share(float(shares.iloc[0]))} of the lists."
    )
    return Bars("Most frequent ingredients", says, share_bars(shares.head(_SHOWN)))


def _served(mentions: pd.Series, knowledge: Knowledge) -> Bars | None:
    """How many products have an ingredient for each concern; None where none has any."""
    concerns = _looked_up(mentions, knowledge.concerns_of).explode().dropna()
    if concerns.empty:
        return None
    shares = _shares_of_products(concerns, mentions.index.nunique())
    says = (
        f"By the ingredient knowledge, {wording.share(float(shares.iloc[0]))} of the lists have something for "
        f"{shares.index[0]}, {wording.share(float(shares.iloc[-1]))} something for {shares.index[-1]}; "
        f"the amount is not known."
    )
    return Bars("Concerns that the ingredients serve", says, share_bars(shares))
