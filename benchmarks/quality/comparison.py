"""A comparison of models on one split as the benchmark makes it: the hybrid too, and the split in words."""

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from infrastructure.progress import timed
from recommender.config.evaluation import EvaluationSettings
from recommender.contract import columns as c
from recommender.evaluation.baselines.model_comparison import ModelComparison, ModelResult
from recommender.evaluation.bundle_evaluation import RANK, evaluate_bundle
from recommender.models.hybrid import Hybrid
from recommender.models.hybrid_fitting import HybridFitter
from recommender.splits.held_out import SAME_DAY
from recommender.training.bundles import write_bundle

HYBRID: Final = "hybrid"


@dataclass(frozen=True)
class BenchmarkComparison(ModelComparison):
    """All models on one split, the hybrid among them."""

    @property
    def dated(self) -> bool:
        """Whether the order of purchases is known."""
        return bool(self.test[c.TIME].notna().any())

    @property
    def drawn(self) -> bool:
        """Whether the seed draws what is held out."""
        return self.split.kind in ("random", "customers") or (self.split.kind == "last" and not self.dated)

    @property
    def least(self) -> int | None:
        """The fewest products of a tested customer, if other than the default; whole customers are tested with any."""
        least = self.config.evaluation.minimum_history
        default = EvaluationSettings().minimum_history
        return least if least != default and self.split.kind != "customers" else None

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
        }[self.split.kind]

    @property
    def _day(self) -> str:
        return "" if self.split.date is None else f"{self.split.date:%Y-%m-%d}"

    @property
    def _new(self) -> str:
        most = self.config.evaluation.targets
        return "each customer's first new product" if most == 1 else f"each customer's first {most} new products"

    @property
    def slices(self) -> dict[str, NDArray[np.bool_]]:
        """Held-out products by whether a known use was on their day; none where no product is on such a day."""
        same_day = self.test[SAME_DAY].to_numpy().astype(np.bool_)
        return {"same day": same_day, "later day": ~same_day} if same_day.any() else {}

    def fit_hybrid(self) -> tuple[Hybrid, float]:
        """The hybrid, and the seconds it took: fitted anew, so that the time includes its single models."""
        with timed("fitted hybrid") as figures:
            (hybrid,) = HybridFitter(self.data, self.config).fit_hybrids(self.known)
        return hybrid, float(figures["seconds"])

    def evaluate_hybrid(self, hybrid: Hybrid, seconds: float) -> ModelResult:
        """The hybrid's result, by the engine and evaluation that the pipeline uses."""
        with tempfile.TemporaryDirectory() as folder:
            bundle = Path(folder) / "bundle"
            write_bundle(bundle, hybrid, self.data, self.config)
            evaluation = evaluate_bundle(bundle, self.split, self.config)
        return ModelResult(HYBRID, evaluation.judged[RANK].to_numpy().astype(np.int64), evaluation.lists, seconds)
