"""kubectl, the one client that applies manifests; it takes the cluster from KUBECONFIG, as people do."""

import json
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import yaml

from deployment.errors import ApiAwayError, DeploymentError

Manifest = Mapping[str, Any]
"""One object, as it is read from YAML."""

PLATFORM: Final = "recommender-platform"
"""Field manager of what the manifests say; the deploy step has one of its own."""


#: How kubectl says that the API does not answer, or cannot now; a certificate that is not trusted never will be.
_AWAY: Final = re.compile(
    r"^(The connection to the server .* was refused"
    r"|Unable to connect to the server: (?!.*x509)"
    r"|Error from server \((InternalError|ServerTimeout|ServiceUnavailable|Timeout|TooManyRequests)\)"
    r"|error: .*(connection refused|connection reset by peer|client connection lost|unexpected EOF|i/o timeout))",
    re.MULTILINE,
)


class KubectlError(DeploymentError):
    """kubectl refused; the message is its own."""


class KubectlAwayError(KubectlError, ApiAwayError):
    """kubectl could not ask the API now."""


def kubectl(*arguments: str, stdin: str | None = None) -> str:
    """What ``kubectl`` with these arguments prints.

    Raises:
        KubectlError: It ended with an error; a ``KubectlAwayError`` where the API does not answer now.
        DeploymentError: There is no kubectl.
    """
    program = shutil.which("kubectl")
    if program is None:
        raise DeploymentError("kubectl is not installed.", expected="https://kubernetes.io/docs/tasks/tools/")
    command = [program, *arguments]
    done = subprocess.run(command, input=stdin, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        kind = KubectlAwayError if _AWAY.search(done.stderr) else KubectlError
        raise kind(done.stderr.strip(), where=f"kubectl {' '.join(arguments)}")
    return done.stdout


def manifests(overlay: Path) -> list[Manifest]:
    """What the Kustomize overlay builds.

    Raises:
        KubectlError: It does not build.
    """
    return [manifest for manifest in yaml.safe_load_all(kubectl("kustomize", str(overlay))) if manifest]


def get(kind: str, name: str, namespace: str) -> dict[str, Any] | None:
    """The object, or None where there is no such one."""
    text = kubectl("get", kind, name, "--namespace", namespace, "--ignore-not-found", "--output", "json")
    return json.loads(text) if text.strip() else None


def apply(manifest: Manifest) -> None:
    """Create one object, or bring it to what ``manifest`` says."""
    kubectl("apply", "--server-side", "--field-manager", PLATFORM, "--filename", "-", stdin=json.dumps(manifest))
