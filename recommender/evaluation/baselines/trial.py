"""One split on which every model is fitted and tested in the same way."""

import tempfile
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from infrastructure.progress import timed
from recommender.config import RecommenderConfig
from recommender.config.evaluation import EvaluationSettings
from recommender.contract import columns as c
from recommender.evaluation import metrics
from recommender.evaluation.baselines.full_ranking import best
from recommender.evaluation.baselines.result import Measure, Result, places
from recommender.evaluation.baselines.single_models import Family, families, without_history
from recommender.evaluation.judge import RANK, evaluate, owners
from recommender.evaluation.lists import Shelf, list_quality
from recommender.models.fitting import Fitter
from recommender.models.histories import Histories
from recommender.models.hybrid import Hybrid
from recommender.models.model_data import ModelData, model_data, profiles
from recommender.splits import Split
from recommender.splits.leaks import check_histories
from recommender.splits.parts import SAME_DAY
from recommender.training.bundles import write_bundle

HYBRID: Final = "hybrid"


@dataclass(frozen=True)
class Trial:
    """What all models share: the data, the held-out purchases, the parameters."""

    parted: Split
    config: RecommenderConfig

    @cached_property
    def data(self) -> ModelData:
        """What models may learn from; its histories hold nothing that is held out."""
        data = model_data(self.parted.train, self.config.seed)
        check_histories(data, data.histories, self.parted.test)
        return data

    @property
    def known(self) -> Histories:
        """What models may learn from, as sequences."""
        return self.data.histories

    @cached_property
    def owners(self) -> NDArray[np.int64]:
        """The customer of each held-out product: int64[held out], positions in ``parted.customer_ids``."""
        return owners(self.parted.test)

    @cached_property
    def held_out(self) -> NDArray[np.int64]:
        """The held-out products' positions in the catalogue, int64[held out]."""
        return self.data.catalogue.positions(self.parted.test[c.PRODUCT_ID])

    @cached_property
    def asked(self) -> Histories:
        """What is known of each tested customer; nothing of one who is held out whole."""
        index = {customer_id: i for i, customer_id in enumerate(self.data.customer_ids)}
        known = self.known
        with_nobody = replace(known, starts=np.append(known.starts, known.starts[-1]))
        rows = [index.get(customer_id, len(known)) for customer_id in self.parted.customer_ids]
        return with_nobody.select(np.array(rows, np.int64))

    @cached_property
    def shelf(self) -> Shelf:
        """What lists are compared with."""
        return Shelf.of(self.data.catalogue, self.known.counts, len(self.known))

    @property
    def dated(self) -> bool:
        """Whether the order of purchases is known."""
        return bool(self.parted.test[c.TIME].notna().any())

    @property
    def drawn(self) -> bool:
        """Whether the seed draws what is held out."""
        return self.parted.kind in ("random", "customers") or (self.parted.kind == "last" and not self.dated)

    @property
    def least(self) -> int | None:
        """The fewest products of who is tested, if other than the default; whole customers are tested with any."""
        least = self.config.evaluation.minimum_history
        default = EvaluationSettings().minimum_history
        return least if least != default and self.parted.kind != "customers" else None

    @property
    def described(self) -> str:
        """What is held out, in a few words."""
        share = f"{self.config.evaluation.test_share:.0%}"
        return {
            "last": "leave last out" if self.dated else "leave one out (no dates: drawn by the seed)",
            "time": f"by time: learnt from is what came before {self._day}, tested {self._new} from then on",
            "rolling": f"origin {self._day}, tested {self._new} from then on, up to the next origin",
            "random": f"{share} of each customer's products, drawn by the seed",
            "customers": f"whole customers: {share} of those with a profile, asked by it alone",
        }[self.parted.kind]

    @property
    def _day(self) -> str:
        return "" if self.parted.date is None else f"{self.parted.date:%Y-%m-%d}"

    @property
    def _new(self) -> str:
        most = self.config.evaluation.targets
        return "each customer's first new product" if most == 1 else f"each customer's first {most} new products"

    @property
    def measure(self) -> Measure:
        """How this trial's results become scores."""
        return Measure(self.config.evaluation.k, self.owners, self.slices)

    @property
    def slices(self) -> dict[str, NDArray[np.bool_]]:
        """Held-out products by whether a known use was on their day; none where that tells nothing apart."""
        same_day = self.parted.test[SAME_DAY].to_numpy().astype(np.bool_)
        return {"same day": same_day, "later day": ~same_day} if same_day.any() else {}

    def of_families(self, only: Collection[str] | None = None) -> Iterator[Result]:
        """Each family's result, or that of ``only`` the named.

        Customers without history are asked for only by the families that can answer them.
        """
        fitter = Fitter(self.data, self.config)
        able = families if self.asked.lengths.any() else without_history
        for family in able(fitter, self.known, only):
            with timed(f"ranked by {family.name}") as figures:
                result = self.of_family(family)
                found = metrics.hit_rate(result.ranks, self.config.evaluation.k, self.owners)
                figures["hr"] = round(float(found.mean()), 4)
            yield result

    def of_family(self, family: Family) -> Result:
        """A fitted family's result."""
        asked = self.asked
        told = profiles(self.parted.train, self.parted.customer_ids)
        lists = [*best(family.score, asked, told, self.config.evaluation.k, self.config.seed)]
        owned = [*np.split(asked.products.astype(np.int64), asked.starts[1:-1])]
        found = list_quality(lists, owned, self.shelf)
        return Result(family.name, places(lists, self.owners, self.held_out), found, family.seconds)

    def fit_hybrid(self) -> tuple[Hybrid, float]:
        """The hybrid, and the seconds it took: with fits of its own, so that nothing of the families' is saved."""
        with timed("fitted hybrid") as figures:
            (hybrid,) = Fitter(self.data, self.config).hybrids(self.known)
        return hybrid, float(figures["seconds"])

    def of_hybrid(self, hybrid: Hybrid, seconds: float) -> Result:
        """The hybrid's result, by the engine and evaluation that the pipeline uses."""
        with tempfile.TemporaryDirectory() as folder:
            bundle = Path(folder) / "bundle"
            write_bundle(bundle, hybrid, self.data, self.config)
            evaluation = evaluate(bundle, self.parted, self.config)
        return Result(HYBRID, evaluation.ranks[RANK].to_numpy().astype(np.int64), evaluation.lists, seconds)
