"""From LightGBM's trees to tables."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import lightgbm as lgb
import numpy as np
from numpy.typing import NDArray

from recommender.models.trees import MOST_LEAVES, Trees

_Node = Mapping[str, Any]
_NOTHING: Final = np.float32(1e-35)
"""LightGBM takes every number as near to 0 as this for 0."""


@dataclass(frozen=True)
class _Test:
    """One inner node: rows go left where the feature is at most the threshold.

    Attributes:
        left: The leaves on its left, as bits.
        nan_left: Whether a row goes left where the feature is not known.
    """

    tree: int
    feature: str
    threshold: np.float32
    left: int
    nan_left: bool


def trees_of(model: lgb.Booster) -> tuple[tuple[str, ...], Trees]:
    """The names of the features that a model asks for, and its trees over these.

    The trees' scores are the model's for features in single precision.

    Raises:
        ValueError: A tree has tests of another kind, or more leaves than ``trees.MOST_LEAVES``.
    """
    tests: list[_Test] = []
    leaves: list[list[float]] = []
    features = model.feature_name()
    for number, tree in enumerate(model.dump_model()["tree_info"]):
        leaves.append([])
        tests += _tests(tree["tree_structure"], number, features, leaves[-1])
    asked = {test.feature for test in tests}
    names = tuple(name for name in features if name in asked)
    of_features = [[test for test in tests if test.feature == name] for name in names]
    return names, Trees(*_tables(of_features, trees=len(leaves), leaves=_most(leaves)), _filled_up(leaves))


def _tests(node: _Node, tree: int, features: list[str], leaves: list[float]) -> Iterator[_Test]:
    """The tests at and below a node; the values of its leaves are added to ``leaves``, left to right."""
    if "split_feature" not in node:
        leaves.append(node["leaf_value"])
        return
    if node["decision_type"] != "<=" or node["missing_type"] == "Zero":
        raise ValueError(f"A test is {node['decision_type']} with missing values as {node['missing_type']}.")
    first = len(leaves)
    yield from _tests(node["left_child"], tree, features, leaves)
    left = (1 << len(leaves)) - (1 << first)
    threshold = node["threshold"]
    # Where no value was missing while it learnt, LightGBM takes a missing one for 0.
    nan_left = bool(node["default_left"]) if node["missing_type"] == "NaN" else threshold >= 0
    yield _Test(tree, features[node["split_feature"]], _at_most(threshold), left, nan_left)
    yield from _tests(node["right_child"], tree, features, leaves)


def _at_most(threshold: float) -> np.float32:
    """The largest single-precision number that is at most ``threshold``: it parts the same single-precision values."""
    # Compared as doubles: beside a single, Python's number would be rounded to one.
    if abs(threshold) <= float(_NOTHING):
        return _NOTHING if threshold >= 0 else np.nextafter(-_NOTHING, np.float32(-np.inf))
    with np.errstate(over="ignore"):
        nearest = np.float32(threshold)
    return nearest if float(nearest) <= threshold else np.nextafter(nearest, np.float32(-np.inf))


def _tables(features: list[list[_Test]], trees: int, leaves: int) -> tuple[NDArray[np.float32], NDArray[Any]]:
    """Thresholds and what they leave possible, from each feature's tests."""
    own = [np.unique([test.threshold for test in tests]).astype(np.float32) for tests in features]
    # Beside a place before each threshold, one after them all and one for what is not known.
    places = 1 << (max(map(len, own), default=0) + 1).bit_length()
    kind = np.uint32 if leaves <= 32 else np.uint64
    thresholds = np.full((len(own), places), np.inf, np.float32)
    possible = np.full((len(own), places, trees), np.iinfo(kind).max, kind)
    for table, row, found, tests in zip(possible, thresholds, own, features, strict=True):
        row[: len(found)] = found
        for test in tests:
            without = kind(np.iinfo(kind).max ^ test.left)
            table[np.searchsorted(found, test.threshold) + 1 : -1, test.tree] &= without
            if not test.nan_left:
                table[-1, test.tree] &= without
    return thresholds, possible


def _most(leaves: list[list[float]]) -> int:
    most = max(map(len, leaves), default=1)
    if most > MOST_LEAVES:
        raise ValueError(f"A tree has {most} leaves, more than {MOST_LEAVES}.")
    return most


def _filled_up(leaves: list[list[float]]) -> NDArray[np.float64]:
    """The leaves' values, float64[trees, leaves], 0 where a tree has fewer."""
    values = np.zeros((len(leaves), _most(leaves)))
    for row, found in zip(values, leaves, strict=True):
        row[: len(found)] = found
    return values
