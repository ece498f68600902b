"""Where a trained model is deployed to: environment variables, which a cluster sets and a laptop does not."""

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from deployment.errors import DeploymentError

INFERENCE_SERVICE: Final = "INFERENCE_SERVICE"
MODEL_STORE: Final = "MODEL_STORE"
MODEL_FOLDER: Final = "MODEL_FOLDER"
NAMESPACE: Final = "INFERENCE_NAMESPACE"
OWN_NAMESPACE: Final = "POD_NAMESPACE"
GITOPS_FILE: Final = "GITOPS_FILE"
VOLUME: Final = "pvc"


@dataclass(frozen=True)
class Target:
    """An InferenceService, and where it fetches models from.

    Attributes:
        service: Name of the InferenceService (``INFERENCE_SERVICE``).
        namespace: Its namespace (``INFERENCE_NAMESPACE``; without it the pod's own, ``POD_NAMESPACE``).
        store: URI under which the InferenceService finds models (``MODEL_STORE``), ``pvc://claim[/folder]``.
        folder: Where that place is mounted here (``MODEL_FOLDER``).
        gitops: File of a Git working tree that says which model is served (``GITOPS_FILE``); without one the
            InferenceService is changed itself.
    """

    service: str
    namespace: str
    store: str
    folder: Path
    gitops: Path | None = None

    @classmethod
    def read(cls, variables: Mapping[str, str] = os.environ) -> Self | None:
        """The target that the variables name; None where they name none: the workspace's champion is all there is.

        Raises:
            DeploymentError: An InferenceService is named, but not where it is or what it can read.
        """
        service = variables.get(INFERENCE_SERVICE)
        if not service:
            return None
        namespace = variables.get(NAMESPACE) or _needed(variables, OWN_NAMESPACE)
        store = _needed(variables, MODEL_STORE)
        if store.partition("://")[0] != VOLUME:
            raise DeploymentError(
                "Models cannot be put there.", field=MODEL_STORE, value=store, expected=f"{VOLUME}://<claim>[/<folder>]"
            )
        folder, gitops = Path(_needed(variables, MODEL_FOLDER)), variables.get(GITOPS_FILE)
        return cls(service, namespace, store.rstrip("/"), folder, Path(gitops) if gitops else None)

    def place(self, shop: str, version: str) -> Path:
        """The folder in the store for one version of a shop's model."""
        return self.folder / shop / version

    def uri(self, place: Path) -> str:
        """How the InferenceService names a folder of the store."""
        return f"{self.store}/{place.relative_to(self.folder).as_posix()}"

    def keep_only(self, shop: str, *uris: str | None) -> None:
        """Remove all models of a shop from the store but those that ``uris`` name."""
        for place in (self.folder / shop).iterdir():
            if self.uri(place) not in uris and not place.name.startswith("."):
                shutil.rmtree(place)


def _needed(variables: Mapping[str, str], name: str) -> str:
    value = variables.get(name)
    if not value:
        raise DeploymentError(
            f"{INFERENCE_SERVICE} is set, so {name} has to be, too.", field=name, expected="an environment variable"
        )
    return value
