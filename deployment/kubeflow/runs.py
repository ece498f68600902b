"""Runs of a Kubeflow pipeline: started once, whatever becomes of the answers, and followed to their end."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

from deployment.kubeflow.rest import Api, AwayError, Kubeflow, KubeflowError, by_name
from settings.monitoring import RetrainingSettings

ENDED: Final = ("SUCCEEDED", "SKIPPED", "FAILED", "CANCELED")
_RUNS: Final = "apis/v2beta1/runs"
_LATEST: Final = 20


@dataclass(frozen=True)
class PipelineRun:
    """One run, as the API tells of it.

    Attributes:
        id: The API's name of it.
        name: The display name.
        state: One of the API's ``RuntimeState``; empty before there is one.
        error: What the API says went wrong; empty where it says nothing.
    """

    id: str
    name: str
    state: str
    error: str = ""

    @classmethod
    def of(cls, answer: Any) -> Self:
        """A run as the API writes it."""
        if not isinstance(answer, dict) or not answer.get("run_id"):
            raise AwayError(f"no run in the answer {str(answer)[:80]!r}")
        error: Any = answer.get("error") or {}
        return cls(
            answer["run_id"], answer.get("display_name", ""), answer.get("state", ""), str(error.get("message", ""))
        )

    @property
    def ended(self) -> bool:
        """Whether it will not change any more."""
        return self.state in ENDED


class Runs:
    """The runs of one pipeline version in one experiment.

    Whatever is asked is asked again while the server is away, busy or answers nonsense, up to
    ``settings.patience_seconds``; a refusal is told at once.

    Args:
        where: Where they are.
        settings: How patient to be.
    """

    def __init__(self, where: Kubeflow, settings: RetrainingSettings) -> None:
        self._where = where
        self._settings = settings
        self._api = Api(where, settings)

    def start(self, name: str, parameters: Mapping[str, Any]) -> PipelineRun:
        """Start a run, once: where an answer got lost, the run that it would have told of is looked for.

        Args:
            name: Its display name; no other run of the experiment may have it.
            parameters: Of the pipeline.

        Raises:
            KubeflowError: The server refuses, or gave no answer for too long.
        """
        body = {
            "display_name": name,
            "experiment_id": self._where.experiment_id,
            "pipeline_version_reference": {
                "pipeline_id": self._where.pipeline_id,
                "pipeline_version_id": self._where.version_id,
            },
            "runtime_config": {"parameters": dict(parameters)},
        }
        lost = False

        def once() -> PipelineRun:
            nonlocal lost
            if lost and (found := self._await_named(name)):
                return found
            lost = True
            return PipelineRun.of(self._api.once("POST", _RUNS, json=body))

        return self._api.patiently(once)

    def follow(self, run: PipelineRun) -> PipelineRun:
        """The run when it has ended.

        Raises:
            KubeflowError: It goes on for too long, or the server gave no answer for too long.
        """
        until = time.monotonic() + self._settings.run_seconds
        path = f"{_RUNS}/{run.id}"
        while not run.ended:
            if time.monotonic() > until:
                raise KubeflowError(
                    f"The run did not end within {self._settings.run_seconds:.0f} s.", where=run.id, value=run.state
                )
            time.sleep(self._settings.poll_seconds)
            run = self._api.patiently(lambda: PipelineRun.of(self._api.once("GET", path)))
        return run

    def going_on(self, prefix: str) -> PipelineRun | None:
        """The newest run that has not ended and whose name begins so, among the latest runs of the experiment."""
        runs = self._api.patiently(lambda: self._list("IS_SUBSTRING", prefix))
        return next((run for run in runs if run.name.startswith(prefix) and not run.ended), None)

    def _await_named(self, name: str) -> PipelineRun | None:
        """The run of that name; a server that was slow to answer may be about to make it."""
        until = time.monotonic() + self._settings.request_seconds
        while True:
            found = [run for run in self._list("EQUALS", name) if run.name == name]
            if found or time.monotonic() > until:
                return found[0] if found else None
            time.sleep(min(1.0, self._settings.poll_seconds))

    def _list(self, operation: str, name: str) -> list[PipelineRun]:
        """Runs by name, newest first."""
        asked: dict[str, str | int] = {
            "experiment_id": self._where.experiment_id,
            "filter": by_name(name, operation),
            "sort_by": "created_at desc",
            "page_size": _LATEST,
        }
        answer = self._api.once("GET", _RUNS, params=asked)
        return [PipelineRun.of(each) for each in answer.get("runs") or []]
