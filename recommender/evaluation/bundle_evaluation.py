"""Evaluating a bundle: the engine answers every tested customer, and its lists are compared with what was held out."""

import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from infrastructure.errors import BundleError, OutdatedBundleError
from infrastructure.files import read_json, replace_folder, write_json
from infrastructure.progress import note, timed
from recommender.config import RecommenderConfig
from recommender.config.evaluation import SplitKind
from recommender.contract import columns as c
from recommender.contract.query import Query, Recommendation
from recommender.engine.engine import Engine
from recommender.engine.many_answers import answer_all
from recommender.engine.queries import queries_from_tables
from recommender.evaluation.list_quality import CatalogueStatistics, list_quality
from recommender.evaluation.metrics import MISSED, Interval, hit_rate, metric_intervals
from recommender.evaluation.slices import with_slices
from recommender.models.bundle import Bundle
from recommender.models.model_data import first_interactions
from recommender.models.products.catalogue_building import in_stock
from recommender.splits import Split
from recommender.splits.families import judged, product_families

_TIMED = 100
_RANKS = "ranks.parquet"
_FIGURES = "figures.json"
_MANIFEST_KEYS = ("config", "customers", "products", "purchases")
RANK = c.RANK
SELLABLE = "sellable"
VARIANT = "variant"


@dataclass(frozen=True)
class Evaluation:
    """How one model did on one split.

    Attributes:
        version: The bundle's version.
        k: List length.
        figures: Mean over customers and 95 % interval of each ranking metric, by name ("hr@10", "ndcg@10", ...), on
            held-out products of families that are new to the customer.
        lists: What the lists are like, by name: see :func:`recommender.evaluation.list_quality.list_quality`.
        violations: Rules broken by recommended products, each product and rule once; anything but 0 is a bug.
        slices: Rows of slice, value, customers, hr, ndcg and their intervals.
        ranks: customer_id, product_id, time, same_day, rank (from 0, of the first variant in the list), sellable
            (whether any variant is in stock now), variant (whether it is another variant of what the customer has),
            slice columns: one row a held-out product.
        split: What kind of split it was.
        date: First day that was not learnt from (ISO), of a split by time.
        milliseconds: Median time of an answer to a single query.
        megabytes: Size of the bundle's files.
        model: From the bundle's manifest: the configuration and the size of the data that it was fitted with.
        variants: Where products have variants, "share" of the held-out products that are another variant of what
            the customer has, which lists do not show, "hr" on these, and "hr_all" with them.
    """

    version: str
    k: int
    figures: Mapping[str, Interval]
    lists: Mapping[str, float]
    violations: int
    slices: list[dict[str, Any]]
    ranks: pd.DataFrame
    split: SplitKind = "last"
    date: str | None = None
    milliseconds: float = 0.0
    megabytes: float = 0.0
    model: Mapping[str, Any] = field(default_factory=dict[str, Any])
    variants: Mapping[str, float] = field(default_factory=dict[str, float])

    @property
    def coverage(self) -> float:
        """Share of the products in stock that is in any list."""
        return self.lists["coverage"]

    @cached_property
    def customers(self) -> int:
        """How many customers the figures are of."""
        return self.judged[c.CUSTOMER_ID].nunique()

    @cached_property
    def judged(self) -> pd.DataFrame:
        """The rows of ``ranks`` that the figures are of."""
        return judged_rows(self.ranks)

    def summary(self) -> dict[str, float]:
        """The figures that a run shows and a champion's record keeps."""
        means = {name: round(interval.value, 4) for name, interval in self.figures.items()}
        return means | {"coverage": round(self.coverage, 4), "violations": float(self.violations)}

    def write(self, folder: Path) -> None:
        """Write figures (JSON) and ranks (Parquet); the folder appears whole or not at all."""
        with replace_folder(folder) as partial:
            figures = {key: value for key, value in asdict(self).items() if key != "ranks"}
            write_json(partial / _FIGURES, figures)
            self.ranks.to_parquet(partial / _RANKS, index=False)

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read what :meth:`write` wrote."""
        found = read_json(folder / _FIGURES)
        found["figures"] = {name: Interval(**interval) for name, interval in found["figures"].items()}
        return cls(**found, ranks=pd.read_parquet(folder / _RANKS))


def evaluate_bundle(bundle: Path, split: Split, config: RecommenderConfig) -> Evaluation:
    """Have the bundle's engine answer every tested customer of a split, and score the answers.

    Raises:
        BundleError: The bundle cannot be loaded.
        LeakError: The split's training part reveals what is held out.
    """
    engine = Engine.load(bundle)
    k, resamples, seed = config.evaluation.k, config.evaluation.resamples, config.seed
    queries = queries_from_tables(split.train, split.customer_ids, config.seed, k)
    with timed("answered", customers=len(queries)):
        answers = answer_all(engine, queries)
    families = product_families(split.tables.products)
    ranks = split.test.assign(
        **{
            RANK: _ranks(answers, split.test, families),
            SELLABLE: _sellable(split, families),
            VARIANT: split.another_variant,
        }
    )
    described = with_slices(ranks, split, queries, config.model.groups.age_bands)
    of_new_families = judged_rows(described)
    manifest = Bundle.open(bundle).manifest
    return Evaluation(
        version=engine.version,
        k=k,
        figures={f"{name}@{k}": found for name, found in _figures(of_new_families, k, resamples, seed).items()},
        lists=_lists(engine, queries, answers, split, seed),
        violations=sum(
            len(engine.rules.check(query, _ids(answer))) for query, answer in zip(queries, answers, strict=True)
        ),
        slices=_slice_rows(of_new_families, k, resamples, seed),
        ranks=described,
        split=split.kind,
        date=None if split.date is None else f"{split.date:%Y-%m-%d}",
        milliseconds=_milliseconds(engine, queries[:_TIMED]),
        megabytes=sum(path.stat().st_size for path in bundle.rglob("*") if path.is_file()) / 1e6,
        model={what: manifest[what] for what in _MANIFEST_KEYS if what in manifest},
        variants={} if families.is_unique else _variants(ranks, k),
    )


def evaluate_champion(bundle: Path, version: str, split: Split, config: RecommenderConfig) -> Evaluation | None:
    """As :func:`evaluate_bundle` for the champion in service; None where another version of the platform made it.

    It cannot be evaluated, so the challenger is judged as if it were the first model. ``bundle`` is the one by which
    the champion was judged, ``version`` that of the deployed one, fitted on everything: its version everywhere else.

    Raises:
        BundleError: The bundle is of this version and cannot be loaded.
        LeakError: The split's training part reveals what is held out.
    """
    try:
        return replace(evaluate_bundle(bundle, split, config), version=version)
    except OutdatedBundleError as error:
        note("the champion is of another version of the platform: it is not compared", reason=error.problem)
        return None


def evaluate_anchor(bundle: Path, version: str, split: Split, config: RecommenderConfig) -> Evaluation | None:
    """As :func:`evaluate_champion` for the earlier champion that small losses are measured from.

    It is in nobody's service: where it cannot be read, they are measured from the present one from now on.

    Raises:
        LeakError: The split's training part reveals what is held out.
    """
    try:
        return evaluate_champion(bundle, version, split, config)
    except BundleError as error:
        note("an earlier champion cannot be read: small losses are not measured from it any more", reason=str(error))
        return None


def owners(test: pd.DataFrame) -> NDArray[np.int64]:
    """The customer of each held-out product, numbered as they come: int64[held out]."""
    return pd.factorize(test[c.CUSTOMER_ID])[0].astype(np.int64)


def judged_rows(ranks: pd.DataFrame) -> pd.DataFrame:
    """The held-out products of families that are new to their customers; all where there are no such."""
    return ranks[judged(ranks[VARIANT].to_numpy(np.bool_))] if VARIANT in ranks else ranks


def _variants(ranks: pd.DataFrame, k: int) -> dict[str, float]:
    """What held-out products of families that the customer has change; see :class:`Evaluation`."""
    known = ranks[VARIANT]
    found = {"share": float(known.mean()), "hr_all": _hit_rate(ranks, k)}
    return found | ({"hr": _hit_rate(ranks[known], k)} if known.any() else {})


def _hit_rate(ranks: pd.DataFrame, k: int) -> float:
    return float(hit_rate(ranks[RANK].to_numpy().astype(np.int64), k, owners(ranks)).mean())


def _ids(answer: Recommendation) -> list[str]:
    return [item.product_id for item in answer.items]


def _ranks(answers: list[Recommendation], test: pd.DataFrame, families: "pd.Series[int]") -> NDArray[np.int64]:
    """The place of each held-out product's first variant in its customer's list; ``MISSED`` where none is there."""
    number = families.to_dict()
    places: dict[tuple[str, int | None], int] = {}
    for answer in answers:
        for place, product in enumerate(_ids(answer)):
            places.setdefault((answer.customer_id, number.get(product)), place)
    pairs = zip(test[c.CUSTOMER_ID], test[c.PRODUCT_ID].map(families), strict=True)
    return np.array([places.get(pair, MISSED) for pair in pairs], np.int64)


def _sellable(split: Split, families: "pd.Series[int]") -> NDArray[np.bool_]:
    """Which held-out products are in stock in any variant, by today's catalogue and not by any model's."""
    products = split.tables.products
    there = products.loc[in_stock(products), c.PRODUCT_ID].map(families)
    return split.test[c.PRODUCT_ID].map(families).isin(there).to_numpy()


def _figures(ranks: pd.DataFrame, k: int, resamples: int, seed: int) -> dict[str, Interval]:
    """Every ranking metric of some held-out products."""
    return metric_intervals(ranks[RANK].to_numpy().astype(np.int64), owners(ranks), k, resamples, seed)


def _lists(
    engine: Engine, queries: list[Query], answers: list[Recommendation], split: Split, seed: int
) -> dict[str, float]:
    catalogue = engine.catalogue
    firsts = first_interactions(split.train, seed)
    counts = np.bincount(catalogue.positions(firsts[c.PRODUCT_ID]), minlength=len(catalogue))
    statistics = CatalogueStatistics.from_catalogue(catalogue, counts, firsts[c.CUSTOMER_ID].nunique())
    owned = [catalogue.positions(query.products) for query in queries]
    return list_quality([catalogue.positions(_ids(answer)) for answer in answers], owned, statistics)


def _milliseconds(engine: Engine, queries: list[Query]) -> float:
    """Median time of an answer with its reasons, one customer at a time as in serving; 0 without customers."""
    spent: list[float] = []
    for query in queries:
        start = time.perf_counter()
        engine.recommend([query])
        spent.append(time.perf_counter() - start)
    return round(1000 * float(np.median(spent)), 2) if spent else 0.0


def _slice_rows(ranks: pd.DataFrame, k: int, resamples: int, seed: int) -> list[dict[str, Any]]:
    """Figures of each value of each slice column; a customer is in it with the held-out products that are."""
    rows: list[dict[str, Any]] = []
    for name in [str(column) for column in ranks if str(column).startswith("slice_")]:
        for value, group in ranks.groupby(name, sort=True, observed=True):
            figures = _figures(group, k, resamples, seed)
            rows.append(
                {
                    "slice": name.removeprefix("slice_"),
                    "value": str(value),
                    "customers": group[c.CUSTOMER_ID].nunique(),
                    "hr": asdict(figures["hr"]),
                    "ndcg": asdict(figures["ndcg"]),
                }
            )
    return rows
