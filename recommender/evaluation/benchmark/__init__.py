"""The quality benchmark: every model family alone and the hybrid, on the same held-out purchases."""

from recommender.evaluation.benchmark.diversity import benchmark_diversity
from recommender.evaluation.benchmark.run import benchmark

__all__ = ["benchmark", "benchmark_diversity"]
