"""Judging a bundle: the engine answers every tested customer, and its lists are held against the held-out product."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from recommender import columns as c
from recommender.config import Config
from recommender.engine import Engine
from recommender.evaluation import metrics
from recommender.evaluation.metrics import MISSED, Interval
from recommender.evaluation.queries import queries
from recommender.evaluation.slices import slices
from recommender.evaluation.split import Split
from recommender.files import read_json, whole_folder, write_json
from recommender.progress import timed
from recommender.query import Query, Recommendation

_AT_ONCE = 256
_RANKS = "ranks.parquet"
_FIGURES = "figures.json"
RANK = c.RANK


@dataclass(frozen=True)
class Evaluation:
    """How one model did on one split.

    Attributes:
        version: The bundle's version.
        k: List length.
        figures: Mean and 95 % interval of each ranking metric, by name ("hr@10", "ndcg@10", "mrr@10").
        coverage: Share of the catalogue in any list.
        gini: Inequality of how often products are recommended.
        violations: Rules broken by recommended products, each product and rule once; anything but 0 is a bug.
        slices: Rows of slice, value, customers, hr, ndcg and their intervals.
        ranks: customer_id, rank (of the held-out product, from 0), slice columns: one row a tested customer.
    """

    version: str
    k: int
    figures: Mapping[str, Interval]
    coverage: float
    gini: float
    violations: int
    slices: list[dict[str, Any]]
    ranks: pd.DataFrame

    def summary(self) -> dict[str, float]:
        """The figures that a run shows and a champion's record keeps."""
        means = {name: round(interval.value, 4) for name, interval in self.figures.items()}
        return means | {"coverage": round(self.coverage, 4), "violations": float(self.violations)}

    def write(self, folder: Path) -> None:
        """Write figures (JSON) and ranks (Parquet); the folder appears whole or not at all."""
        with whole_folder(folder) as partial:
            figures = {key: value for key, value in asdict(self).items() if key != "ranks"}
            write_json(partial / _FIGURES, figures)
            self.ranks.to_parquet(partial / _RANKS, index=False)

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read what :meth:`write` wrote."""
        found = read_json(folder / _FIGURES)
        found["figures"] = {name: Interval(**interval) for name, interval in found["figures"].items()}
        return cls(**found, ranks=pd.read_parquet(folder / _RANKS))


def evaluate(bundle: Path, split: Split, config: Config) -> Evaluation:
    """Ask the bundle's engine for every tested customer of a split and score the answers.

    Raises:
        BundleError: The bundle cannot be loaded.
    """
    engine = Engine.load(bundle)
    k, resamples, seed = config.evaluation.k, config.evaluation.resamples, config.seed
    asked = queries(split.train, split.test[c.CUSTOMER_ID].tolist(), config.seed, k)
    with timed("answered", customers=len(asked)):
        answers = list(answered(engine, asked))
    ranks = split.test.assign(**{RANK: _ranks(answers, split.test[c.PRODUCT_ID].tolist())})
    lists = [engine.catalogue.positions(_ids(answer)) for answer in answers]
    found = ranks[RANK].to_numpy().astype(np.int64)
    per_customer = {
        f"hr@{k}": metrics.hit_rate(found, k),
        f"ndcg@{k}": metrics.ndcg(found, k),
        f"mrr@{k}": metrics.reciprocal_rank(found, k),
    }
    described = slices(ranks, split, asked, config.model.groups.age_bands)
    return Evaluation(
        version=engine.version,
        k=k,
        figures={name: metrics.mean_interval(values, resamples, seed) for name, values in per_customer.items()},
        coverage=metrics.coverage(lists, len(engine.catalogue)),
        gini=metrics.gini(lists, len(engine.catalogue)),
        violations=sum(
            len(engine.rules.check(query, _ids(answer))) for query, answer in zip(asked, answers, strict=True)
        ),
        slices=_slice_rows(described, k, resamples, seed),
        ranks=described,
    )


def answered(engine: Engine, asked: list[Query]) -> Iterator[Recommendation]:
    """The engine's answers, without reasons, in the order of the queries."""
    for start in range(0, len(asked), _AT_ONCE):
        yield from engine.recommend(asked[start : start + _AT_ONCE], reasons=False)


def _ids(answer: Recommendation) -> list[str]:
    return [item.product_id for item in answer.items]


def _ranks(answers: list[Recommendation], held_out: list[str]) -> NDArray[np.int64]:
    places = ({product: place for place, product in enumerate(_ids(answer))} for answer in answers)
    return np.array([place.get(product, MISSED) for place, product in zip(places, held_out, strict=True)])


def _slice_rows(ranks: pd.DataFrame, k: int, resamples: int, seed: int) -> list[dict[str, Any]]:
    """Figures of each value of each slice column."""
    rows: list[dict[str, Any]] = []
    for name in [str(column) for column in ranks if str(column).startswith("slice_")]:
        for value, group in ranks.groupby(name, sort=True, observed=True):
            found = group[RANK].to_numpy().astype(np.int64)
            rows.append(
                {
                    "slice": name.removeprefix("slice_"),
                    "value": str(value),
                    "customers": len(found),
                    "hr": asdict(metrics.mean_interval(metrics.hit_rate(found, k), resamples, seed)),
                    "ndcg": asdict(metrics.mean_interval(metrics.ndcg(found, k), resamples, seed)),
                }
            )
    return rows
