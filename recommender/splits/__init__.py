"""What is held out to judge a model by: several ways, of which ``evaluation.split`` chooses one."""

from recommender.splits.choice import folds, split
from recommender.splits.parts import Split

__all__ = ["Split", "folds", "split"]
