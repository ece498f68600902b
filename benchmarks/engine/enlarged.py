"""A champion in a catalogue of another size: its re-ranker and network over products that are drawn."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from recommender.contract.query import Query
from recommender.engine.engine import Engine
from recommender.models.candidate_models.concern_efficacy import ConcernEfficacy
from recommender.models.candidate_models.customer_groups import CustomerGroups
from recommender.models.candidate_models.customer_traits import CustomerTraits
from recommender.models.candidate_models.neighbours import Neighbours
from recommender.models.candidate_models.popularity import Popularity
from recommender.models.hybrid import Hybrid
from recommender.models.network.network import Network
from recommender.models.pair_table import PairTable
from recommender.models.products.catalogue import Catalogue
from recommender.models.products.visit_statistics import VisitStatistics
from recommender.rules import Rules

_CELLS: Final = 1 << 20  # distinct likenesses: what they are changes no time


def enlarged(champion: Engine, products: int, seed: int) -> Engine:
    """The champion over ``products`` products, each with as many neighbours, uses and ingredients as its own have.

    What a product is like is drawn, so lists mean nothing; everything that an answer passes through is as large as
    it would be. Families, settings, re-ranker and network are the champion's.
    """
    rng = np.random.default_rng(seed)
    catalogue = _catalogue(champion.catalogue, products, rng)
    hybrid = champion.hybrid
    generator = hybrid.generator
    drawn = replace(
        generator,
        neighbours=_neighbours(generator.neighbours, products, rng),
        popularity=_popularity(generator.popularity, products, rng),
        visits=_visits(generator.visits, products, rng),
        attributes={
            name: replace(attribute, codes=rng.choice(attribute.codes, products))
            for name, attribute in generator.attributes.items()
        },
        price=catalogue.price,
        groups=CustomerGroups(
            generator.groups.keys, _columns(generator.groups.shares, products, rng), generator.groups.settings
        ),
        concern_efficacy=ConcernEfficacy(
            generator.concern_efficacy.concerns, _columns(generator.concern_efficacy.efficacy.T, products, rng).T
        ),
        traits=CustomerTraits(
            generator.traits.traits,
            _columns(generator.traits.lifts, products, rng),
            _columns(generator.traits.overall[None], products, rng)[0],
            generator.traits.settings,
        ),
        network=_network(generator.network, products, rng) if generator.network else None,
    )
    rules = Rules(catalogue, champion.rules.knowledge, champion.rules.settings)
    return Engine(Hybrid(drawn, hybrid.ranker), catalogue, rules, f"{champion.version}-{products}")


def moved(queries: Sequence[Query], catalogue: Catalogue, seed: int) -> list[Query]:
    """The same customers with histories as long, of products drawn from ``catalogue``."""
    rng = np.random.default_rng(seed)
    ids = catalogue.product_ids
    return [
        replace(query, products=tuple(ids[i] for i in rng.integers(0, len(ids), len(query.products)).tolist()))
        for query in queries
    ]


def _catalogue(own: Catalogue, products: int, rng: np.random.Generator) -> Catalogue:
    like = rng.integers(0, len(own), products)
    label = len(own.ingredients_index) // len(own)
    return Catalogue(
        product_ids=[f"p{i:07d}" for i in range(products)],
        names=[own.names[i] for i in like.tolist()],
        brands=[own.brands[i] for i in like.tolist()],
        categories=[own.categories[i] for i in like.tolist()],
        price=own.price[like],
        in_stock=own.in_stock[like],
        ingredients_start=np.arange(products + 1, dtype=np.int32) * label,
        ingredients_index=rng.integers(0, max(len(own.ingredient_names), 1), products * label, np.int32),
        ingredient_names=own.ingredient_names,
        family=np.arange(products, dtype=np.int32),
    )


def _neighbours(own: Neighbours, products: int, rng: np.random.Generator) -> Neighbours:
    most = int(np.diff(own.table.starts).mean())
    columns = np.empty((products, most), np.int32)
    # Gaps between neighbours are drawn, so that columns rise without a sort.
    for row in columns:
        row[:] = rng.integers(1, products // most, most, np.int32)
    np.cumsum(columns, axis=1, out=columns)
    starts = np.arange(products + 1, dtype=np.int64) * most
    like = rng.integers(0, len(own.blend), _CELLS)
    blend = np.resize(own.blend[like], products * most)
    # Likeness by family is the largest part; a view repeats it, so that a million products fit into a small machine.
    values = np.broadcast_to(own.table.values[like[0]], (products * most, own.table.values.shape[1]))
    return Neighbours(own.families, PairTable(starts, columns.ravel(), values, products), blend, own.decay)


def _popularity(own: Popularity, products: int, rng: np.random.Generator) -> Popularity:
    counts = own.counts[rng.integers(0, len(own.counts), products)]
    starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    days = rng.choice(own.days, int(starts[-1]))
    return Popularity(starts, days[np.lexsort((days, np.arange(products).repeat(counts)))])


def _visits(own: VisitStatistics, products: int, rng: np.random.Generator) -> VisitStatistics:
    like = rng.integers(0, len(own.size), products)
    return VisitStatistics(own.size[like], own.shared[like], own.first[like])


def _network(own: Network, products: int, rng: np.random.Generator) -> Network:
    weights = dict(own.weights)
    weights["items"] = rng.standard_normal((products, weights["items"].shape[1]), np.float32)
    weights["bias"] = rng.standard_normal(products, np.float32)
    return Network(weights, own.settings)


def _columns(own: NDArray[np.float32], products: int, rng: np.random.Generator) -> NDArray[np.float32]:
    """As many columns as products, each one of ``own``'s."""
    return own[:, rng.integers(0, own.shape[1], products)]
