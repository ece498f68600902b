"""Every object that kustomize builds is one that the API server would take: Kubernetes' schemas and those of the CRDs.

The schemas in ``schemas/`` are a real API server's (``make schemas``), so nothing is asked of a network here.
"""

import json
from copy import deepcopy

import jsonschema_rs
import pytest

from tests.k8s.fetch_schemas import schema_file
from tests.support.manifests import one


def problems(manifest):
    """What the API server would say against the manifest."""
    file = schema_file(manifest["apiVersion"], manifest["kind"])
    assert file.is_file(), f"there is no schema of {manifest['kind']}: make schemas KUBECONFIG=..."
    schema = json.loads(file.read_text())
    validator = jsonschema_rs.Draft7Validator(schema)
    return [
        f"{'.'.join(str(key) for key in error.instance_path)}: {error}" for error in validator.iter_errors(manifest)
    ]


def test_the_api_server_would_take_every_object(manifests):
    assert {f"{m['kind']} {m['metadata']['name']}": problems(m) for m in manifests if problems(m)} == {}


@pytest.mark.parametrize(
    ("kind", "name", "path", "key", "value"),
    [
        ("InferenceService", "recommender", ("spec", "predictor"), "minReplica", 2),
        ("InferenceService", "recommender", ("spec", "predictor", "model"), "storageUri", 3),
        ("ServingRuntime", "recommender", ("spec", "containers", 0, "readinessProbe"), "httpPath", "/"),
        ("Deployment", "collector", ("spec",), "replicas", "one"),
        ("CronJob", "monitoring", ("spec",), "concurrencyPolicy", None),
        ("PodDisruptionBudget", "collector", ("spec",), "maxUnavailable", {}),
        ("NetworkPolicy", "default-deny", ("spec",), "podSelectors", {}),
        ("ConfigMap", "settings", ("data",), "PORT", 3000),
    ],
)
def test_a_misspelt_key_or_a_value_of_another_type_is_seen(manifests, kind, name, path, key, value):
    manifest = deepcopy(one(manifests, kind, name))
    inner = manifest
    for step in path:
        inner = inner[step]

    inner[key] = value

    assert any(key in problem for problem in problems(manifest))
