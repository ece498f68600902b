"""What is held out to judge a model by: several ways, of which ``evaluation.split`` chooses one."""

from recommender.evaluation.split.choice import folds, split
from recommender.evaluation.split.parts import Split

__all__ = ["Split", "folds", "split"]
