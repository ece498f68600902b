"""What customers declare to avoid, and which of their words nothing knows."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final

import pandas as pd

from recommender.contract import columns as c
from recommender.contract.tables import Tables
from recommender.knowledge.knowledge import Knowledge
from recommender.reports import wording
from recommender.reports.exploration.missing import is_without_value
from recommender.reports.page import Block, Section, Table, Text

_SHOWN: Final = 20
_FEWEST: Final = 3
"""Customers who use a word, from which on it is shown: what one alone wrote may be personal."""
_LONGEST: Final = 60  # characters


def avoided_section(tables: Tables, knowledge: Knowledge) -> Section | None:
    """How many customers avoid something, and the words that neither the knowledge nor a label has."""
    declared = _declared(tables)
    if declared.empty:
        return None
    said = _unrecognised(declared, tables.products, knowledge)
    customers = frozenset[object]().union(*said.values())
    texts = Text((_declaring(declared), _not_understood(said, len(customers))))
    common = {word: len(who) for word, who in said.items() if len(who) >= _FEWEST}
    blocks: tuple[Block, ...] = (texts, _words(common, knowledge)) if common else (texts,)
    return Section("What customers avoid", blocks, {"customers_not_understood": float(len(customers))})


def _declared(tables: Tables) -> pd.Series:
    """Customers' words, by row of the table of customers."""
    if tables.customers is None or c.AVOIDED_INGREDIENTS not in tables.customers:
        return pd.Series(dtype=object)
    lists = tables.customers[c.AVOIDED_INGREDIENTS]
    return lists[~is_without_value(lists)].explode().dropna().astype(str)


def _unrecognised(declared: pd.Series, products: pd.DataFrame, knowledge: Knowledge) -> Mapping[str, set[object]]:
    """Words that neither the knowledge nor a label has, in lower case, with the customers who use them."""
    printed = _words_of_labels(products, knowledge)
    told = {
        text: [name.text for name in knowledge.resolve(text).unknown if not _on_a_label(name.phrases, printed)]
        for text in declared.unique()
    }
    said = defaultdict[str, set[object]](set)
    for customer, text in declared.items():
        for word in told[text]:
            said[word.casefold()].add(customer)
    return said


def _words_of_labels(products: pd.DataFrame, knowledge: Knowledge) -> Mapping[str, set[int]]:
    """Each word of printed ingredients, with the numbers of those that have it."""
    names = products[c.INGREDIENTS].explode().dropna().astype(str).unique() if c.INGREDIENTS in products else ()
    found = defaultdict[str, set[int]](set)
    for number, name in enumerate(names):
        for word in knowledge.label(name).words:
            found[word].add(number)
    return found


def _on_a_label(phrases: Iterable[frozenset[str]], printed: Mapping[str, set[int]]) -> bool:
    """Whether one printed ingredient has all words of a phrase."""
    return any(set[int].intersection(*(printed.get(word, set[int]()) for word in phrase)) for phrase in phrases)


def _declaring(declared: pd.Series) -> str:
    customers = declared.index.nunique()
    return f"{wording.count_of(customers, 'customer')} declare to avoid something."


def _not_understood(said: Mapping[str, set[object]], customers: int) -> str:
    if not said:
        return "Every word of theirs is known, or is printed on some label."
    return (
        f"{wording.count_of(customers, 'customer')} use words that neither the ingredient knowledge nor a label has "
        f"({wording.count_of(len(said), 'different one')}): they exclude no product, unless they misspell a known name."
    )


def _words(common: Mapping[str, int], knowledge: Knowledge) -> Table:
    """The words of several customers, the most frequent first."""
    frequent = sorted(common.items(), key=lambda item: (-item[1], item[0]))[:_SHOWN]
    told = ((word, count, knowledge.resolve(word).unknown) for word, count in frequent)
    rows = tuple(
        (
            wording.shortened(word, _LONGEST),
            wording.count(count),
            ", ".join(offered for name in unknown[:1] for offered in knowledge.told(name).suggestions),
        )
        for word, count, unknown in told
    )
    says = f"Those of {_FEWEST} customers or more; a synonym in families.yaml makes one understood."
    return Table("Words that nothing knows", ("word", "customers", "perhaps meant"), rows, "lrl", says)
