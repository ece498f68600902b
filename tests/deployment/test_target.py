from pathlib import Path

import pytest

from deployment.errors import DeploymentError
from deployment.target import DeploymentTarget

COMPLETE = {
    "INFERENCE_SERVICE": "recommender",
    "POD_NAMESPACE": "shop",
    "MODEL_STORE": "pvc://models",
    "MODEL_FOLDER": "/app/models",
}


def test_on_a_laptop_there_is_none():
    assert DeploymentTarget.from_environment({}) is None


def test_a_cluster_names_it():
    assert DeploymentTarget.from_environment(COMPLETE) == DeploymentTarget(
        "recommender", "shop", "pvc://models", Path("/app/models")
    )


@pytest.mark.parametrize("missing", ["POD_NAMESPACE", "MODEL_STORE", "MODEL_FOLDER"])
def test_what_is_missing_is_named(missing):
    with pytest.raises(DeploymentError, match=missing):
        DeploymentTarget.from_environment({**COMPLETE, missing: ""})


def test_a_store_that_nothing_can_be_put_in_is_refused():
    with pytest.raises(DeploymentError, match="hdfs"):
        DeploymentTarget.from_environment({**COMPLETE, "MODEL_STORE": "hdfs://models"})


@pytest.mark.parametrize("store", ["pvc://models", "pvc://models/"])
def test_a_model_in_the_store_has_its_place_and_its_uri(store, tmp_path):
    target = DeploymentTarget.from_environment({**COMPLETE, "MODEL_STORE": store, "MODEL_FOLDER": str(tmp_path)})

    place = target.model_folder("shop", "v1")

    assert place == tmp_path / "shop" / "v1"
    assert target.uri(place) == "pvc://models/shop/v1"


def test_a_folder_outside_the_store_has_none():
    with pytest.raises(ValueError, match="not in the subpath"):
        DeploymentTarget.from_environment(COMPLETE).uri(Path("/elsewhere"))


def test_the_store_keeps_what_is_served_and_what_was_before(tmp_path):
    target = DeploymentTarget.from_environment({**COMPLETE, "MODEL_FOLDER": str(tmp_path)})
    for version in ("v1", "v2", "v3"):
        target.model_folder("shop", version).mkdir(parents=True)
    target.model_folder("other", "v1").mkdir(parents=True)

    target.keep_only("shop", "pvc://models/shop/v2", "pvc://models/shop/v3")

    assert sorted(path.name for path in (tmp_path / "shop").iterdir()) == ["v2", "v3"]
    assert target.model_folder("other", "v1").is_dir()


def test_the_inference_service_may_be_in_another_namespace_than_the_pod():
    assert DeploymentTarget.from_environment({**COMPLETE, "INFERENCE_NAMESPACE": "serving"}).namespace == "serving"


def test_a_file_of_a_working_tree_takes_the_place_of_the_api():
    assert DeploymentTarget.from_environment(COMPLETE).gitops is None
    assert DeploymentTarget.from_environment({**COMPLETE, "GITOPS_FILE": "/tree/model.yaml"}).gitops == Path(
        "/tree/model.yaml"
    )
