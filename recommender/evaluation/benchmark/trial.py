"""One split on which every model is fitted and tested in the same way."""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from recommender import columns as c
from recommender.config import Config
from recommender.evaluation import metrics
from recommender.evaluation.benchmark.families import Family, families
from recommender.evaluation.benchmark.ranking import best
from recommender.evaluation.benchmark.result import Result, places
from recommender.evaluation.judge import RANK, evaluate
from recommender.evaluation.split import Split
from recommender.models.data import ModelData, model_data, rebuys
from recommender.models.fitting import Fitter
from recommender.models.histories import Histories
from recommender.models.hybrid import Hybrid
from recommender.progress import timed
from recommender.training import write_bundle

HYBRID: Final = "hybrid"


@dataclass(frozen=True)
class Trial:
    """What all models share: the data, the held-out purchases, the parameters."""

    parted: Split
    config: Config

    @cached_property
    def data(self) -> ModelData:
        """Everything, as models see it."""
        return model_data(self.parted.tables, self.config.seed)

    @cached_property
    def known(self) -> Histories:
        """What models may learn from."""
        return self.data.histories.without_last()

    @cached_property
    def held_out(self) -> NDArray[np.int64]:
        """The product that each tested customer is to be offered, int64[tested]."""
        return self.data.catalogue.positions(self.parted.test[c.PRODUCT_ID])

    @property
    def dated(self) -> bool:
        """Whether the order of purchases is known."""
        return bool(self.parted.test[c.TIME].notna().any())

    @property
    def slices(self) -> dict[str, NDArray[np.bool_]]:
        """Tested customers by whether the held-out purchase shares its day with the one before; none without dates."""
        if not self.dated:
            return {}
        same_day = self.parted.test["same_day"].to_numpy().astype(np.bool_)
        return {"same day": same_day, "later day": ~same_day}

    def of_families(self) -> Iterator[Result]:
        """Each family's result."""
        for family in families(Fitter(self.data, self.config), self.known):
            with timed(f"ranked by {family.name}") as figures:
                result = self._of_family(family)
                figures["hr"] = round(float(metrics.hit_rate(result.ranks, self.config.evaluation.k).mean()), 4)
            yield result

    def fit_hybrid(self) -> tuple[Hybrid, float]:
        """The hybrid, and the seconds it took: with fits of its own, so that nothing of the families' is saved."""
        with timed("fitted hybrid") as figures:
            (hybrid,) = Fitter(self.data, self.config).hybrids(self.known)
        return hybrid, float(figures["seconds"])

    def of_hybrid(self, hybrid: Hybrid, seconds: float) -> Result:
        """The hybrid's result, by the engine and evaluation that the pipeline uses."""
        with tempfile.TemporaryDirectory() as folder:
            bundle = Path(folder) / "bundle"
            data = replace(self.data, rebuys=rebuys(self.parted.train, self.data.catalogue))
            write_bundle(bundle, hybrid, data, self.config)
            evaluation = evaluate(bundle, self.parted, self.config)
        return Result(HYBRID, evaluation.ranks[RANK].to_numpy().astype(np.int64), evaluation.coverage, seconds)

    def _of_family(self, family: Family) -> Result:
        index = {customer_id: i for i, customer_id in enumerate(self.data.customer_ids)}
        customers = np.array([index[customer_id] for customer_id in self.parted.test[c.CUSTOMER_ID]], np.int64)
        profiles = [self.data.profiles[customer] for customer in customers.tolist()]
        histories = self.known.select(customers)
        lists = [*best(family.score, histories, profiles, self.config.evaluation.k, self.config.seed)]
        coverage = metrics.coverage(lists, len(self.data.catalogue))
        return Result(family.name, places(lists, self.held_out), coverage, family.seconds)
