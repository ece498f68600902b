import pytest

from tests.support.manifests import BUILDS, K8S, build


@pytest.fixture(params=BUILDS, scope="session")
def manifests(request):
    return build(K8S / request.param)
