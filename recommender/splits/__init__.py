"""What is held out to evaluate a model: several ways, of which ``evaluation.split`` chooses one."""

from recommender.splits.held_out import Split
from recommender.splits.strategies import folds, split

__all__ = ["Split", "folds", "split"]
