"""The platform deployed in a cluster, and what tests do with it."""

import json
import secrets
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass

from tests.support.paths import ROOT

HERE = ROOT / "tests" / "cluster"
OVERLAY = HERE / "overlay"
LONGEST_LOAD, RATE = 900, 10
EVENTS_RATE = 5
SETTLE = 5
"""Seconds of load before and after what happens under it."""


@dataclass
class Platform:
    """The deployed platform, and what a test does with it."""

    namespace: str
    said: list[str]

    def kubectl(self, *arguments: str, stdin: str | None = None) -> str:
        from deployment.kubectl import kubectl

        return kubectl("--namespace", self.namespace, *arguments, stdin=stdin)

    def get(self, kind: str, name: str) -> dict:
        return json.loads(self.kubectl("get", kind, name, "--output", "json"))

    def model_uri(self) -> str:
        return self.get("inferenceservice", "recommender")["spec"]["predictor"]["model"]["storageUri"]

    def champion(self) -> dict:
        return json.loads(self.inside("print(open('var/tiny/champion.json').read())"))

    def inside(self, script: str) -> str:
        """What a Python script prints in a pod that has the workspace and the models mounted."""
        return self.finish_job(self.start_job("script", "-c", script))

    def start_job(self, purpose: str, *command: str, template: str = "asking") -> str:
        """Start a pod that may ask the service, as an app would, or do what ``template`` may, with a command."""
        from deployment.jobs import create_job, job_from_template, job_name

        job = job_from_template(template, job_name(purpose), self.namespace)
        (container,) = job["spec"]["template"]["spec"]["containers"]
        container["command"] = ["python", *command]
        create_job(job)
        return job["metadata"]["name"]

    def finish_job(self, name: str, seconds: float = 900) -> str:
        from deployment.jobs import wait_for_job

        return wait_for_job(name, self.namespace, seconds, lambda _: None)

    def ask(self, address: str = "http://recommender-predictor") -> str:
        """The trial of a rollout: KServe's client asks from within the cluster; version of the model that answers."""
        said = self.finish_job(self.start_job("trial", "-m", "beauty", "ask", "--address", address))
        return json.loads(said.splitlines()[-1])["model_version"]

    @contextmanager
    def load(self) -> Generator["Told"]:
        """Constant load on the service while the block runs, and a little longer; what is yielded tells afterwards."""
        address = "http://recommender-predictor"
        name = self.start_job("load", "-c", (HERE / "load.py").read_text(), address, str(LONGEST_LOAD), str(RATE))
        found = told_by(self, name)
        self.kubectl("wait", "--for=jsonpath={.status.ready}=1", f"job/{name}", "--timeout=300s")
        time.sleep(SETTLE)
        try:
            yield found
            time.sleep(SETTLE)
            found.look()
        finally:
            self.kubectl("delete", "job", name, "--wait=false")

    @contextmanager
    def app(self) -> Generator["Told"]:
        """An app in a namespace of its own sends events while the block runs, as :mod:`app` tells."""
        from deployment.kubectl import apply, kubectl

        name, own = f"app-{secrets.token_hex(2)}", ("--namespace", f"{self.namespace}-app")
        found = Told(lambda: json.loads(kubectl(*own, "logs", name).splitlines()[-1]))
        container = {"name": "app", "image": self.image(), "command": ["python", "-c", (HERE / "app.py").read_text()]}
        container["args"] = [f"http://collector.{self.namespace}", name, str(LONGEST_LOAD), str(EVENTS_RATE)]
        metadata = {"name": own[1], "labels": {"beauty-recommender/client": "true"}}
        apply({"apiVersion": "v1", "kind": "Namespace", "metadata": metadata})
        pod = {"restartPolicy": "Never", "terminationGracePeriodSeconds": 0, "containers": [container]}
        apply({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "namespace": own[1]}, "spec": pod})
        try:
            kubectl(*own, "wait", "--for=condition=Ready", f"pod/{name}", "--timeout=300s")
            eventually(lambda: bool(kubectl(*own, "logs", name)))
            yield found
            found.look()
        finally:
            kubectl("delete", "namespace", own[1])

    def image(self) -> str:
        """The pipeline image, which has Python and httpx."""
        (container,) = self.get("deployment", "collector")["spec"]["template"]["spec"]["containers"]
        return container["image"]


class Told(dict):
    """What a pod told last, as of the last look."""

    def __init__(self, read: Callable[[], dict]) -> None:
        super().__init__()
        self._read = read

    def look(self) -> "Told":
        self.update(self._read())
        return self


def told_by(platform: Platform, job: str) -> Told:
    """What the pod of a Job tells."""
    return Told(lambda: json.loads(platform.kubectl("logs", f"job/{job}").splitlines()[-1]))


def eventually(holds: Callable[[], bool], seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until, f"still not so after {seconds} s"
        time.sleep(0.5)


def state_of(platform: Platform) -> str:
    """What a person would look at first."""
    from deployment.errors import DeploymentError

    looks = [
        ("get", "pods,inferenceservices,jobs", "--output", "wide"),
        ("get", "events", "--sort-by=.lastTimestamp"),
        ("describe", "inferenceservices,pods"),
        ("logs", "--selector", "serving.kserve.io/inferenceservice=recommender", "--tail", "50", "--all-containers"),
        (
            "logs",
            "--selector",
            "app.kubernetes.io/component in (pipeline,collector)",
            "--tail",
            "50",
            "--all-containers",
        ),
    ]
    parts = []
    for look in looks:
        try:
            parts.append(f"--- kubectl {' '.join(look)}\n{platform.kubectl(*look)}")
        except DeploymentError as error:
            parts.append(f"--- kubectl {' '.join(look)}\n{error}")
    return "\n".join(parts)
