"""How each server under comparison is started: the same Bento folder's code, model, store and number of workers."""

import json
import os
import sys
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx
import psutil

from benchmarks.serving.load import PATH, LoadError
from serving.packaging.process import free_port, running_server, serve_command, serve_variables

OURS, AGAIN, FLOOR, KSERVE, MLSERVER, BENTOML = "ours", "again", "starlette", "kserve", "mlserver", "bentoml"
DELIVERED: Final = "kserve_delivered"
LABELS: Final = {
    OURS: "ours: the Bento",
    AGAIN: "ours, asked again",
    FLOOR: "bare uvicorn + Starlette",
    KSERVE: "kserve.ModelServer",
    DELIVERED: "kserve.ModelServer, as delivered",
    MLSERVER: "MLServer",
    BENTOML: "BentoML, @bentoml.api",
}
MLSERVER_PROGRAM: Final = Path("var/mlserver/venv/bin/mlserver")
"""MLServer has an environment of its own, as it cannot share one with KServe; ``make mlserver`` sets it up."""

_READY_SECONDS: Final = 300.0
_REPOSITORY: Final = Path(__file__).resolve().parents[2]
_PEERS: Final = "benchmarks.serving.peers"


@dataclass(frozen=True)
class ServerSetup:
    """What all servers share.

    Attributes:
        bento: Folder of the Bento.
        variables: As in :mod:`serving.server.environment`: the online store, and settings by which nothing is cached.
        with_cache: The settings in their place where the same customers come back.
        workers: Processes that answer.
        scratch: Folder for what the servers write.
    """

    bento: Path
    variables: Mapping[str, str]
    with_cache: Mapping[str, str]
    workers: int
    scratch: Path


@contextmanager
def running(name: str, setup: ServerSetup, first: str) -> Generator[tuple[str, psutil.Process]]:
    """Start a server, yield its address and process once it answers the request ``first``, and stop it.

    Raises:
        LoadError: It does not answer within five minutes.
    """
    port, log = free_port(), setup.scratch / f"{name}.log"
    address = f"http://127.0.0.1:{port}"
    headers = {"content-type": "application/json"}
    server = running_server(
        _command(name, setup, port),
        log,
        _READY_SECONDS,
        is_ready=lambda: httpx.post(address + PATH, content=first, headers=headers, timeout=5).is_success,
        error=lambda last: LoadError(f"The server does not get ready to answer; it said:\n{last}", where=name),
        env=_variables(name, setup, port),
        cwd=setup.scratch,
    )
    with server as process:
        yield address, psutil.Process(process.pid)


def _command(name: str, setup: ServerSetup, port: int) -> list[str]:
    """The command that starts a server; a log line for each request is turned off where that is possible."""
    python, workers = sys.executable, str(setup.workers)
    uvicorn = ["--workers", workers, "--no-access-log", "--log-level", "warning", "--loop", "uvloop"]
    match name:
        case "ours" | "again":
            return serve_command(setup.bento)
        case "starlette":
            return [python, "-m", "uvicorn", f"{_PEERS}.floor:app", "--port", str(port), *uvicorn]
        case "kserve":
            log = _REPOSITORY / "benchmarks/serving/peers/kserve_log.yaml"
            return [python, "-m", f"{_PEERS}.kserve_model_server", "--log_config_file", str(log)]
        case "kserve_delivered":
            ports = ["--http_port", str(port), "--grpc_port", str(free_port())]
            return [python, "-m", f"{_PEERS}.kserve_delivered", *ports]
        case "mlserver":
            return [str(_REPOSITORY / MLSERVER_PROGRAM), "start", _mlserver(setup, port)]
        case _:
            return [python, "-m", "bentoml", "serve", f"{_PEERS}.bentoml_api:PlainService", "--port", str(port)]


def _variables(name: str, setup: ServerSetup, port: int) -> dict[str, str]:
    path = os.pathsep.join([str(setup.bento / "src"), str(_REPOSITORY)])
    shared = {"PORT": str(port), "WORKERS": str(setup.workers), "PYTHONPATH": path}
    shared["BENTOML_CONFIG_OPTIONS"] = f"services.recommender.workers={setup.workers}"
    own = {**setup.variables, **(setup.with_cache if name == AGAIN else {})}
    return serve_variables({**own, **shared}, setup.scratch / "bentoml")


def _mlserver(setup: ServerSetup, port: int) -> str:
    """The folder with MLServer's settings."""
    folder = setup.scratch / "mlserver"
    folder.mkdir(exist_ok=True)
    settings = {"http_port": port, "grpc_port": free_port(), "parallel_workers": setup.workers, "debug": False}
    settings |= {"metrics_endpoint": None, "environments_dir": str(folder)}
    model = {"name": "recommender", "implementation": f"{_PEERS}.mlserver_runtime.MLServerRecommender"}
    (folder / "settings.json").write_text(json.dumps(settings))
    (folder / "model-settings.json").write_text(json.dumps(model))
    return str(folder)
