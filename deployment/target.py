"""Where a trained model is deployed to, by environment variables that a cluster sets and a laptop does not."""

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from deployment import environment as names
from deployment.errors import DeploymentError
from infrastructure.environment import read_path, read_text

VOLUME: Final = "pvc"


@dataclass(frozen=True)
class DeploymentTarget:
    """An InferenceService, and where it fetches models from.

    Attributes:
        service: Name of the InferenceService (``INFERENCE_SERVICE``).
        namespace: Its namespace (``INFERENCE_NAMESPACE``; without it the pod's own, ``POD_NAMESPACE``).
        store: URI under which the InferenceService finds models (``MODEL_STORE``), ``pvc://claim[/folder]``.
        folder: Where that place is mounted here (``MODEL_FOLDER``).
        gitops: File of a Git working tree that names the served model (``GITOPS_FILE``); without one the
            InferenceService is changed itself.
    """

    service: str
    namespace: str
    store: str
    folder: Path
    gitops: Path | None = None

    @classmethod
    def from_environment(cls, variables: Mapping[str, str] = os.environ) -> Self | None:
        """The target that the variables name; None where they name none: the workspace's champion is all there is.

        Raises:
            DeploymentError: An InferenceService is named, but not where it is or what it can read.
        """
        service = read_text(names.INFERENCE_SERVICE, variables=variables)
        if not service:
            return None

        def required(name: str) -> str:
            return names.required(variables, name, because=names.INFERENCE_SERVICE)

        namespace = read_text(names.INFERENCE_NAMESPACE, variables=variables) or required(names.POD_NAMESPACE)
        store = required(names.MODEL_STORE)
        if store.partition("://")[0] != VOLUME:
            raise DeploymentError(
                "Models cannot be stored there.",
                field=names.MODEL_STORE,
                value=store,
                expected=f"{VOLUME}://<claim>[/<folder>]",
            )
        folder, gitops = Path(required(names.MODEL_FOLDER)), read_path(names.GITOPS_FILE, variables)
        return cls(service, namespace, store.rstrip("/"), folder, gitops)

    def model_folder(self, shop: str, version: str) -> Path:
        """The folder in the store for one version of a shop's model."""
        return self.folder / shop / version

    def uri(self, model_folder: Path) -> str:
        """The URI by which the InferenceService finds a folder of the store."""
        return f"{self.store}/{model_folder.relative_to(self.folder).as_posix()}"

    def keep_only(self, shop: str, *uris: str | None) -> None:
        """Remove all models of a shop from the store but those that ``uris`` name."""
        for folder in (self.folder / shop).iterdir():
            if self.uri(folder) not in uris and not folder.name.startswith("."):
                shutil.rmtree(folder)
