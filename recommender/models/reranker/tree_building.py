"""From LightGBM's trees to ours."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import lightgbm as lgb
import numpy as np
from numpy.typing import NDArray

from recommender.models.reranker.trees import MOST_LEAVES, Trees

_Node = Mapping[str, Any]
_NOTHING: Final = np.float32(1e-35)
"""LightGBM takes every number as near to 0 as this for 0."""


@dataclass(frozen=True, order=True)
class _Test:
    """What an inner node asks: rows go left where the feature is at most the threshold.

    Attributes:
        unknown_left: Whether a row goes left where the feature is not known.
        feature: Its place among the features that some tree asks for.
    """

    unknown_left: bool
    feature: int
    threshold: float


def trees_of(model: lgb.Booster) -> tuple[tuple[str, ...], Trees]:
    """The names of the features that a model asks for, and its trees over these.

    The trees' scores are the model's for features in single precision.

    Raises:
        ValueError: A tree has tests of another kind, or more leaves than ``trees.MOST_LEAVES``.
    """
    roots: list[_Node] = [tree["tree_structure"] for tree in model.dump_model()["tree_info"]]
    asked = {node["split_feature"] for root in roots for node in _inner(root)}
    places = {feature: place for place, feature in enumerate(sorted(asked))}
    names = model.feature_name()
    return tuple(names[feature] for feature in places), _trees(roots, places)


def _inner(root: _Node) -> Iterator[_Node]:
    """The nodes at and below a node that have children."""
    if "split_feature" in root:
        yield root
        yield from _inner(root["left_child"])
        yield from _inner(root["right_child"])


def _leaves(root: _Node) -> list[_Node]:
    """The leaves at and below a node, left to right."""
    if "split_feature" not in root:
        return [root]
    return _leaves(root["left_child"]) + _leaves(root["right_child"])


def _test(node: _Node, places: Mapping[int, int]) -> _Test:
    if node["decision_type"] != "<=" or node["missing_type"] == "Zero":
        raise ValueError(f"A test is {node['decision_type']} with missing values as {node['missing_type']}.")
    threshold = node["threshold"]
    # Where no value was missing while it learnt, LightGBM takes a missing one for 0.
    unknown_left = bool(node["default_left"]) if node["missing_type"] == "NaN" else threshold >= 0
    return _Test(unknown_left, places[node["split_feature"]], float(_at_most(threshold)))


def _at_most(threshold: float) -> np.float32:
    """The largest single-precision number that is at most ``threshold``: it parts the same single-precision values."""
    # Compared as doubles: beside a single, Python's number would be rounded to one.
    if abs(threshold) <= float(_NOTHING):
        return _NOTHING if threshold >= 0 else np.nextafter(-_NOTHING, np.float32(-np.inf))
    with np.errstate(over="ignore"):
        nearest = np.float32(threshold)
    return nearest if float(nearest) <= threshold else np.nextafter(nearest, np.float32(-np.inf))


def _trees(roots: list[_Node], places: Mapping[int, int]) -> Trees:
    """The trees with their nodes numbered level by level."""
    tests = sorted({_test(node, places) for root in roots for node in _inner(root)})
    number_of = {test: number for number, test in enumerate(tests)}
    levels, nodes, asked = [0], list[int](), list[int]()
    numbers: dict[int, int] = {}
    level = list(enumerate(roots))
    while level:
        numbers |= {id(node): number for number, node in level}
        inner = [(number, node) for number, node in level if "split_feature" in node]
        nodes += [number for number, _ in inner]
        asked += [number_of[_test(node, places)] for _, node in inner]
        levels += [len(nodes)] if inner else []
        children = [node[child] for child in ("left_child", "right_child") for _, node in inner]
        level = list(enumerate(children, len(numbers)))
    ends, values = _ends([_leaves(root) for root in roots], numbers)
    return Trees(
        features=np.array([test.feature for test in tests], np.int32),
        thresholds=np.array([test.threshold for test in tests], np.float32),
        failing=np.array([sum(not test.unknown_left for test in tests)], np.int64),
        levels=np.array(levels, np.int64),
        nodes=np.array(nodes, np.int32),
        tests=np.array(asked, np.int32),
        ends=ends,
        leaves=values,
    )


def _ends(leaves: list[list[_Node]], numbers: Mapping[int, int]) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """The numbers of each tree's leaves and their values, filled up to a power of two of leaves."""
    most = max(map(len, leaves), default=1)
    if most > MOST_LEAVES:
        raise ValueError(f"A tree has {most} leaves, more than {MOST_LEAVES}.")
    size = max(2, 1 << (most - 1).bit_length())
    ends = np.full((size, len(leaves)), len(numbers), np.int32)
    values = np.zeros((len(leaves), size))
    for tree, own in enumerate(leaves):
        ends[: len(own), tree] = [numbers[id(leaf)] for leaf in own]
        values[tree, : len(own)] = [leaf["leaf_value"] for leaf in own]
    return ends, values
