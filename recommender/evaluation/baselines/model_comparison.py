"""One split on which every model is fitted and tested in the same way."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from infrastructure.progress import timed
from recommender.config import RecommenderConfig
from recommender.contract import columns as c
from recommender.evaluation import metrics
from recommender.evaluation.baselines.single_models import (
    SingleModel,
    best_products,
    fit_models_for,
)
from recommender.evaluation.bundle_evaluation import owners
from recommender.evaluation.list_quality import CatalogueStatistics, list_quality
from recommender.models.histories import Histories
from recommender.models.hybrid_fitting import HybridFitter
from recommender.models.model_data import ModelData, model_data, profiles
from recommender.models.products.families import Families
from recommender.splits import Split
from recommender.splits.leaks import check_histories


@dataclass(frozen=True)
class ModelResult:
    """One model's places of the held-out products.

    Attributes:
        name: The model's.
        ranks: int64[held out]; place of each held-out product in its customer's list, from 0.
        lists: What the lists are like, by name.
        seconds: What fitting took.
        settings: What was chosen for it on validation, in words.
    """

    name: str
    ranks: NDArray[np.int64]
    lists: Mapping[str, float]
    seconds: float
    settings: str = ""


@dataclass(frozen=True)
class ModelComparison:
    """What all models share: the data, the held-out purchases, the parameters."""

    split: Split
    config: RecommenderConfig

    @cached_property
    def data(self) -> ModelData:
        """What models may learn from; its histories hold nothing that is held out."""
        data = model_data(self.split.train, self.config.seed)
        check_histories(data, data.histories, self.split.test)
        return data

    @property
    def known(self) -> Histories:
        """What models may learn from, as sequences."""
        return self.data.histories

    @cached_property
    def test(self) -> pd.DataFrame:
        """What models are judged by: the split's held-out products of families that are new to their customers."""
        return self.split.test[self.split.judged].reset_index(drop=True)

    @cached_property
    def customer_ids(self) -> list[str]:
        """The tested customers, each once, in the order of ``test``."""
        return self.test[c.CUSTOMER_ID].unique().tolist()

    @cached_property
    def owners(self) -> NDArray[np.int64]:
        """The customer of each held-out product: int64[held out], positions in ``customer_ids``."""
        return owners(self.test)

    @cached_property
    def held_out(self) -> NDArray[np.int64]:
        """The held-out products' positions in the catalogue, int64[held out]."""
        return self.data.catalogue.positions(self.test[c.PRODUCT_ID])

    @cached_property
    def tested_histories(self) -> Histories:
        """The known history of each tested customer; empty for a customer who is held out entirely."""
        index = {customer_id: i for i, customer_id in enumerate(self.data.customer_ids)}
        known = self.known
        with_nobody = replace(known, starts=np.append(known.starts, known.starts[-1]))
        rows = [index.get(customer_id, len(known)) for customer_id in self.customer_ids]
        return with_nobody.select(np.array(rows, np.int64))

    @cached_property
    def statistics(self) -> CatalogueStatistics:
        """What lists are compared with."""
        return CatalogueStatistics.from_catalogue(self.data.catalogue, self.known.counts, len(self.known))

    def evaluate_models(self, only: Collection[str] | None = None) -> Iterator[ModelResult]:
        """Each single model's result, or that of ``only`` the named.

        Customers without history are tested only with the models that can answer them.
        """
        fitter = HybridFitter(self.data, self.config)
        for model in fit_models_for(self.tested_histories, fitter, self.known, only):
            with timed(f"ranked by {model.name}") as figures:
                result = self.evaluate_model(model)
                found = metrics.hit_rate(result.ranks, self.config.evaluation.k, self.owners)
                figures["hr"] = round(float(found.mean()), 4)
            yield result

    def evaluate_model(self, model: SingleModel) -> ModelResult:
        """A fitted model's result."""
        histories = self.tested_histories
        known_profiles = profiles(self.split.train, self.customer_ids)
        families, k = self.data.catalogue.families, self.config.evaluation.k
        lists = [*best_products(model.score, histories, known_profiles, k, self.config.seed, families)]
        owned = [*np.split(histories.products.astype(np.int64), histories.starts[1:-1])]
        found = list_quality(lists, owned, self.statistics)
        return ModelResult(model.name, self.places(lists), found, model.seconds, model.settings)

    def places(self, lists: Sequence[NDArray[np.int64]]) -> NDArray[np.int64]:
        """Place of the first variant of each held-out product in its owner's list, from 0: int64[held out]."""
        return variant_places(lists, self.owners, self.held_out, self.data.catalogue.families)


def variant_places(
    lists: Sequence[NDArray[np.int64]], owners: NDArray[np.int64], held_out: NDArray[np.int64], families: Families
) -> NDArray[np.int64]:
    """As :func:`places`, of the first variant of each held-out product."""
    return places([families.codes[one] for one in lists], owners, families.codes[held_out])


def places(
    lists: Sequence[NDArray[np.int64]], owners: NDArray[np.int64], held_out: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Place of each held-out product in its owner's list, from 0; ``MISSED`` where it is not there."""
    found = (np.flatnonzero(lists[owner] == product) for owner, product in zip(owners, held_out, strict=True))
    return np.array([place[0] if len(place) else metrics.MISSED for place in found], np.int64)
