"""The quality benchmark: every model alone and the hybrid, on the same held-out purchases."""

from benchmarks.quality.diversity import benchmark_diversity
from benchmarks.quality.run import benchmark_quality

__all__ = ["benchmark_diversity", "benchmark_quality"]
