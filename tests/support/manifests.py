"""What kustomize makes of an overlay, and how to find things in it."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.paths import ROOT

K8S = ROOT / "k8s"
BUILDS = ["base", *(f"overlays/{folder.name}" for folder in sorted((K8S / "overlays").iterdir()))]


def build(folder: Path) -> list[dict[str, Any]]:
    if shutil.which("kustomize"):
        command = ["kustomize", "build"]
    elif shutil.which("kubectl"):
        command = ["kubectl", "kustomize"]
    else:
        pytest.skip("neither kustomize nor kubectl is installed")
    built = subprocess.run([*command, str(folder)], capture_output=True, text=True)
    assert built.returncode == 0, built.stderr
    return [manifest for manifest in yaml.safe_load_all(built.stdout) if manifest]


def one(manifests, kind, name=None):
    (found,) = [m for m in manifests if m["kind"] == kind and name in (None, m["metadata"]["name"])]
    return found


def pods(manifests):
    """Name → pod spec of everything that runs pods; KServe's is put together as KServe does."""
    found = {}
    for manifest in manifests:
        name, spec = manifest["metadata"]["name"], manifest.get("spec", {})
        if manifest["kind"] in ("Deployment", "StatefulSet"):
            found[name] = spec["template"]["spec"]
        elif manifest["kind"] == "CronJob":
            found[name] = spec["jobTemplate"]["spec"]["template"]["spec"]
        elif manifest["kind"] == "InferenceService":
            runtime = one(manifests, "ServingRuntime", spec["predictor"]["model"]["runtime"])["spec"]
            found[name] = {**spec["predictor"], "containers": runtime["containers"], "volumes": runtime["volumes"]}
    return found
