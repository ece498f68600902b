"""The Kubeflow Pipelines at ``KFP_ENDPOINT``; without one, what needs it is skipped.

The namespace in which it runs steps needs what docs/operations/kubeflow.md says: the claims ``workspace`` and
``models``, and the pipeline image where nodes find it. The shop is a very small one of its own; what is left are its
runs, to look at.
"""

import os

import pytest

from deployment.kubeflow.submission import PipelineUploads
from settings.config import Config

SHOP = "name: kfp-test\nsynthetic: {seed: 1, customers: 250, products: 120, days: 200, end: 2025-06-30}\n"
SETTINGS = {
    "model": {"ranker": {"trees": 5}},
    # The trigger fires for the age of whatever champion there is.
    "monitoring": {
        "trigger": {"maximum_age_days": 0.00001, "cooldown_hours": 0, "weekly_budget": 1000},
        "retraining": {"poll_seconds": 5},
    },
}


@pytest.fixture(scope="session")
def endpoint():
    address = os.environ.get("KFP_ENDPOINT")
    if not address:
        pytest.skip("there is no Kubeflow Pipelines: make test-kfp KFP_ENDPOINT=http://localhost:8888")
    return address


@pytest.fixture(scope="session")
def uploads(endpoint):  # noqa: ARG001 - there is one only with an endpoint
    return PipelineUploads()


@pytest.fixture(scope="session")
def config():
    return Config.parse(SETTINGS, where="tests/kfp")


@pytest.fixture(scope="session")
def shop(tmp_path_factory):
    file = tmp_path_factory.mktemp("shop") / "kfp-test.yaml"
    file.write_text(SHOP)
    return file
