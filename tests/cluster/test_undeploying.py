"""The last one: what the platform brought goes with it."""

import json
import subprocess

from deployment.platform import undeploy
from tests.support.cluster import OVERLAY


def test_deleting_leaves_nothing(platform):
    undeploy(OVERLAY, lambda _: None)

    left = subprocess.run(["kubectl", "get", "namespace", platform.namespace], capture_output=True, text=True)
    volumes = json.loads(subprocess.run(["kubectl", "get", "pv", "-o", "json"], capture_output=True, text=True).stdout)
    assert "NotFound" in left.stderr
    assert not [pv for pv in volumes["items"] if pv["spec"].get("claimRef", {}).get("namespace") == platform.namespace]
