"""Runs of a Kubeflow pipeline: started once, whatever becomes of the answers, and followed to their end."""

import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

from deployment import environment as names
from deployment.errors import UnavailableError
from deployment.kubeflow.client import KubeflowClient, KubeflowError, KubeflowServer, name_filter
from infrastructure.environment import read_text
from settings.monitoring import RetrainingSettings

_ENDED: Final = ("SUCCEEDED", "SKIPPED", "FAILED", "CANCELED")
_LATEST: Final = 20


@dataclass(frozen=True)
class RunTarget:
    """Where runs are started, and of what: an existing experiment and pipeline version.

    ``service_account`` is that of the steps; None for the server's default.
    """

    server: KubeflowServer
    experiment_id: str
    pipeline_id: str
    version_id: str
    service_account: str | None = None

    @classmethod
    def from_environment(cls, variables: Mapping[str, str] = os.environ) -> Self | None:
        """What the variables name; None where they name no endpoint.

        Raises:
            KubeflowError: There is an endpoint, but not what to start there.
        """
        if not read_text(names.KFP_ENDPOINT, variables=variables):
            return None
        cure = "an id; beauty submit --pipeline monitoring --runner kfp finds all of them"
        ids = (names.KFP_EXPERIMENT_ID, names.KFP_PIPELINE_ID, names.KFP_PIPELINE_VERSION_ID)
        values = (names.required(variables, name, names.KFP_ENDPOINT, cure, KubeflowError) for name in ids)
        return cls(KubeflowServer.from_environment(variables), *values)

    def body(self, name: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """The API's description of a run, or of a recurring run."""
        return {
            "display_name": name,
            "experiment_id": self.experiment_id,
            "pipeline_version_reference": {
                "pipeline_id": self.pipeline_id,
                "pipeline_version_id": self.version_id,
            },
            "runtime_config": {"parameters": dict(parameters)},
            **({"service_account": self.service_account} if self.service_account else {}),
        }


@dataclass(frozen=True)
class PipelineRun:
    """One run: its id, display name, one of the API's ``RuntimeState``, and what the API says went wrong, if at all."""

    id: str
    name: str
    state: str
    error: str = ""

    @classmethod
    def from_answer(cls, run: Any) -> Self:
        """A run as the SDK reads it.

        Raises:
            UnavailableError: The answer was none.
        """
        if not run.run_id:
            raise UnavailableError("an answer without a run")
        return cls(run.run_id, run.display_name or "", run.state or "", (run.error and run.error.message) or "")

    @property
    def ended(self) -> bool:
        """Whether it will not change any more."""
        return self.state in _ENDED


class PipelineRuns:
    """The runs of one pipeline version in one experiment.

    Every request is repeated while the server is away, busy or answers nonsense, up to ``settings.patience_seconds``;
    a refusal is raised at once.
    """

    def __init__(self, target: RunTarget, settings: RetrainingSettings) -> None:
        self._target = target
        self._settings = settings
        self._client = KubeflowClient(target.server, settings)

    def start(self, name: str, parameters: Mapping[str, Any]) -> PipelineRun:
        """Start a run, whose name no other one of the experiment may have, once.

        After an answer that got lost, the run that it would have named is looked for.

        Raises:
            KubeflowError: The server refuses, or gave no answer for too long.
        """
        create, body = self._client.runs.run_service_create_run, self._target.body(name, parameters)
        lost = False

        def attempt() -> PipelineRun:
            nonlocal lost
            if lost and (earlier := self._await_named(name)):
                return earlier
            lost = True
            return PipelineRun.from_answer(self._client.request(create, run=body))

        return self._client.with_retries(attempt)

    def follow(self, run: PipelineRun) -> PipelineRun:
        """The run when it has ended.

        Raises:
            KubeflowError: It goes on for too long, or the server gave no answer for too long.
        """
        until, run_id = time.monotonic() + self._settings.run_seconds, run.id
        get = self._client.runs.run_service_get_run
        while not run.ended:
            if time.monotonic() > until:
                problem = f"The run did not end within {self._settings.run_seconds:.0f} s."
                raise KubeflowError(problem, where=run_id, value=run.state)
            time.sleep(self._settings.poll_seconds)
            run = self._client.with_retries(lambda: PipelineRun.from_answer(self._client.request(get, run_id=run_id)))
        return run

    def unfinished(self, prefix: str) -> PipelineRun | None:
        """The newest run that has not ended and whose name begins so, among the latest runs of the experiment."""
        runs = self._client.with_retries(lambda: self._list("IS_SUBSTRING", prefix))
        return next((run for run in runs if run.name.startswith(prefix) and not run.ended), None)

    def _await_named(self, name: str) -> PipelineRun | None:
        """The run of that name; a server that was slow to answer may be about to make it."""
        until = time.monotonic() + self._settings.request_seconds
        while True:
            runs = [run for run in self._list("EQUALS", name) if run.name == name]
            if runs or time.monotonic() > until:
                return runs[0] if runs else None
            time.sleep(min(1.0, self._settings.poll_seconds))

    def _list(self, operation: str, name: str) -> list[PipelineRun]:
        """Runs by name, newest first."""
        answer = self._client.request(
            self._client.runs.run_service_list_runs,
            experiment_id=self._target.experiment_id,
            filter=name_filter(name, operation),
            sort_by="created_at desc",
            page_size=_LATEST,
        )
        return [PipelineRun.from_answer(run) for run in answer.runs or []]
