"""With GitOps a Bento gets into the store and into the working tree, and the cluster is not touched."""

import pytest
import yaml

from components.release import rollout
from components.release.rollout import roll_out_bento
from deployment.target import DeploymentTarget
from infrastructure.workspace import Workspace
from infrastructure.workspace.promotion import PromotionCandidate


@pytest.fixture
def roll_out(tmp_path, monkeypatch):
    """Rolls out a Bento of that version."""
    monkeypatch.setattr(rollout, "KServeInferenceService", None)
    (tmp_path / "tree").mkdir()
    target = DeploymentTarget(
        "recommender", "shop", "pvc://models", tmp_path / "models", tmp_path / "tree" / "model.yaml"
    )

    def run(version):
        bento = tmp_path / "bento"
        bento.mkdir(exist_ok=True)
        (bento / "bento.yaml").write_text(version)
        candidate = PromotionCandidate(version, tmp_path, tmp_path, bento, tmp_path, {})
        roll_out_bento(candidate, Workspace(tmp_path / "tiny"), target, None, None)

    return run


def test_the_store_holds_what_the_working_tree_says_and_what_it_said_before(roll_out, tmp_path):
    for version in ("v1", "v2", "v3"):
        roll_out(version)

    said = yaml.safe_load((tmp_path / "tree" / "model.yaml").read_text())["spec"]["predictor"]["model"]
    assert said["storageUri"] == "pvc://models/tiny/v3"
    held = {place.name: (place / "bento.yaml").read_text() for place in (tmp_path / "models" / "tiny").iterdir()}
    assert held == {"v2": "v2", "v3": "v3"}
