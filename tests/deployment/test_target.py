from pathlib import Path

import pytest

from deployment.errors import DeploymentError
from deployment.target import Target

COMPLETE = {"INFERENCE_SERVICE": "recommender", "POD_NAMESPACE": "shop", "MODEL_STORE": "pvc://workspace"}


def test_on_a_laptop_there_is_none():
    assert Target.read({}) is None


def test_a_cluster_names_it():
    assert Target.read(COMPLETE) == Target("recommender", "shop", "pvc://workspace")


@pytest.mark.parametrize("missing", ["POD_NAMESPACE", "MODEL_STORE"])
def test_what_is_missing_is_named(missing):
    with pytest.raises(DeploymentError, match=missing):
        Target.read({**COMPLETE, missing: ""})


def test_a_store_that_nothing_can_be_put_in_is_refused():
    with pytest.raises(DeploymentError, match="hdfs"):
        Target.read({**COMPLETE, "MODEL_STORE": "hdfs://models"})


@pytest.mark.parametrize("store", ["pvc://workspace", "pvc://workspace/"])
def test_a_bento_in_a_workspace_has_its_uri(store, tmp_path):
    target = Target.read({**COMPLETE, "MODEL_STORE": store})

    assert target.uri(tmp_path / "shop" / "bentos" / "v1", tmp_path) == "pvc://workspace/shop/bentos/v1"


def test_a_folder_outside_the_volume_has_none(tmp_path):
    with pytest.raises(ValueError, match="not in the subpath"):
        Target.read(COMPLETE).uri(Path("/elsewhere"), tmp_path)


def test_the_inference_service_may_be_in_another_namespace_than_the_pod():
    assert Target.read({**COMPLETE, "INFERENCE_NAMESPACE": "serving"}).namespace == "serving"
