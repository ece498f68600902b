"""With GitOps the model is written down, and the cluster is brought to it by others."""

import shutil
import subprocess

import pytest
import yaml

from deployment.errors import DeploymentError
from deployment.gitops import write_model
from tests.support.manifests import K8S, build, one


def test_the_file_says_what_is_to_be_served_and_what_was_before(tmp_path):
    file = tmp_path / "model.yaml"

    assert write_model(file, "recommender", "pvc://models/shop/v1") is None
    assert write_model(file, "recommender", "pvc://models/shop/v2") == "pvc://models/shop/v1"

    said = yaml.safe_load(file.read_text())
    assert (said["kind"], said["metadata"]) == ("InferenceService", {"name": "recommender"})
    assert said["spec"] == {"predictor": {"model": {"storageUri": "pvc://models/shop/v2"}}}


def test_written_again_the_working_tree_is_unchanged(tmp_path):
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)
    write_model(tmp_path / "model.yaml", "recommender", "pvc://models/shop/v1")
    subprocess.run(["git", "-C", tmp_path, "add", "model.yaml"], check=True)

    write_model(tmp_path / "model.yaml", "recommender", "pvc://models/shop/v1")

    changed = subprocess.run(["git", "-C", tmp_path, "diff", "--name-only"], check=True, capture_output=True, text=True)
    assert changed.stdout == ""


@pytest.mark.parametrize("text", ["replicas: 3\n", "[]", ": :", "kind: InferenceService\nspec: {predictor: {}}\n"])
def test_somebody_elses_file_is_not_overwritten(tmp_path, text):
    file = tmp_path / "model.yaml"
    file.write_text(text)

    with pytest.raises(DeploymentError, match="not written by a deployment"):
        write_model(file, "recommender", "pvc://models/shop/v1")

    assert file.read_text() == text


def test_a_file_of_another_service_is_not_overwritten(tmp_path):
    write_model(tmp_path / "model.yaml", "another", "pvc://models/shop/v1")

    with pytest.raises(DeploymentError, match="recommender"):
        write_model(tmp_path / "model.yaml", "recommender", "pvc://models/shop/v1")


def test_a_tree_that_is_not_there_is_told(tmp_path):
    with pytest.raises(DeploymentError, match="no working tree"):
        write_model(tmp_path / "gone" / "model.yaml", "recommender", "pvc://models/shop/v1")


def test_an_overlay_with_the_file_as_a_patch_serves_the_model(tmp_path):
    for folder in ("k8s", "sources", "configs"):
        shutil.copytree(K8S.parent / folder, tmp_path / folder)
    overlay = tmp_path / "k8s" / "overlays" / "local"
    kustomization = yaml.safe_load((overlay / "kustomization.yaml").read_text())
    kustomization["patches"].append({"path": "model.yaml"})
    (overlay / "kustomization.yaml").write_text(yaml.safe_dump(kustomization))

    write_model(overlay / "model.yaml", "recommender", "pvc://models/shop/v1")

    model = one(build(overlay), "InferenceService")["spec"]["predictor"]["model"]
    assert model["storageUri"] == "pvc://models/shop/v1"
    assert model["runtime"] == "recommender"
