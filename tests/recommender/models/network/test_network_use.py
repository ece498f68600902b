"""When a network is fitted, and that what a bundle keeps of it answers the same."""

import numpy as np
import pytest

from recommender.contract.query import Profile
from recommender.models.bundle import Bundle
from recommender.models.hybrid_bundle import read_hybrid
from recommender.models.hybrid_fitting import HybridFitter
from recommender.models.model_data import model_data
from settings.config import Config


def fitted(tables, config, **network):
    changed = config.model_dump(mode="json")
    changed["model"]["network"] |= network
    config = Config.parse(changed, where="test")
    data = model_data(tables, config.seed)
    # As a run does: how deep the levels go says where the networks begin.
    return HybridFitter(data, config).fit_hybrids(data.histories, deeper=2)[0]


def described(hybrid, histories):
    """What the re-ranker is told of the customers' candidates."""
    profiles, everything = [Profile()] * len(histories), np.ones(histories.product_count, np.bool_)
    candidates, found_by = hybrid.generator.candidates(histories, profiles, [everything] * len(histories))
    return hybrid.generator.features(histories, profiles, candidates, found_by)


def test_it_joins_the_model_and_its_bundle(tables, config, model):
    histories = model_data(tables, config.seed).histories
    histories = histories.select(np.flatnonzero(histories.lengths > 0)[:20])
    hybrid = read_hybrid(Bundle.open(model))[0]
    again = fitted(tables, config)
    np.testing.assert_array_equal(hybrid.generator.network.scores(histories), again.generator.network.scores(histories))
    told = {"network", "network_rank", "network_gap", "near_max", "near_last", "near_mean"}
    assert told <= {*described(hybrid, histories).names}
    assert {"network", "network_gap"} <= {*hybrid.ranker.names}


@pytest.mark.parametrize("network", [{"enabled": False}, {"least_pairs": 10**9}])
def test_it_is_left_out_where_it_is_not_wanted_or_has_too_little_to_learn_from(tables, config, network):
    hybrid = fitted(tables, config, **network)
    assert hybrid.generator.network is None
    assert not [name for name in hybrid.ranker.names if name.startswith(("network", "near_"))]
