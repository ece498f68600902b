"""The platform in the cluster that KUBECONFIG names: in a namespace of its own, deleted at the end."""

import os
import shutil
from pathlib import Path

import pytest

from tests.support.cluster import HERE, OVERLAY, Platform, state_of


def pytest_collection_modifyitems(items):
    reason = None
    # Two variables: nobody's own cluster is touched because a KUBECONFIG happens to be set.
    if not (os.environ.get("KUBECONFIG") and os.environ.get("TEST_CLUSTER")):
        reason = "no cluster was named: make test-cluster KUBECONFIG=..."
    elif not shutil.which("kubectl"):
        reason = "kubectl is not installed"
    for item in items:
        if HERE in Path(item.fspath).parents:
            item.add_marker(pytest.mark.cluster)
            item.add_marker(pytest.mark.timeout(1800))
            if reason:
                item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="session")
def platform():
    from deployment.manifests import build_manifests, namespace_of
    from deployment.platform import deploy, undeploy

    namespace, said = namespace_of(build_manifests(OVERLAY)), []
    made = Platform(namespace, said)
    try:
        deploy(OVERLAY, said.append)
    except BaseException:
        print("\n".join(said), state_of(made), sep="\n")
        undeploy(OVERLAY, said.append)
        raise
    yield made
    undeploy(OVERLAY, said.append)


@pytest.fixture(autouse=True)
def dump_on_failure(request):
    """After a failed test: events, pods and their last words."""
    failed_before = request.session.testsfailed
    yield
    if request.session.testsfailed > failed_before and "platform" in request.fixturenames:
        print(state_of(request.getfixturevalue("platform")))
