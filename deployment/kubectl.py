"""kubectl, the one client that applies manifests; it takes the cluster from KUBECONFIG, as people do."""

import json
import re
import shutil
import subprocess
from collections.abc import Mapping
from typing import Any, Final

from deployment.errors import DeploymentError, UnavailableError

Manifest = Mapping[str, Any]
"""One object, as it is read from YAML."""

PLATFORM: Final = "recommender-platform"
"""Field manager of what the manifests say; the deploy step has one of its own."""

#: How kubectl reports that the API does not answer, or cannot now; a certificate that is not trusted never will be.
_UNAVAILABLE: Final = re.compile(
    r"^(The connection to the server .* was refused"
    r"|Unable to connect to the server: (?!.*x509)"
    r"|Error from server \((InternalError|ServerTimeout|ServiceUnavailable|Timeout|TooManyRequests)\)"
    r"|error: .*(connection refused|connection reset by peer|client connection lost|unexpected EOF|i/o timeout))",
    re.MULTILINE,
)


class KubectlError(DeploymentError):
    """kubectl refused; the message is its own."""


class KubectlUnavailableError(KubectlError, UnavailableError):
    """kubectl could not reach the API, or the API could not answer; it may soon."""


def kubectl(*arguments: str, stdin: str | None = None) -> str:
    """The output of ``kubectl`` with these arguments.

    Raises:
        KubectlError: It ended with an error, a ``KubectlUnavailableError`` where the API does not answer now.
        DeploymentError: There is no kubectl.
    """
    program = shutil.which("kubectl")
    if program is None:
        raise DeploymentError("kubectl is not installed.", expected="https://kubernetes.io/docs/tasks/tools/")
    command = [program, *arguments]
    completed = subprocess.run(command, input=stdin, capture_output=True, text=True, check=False)  # noqa: S603
    if completed.returncode:
        kind = KubectlUnavailableError if _UNAVAILABLE.search(completed.stderr) else KubectlError
        raise kind(completed.stderr.strip(), where=f"kubectl {' '.join(arguments)}")
    return completed.stdout


def get(kind: str, name: str, namespace: str) -> dict[str, Any] | None:
    """The object, or None where there is no such one."""
    text = kubectl("get", kind, name, "--namespace", namespace, "--ignore-not-found", "--output", "json")
    return json.loads(text) if text.strip() else None


def apply(manifest: Manifest) -> None:
    """Create one object, or bring it to what ``manifest`` says."""
    kubectl("apply", "--server-side", "--field-manager", PLATFORM, "--filename", "-", stdin=json.dumps(manifest))
