"""Taking away what a reason names, and asking again."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from recommender.contract.query import MAXIMUM_K, Query, Reason
from recommender.engine.engine import Engine

ReasonTest = tuple[str, bool]
"""The kind of a reason, and whether the product fell without its cause."""

_PURCHASE = ("bought", "similar")
_TRAITS: Mapping[str, str] = {"skin_type": "with {} skin", "region": "in {}", "age": "aged "}
"""How the words of a reason begin that name a trait, by the profile's field."""


def fallen(engine: Engine, queries: Sequence[Query]) -> Iterator[ReasonTest]:
    """Whether each reason's product scores less, or is no candidate any more, for the same customer without the cause.

    One cause is taken away at a time; the purchases that a reason names go together. Left out is what would be answered
    in another way without the cause, so that its scores are of another kind: all that a customer has bought, or the
    only trait; and reasons that name no cause ("Many customers bought it.").
    """
    names = dict(zip(engine.catalogue.product_ids, engine.catalogue.names, strict=True))
    for query in queries:
        scores = lru_cache(lambda less: _scores(engine, less))
        (answer,) = engine.recommend([query])
        for item in answer.items:
            for reason in item.reasons:
                for less in _without(query, reason, names, engine):
                    path, found = scores(less)
                    if path == answer.path:
                        yield reason.kind, found.get(item.product_id, float("-inf")) < item.score


def _scores(engine: Engine, query: Query) -> tuple[str, dict[str, float]]:
    (answer,) = engine.recommend([replace(query, k=MAXIMUM_K)], reasons=False)
    return answer.path, {item.product_id: item.score for item in answer.items}


def _without(query: Query, reason: Reason, names: Mapping[str, str], engine: Engine) -> Iterator[Query]:
    """The query without each of the causes that a reason names."""
    if reason.kind in _PURCHASE:
        yield _without_purchases(query, [names.get(product) or product for product in query.products], reason.text)
    elif reason.kind == "concern":
        knowledge = engine.rules.knowledge
        told = reason.text.removesuffix(".").rpartition(" for ")[2]
        kept = tuple(word for word in query.profile.concerns if knowledge.concerns_called((word,)) != (told,))
        yield replace(query, profile=replace(query.profile, concerns=kept))
    elif not query.products:
        for field, words in _TRAITS.items():
            if words.format(getattr(query.profile, field)) in reason.text:
                yield replace(query, profile=replace(query.profile, **{field: None}))


def _without_purchases(query: Query, names: Sequence[str], text: str) -> Query:
    kept = [i for i, name in enumerate(names) if name not in text]
    times = tuple(query.times[i] for i in kept) if query.times else ()
    return replace(query, products=tuple(query.products[i] for i in kept), times=times)
