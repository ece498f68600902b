"""The benchmark of a champion: with its engine, and with one that answers at once."""

import os
import tempfile
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final, Self

from benchmarks.engine.measure import champions_bundle
from benchmarks.serving.instant import make_instant
from benchmarks.serving.load import bodies
from benchmarks.serving.measure import LoadPlan, measure_servers
from benchmarks.serving.report import rounded, serving_figures, summary
from benchmarks.serving.servers import (
    AGAIN,
    BENTOML,
    DELIVERED,
    FLOOR,
    KSERVE,
    MLSERVER,
    MLSERVER_PROGRAM,
    OURS,
    ServerSetup,
)
from infrastructure.documents import code_commit, publish
from infrastructure.files import write_json
from infrastructure.progress import note
from infrastructure.workspace import Workspace
from infrastructure.workspace.online_store import ONLINE_STORE
from recommender.contract import columns as c
from recommender.contract.tables import Tables
from recommender.engine.engine import Engine
from serving.packaging.package import build_bento
from serving.server import environment
from settings.config import configuration, workspace_of
from settings.serving import ServingSettings

PAGE: Final = "figures-of-serving"
COMMAND: Final = "make benchmark-serving"
_K: Final = 10
_CUSTOMERS: Final = 2_000
_SEED: Final = 0
_VERSIONS: Final = ("bentoml", "kserve", "starlette", "uvicorn", "uvloop", "httptools")


@dataclass(frozen=True)
class BenchmarkSubject:
    """The champion of a data set, its customers, and the online store with their features."""

    bundle: Path
    online_store: Path
    settings: ServingSettings
    customer_ids: list[str]

    @classmethod
    def from_workspace(cls, workspace: Workspace, settings: ServingSettings) -> Self:
        """What a completed run has left in ``workspace``.

        Raises:
            BundleError: There is no champion.
        """
        bundle, store = champions_bundle(workspace).absolute(), workspace.online_store.absolute()
        return cls(bundle, store, settings, _customers(Tables.read(workspace.tables)))

    def set_up(self, folder: Path, workers: int, *, instant: bool) -> ServerSetup:
        """The Bento, built from the present code, and the servers' environment."""
        folder.mkdir()
        build_bento(self.bundle, folder / "bento", self.settings)
        if instant:
            make_instant(folder / "bento")
        # No other server refuses requests that it cannot answer in time, so here ours does not either.
        patient = self.settings.model_copy(update={"maximum_wait_seconds": 60.0, "maximum_waiting": 1_000})
        without_cache = patient.model_copy(update={"remembered_answers": 0})
        variables = {
            ONLINE_STORE: str(self.online_store),
            environment.IMPRESSIONS_LOG: str(folder / "log.db"),
            environment.SERVING_SETTINGS: without_cache.model_dump_json(),
        }
        with_cache = {environment.SERVING_SETTINGS: patient.model_dump_json()}
        return ServerSetup(folder / "bento", variables, with_cache, workers, folder)


def benchmark_serving(source: Path, config: Path | None, rounds: int, seconds: float, folder: Path | None) -> None:
    """Measure with the engine and with one that answers at once, and publish the figures in ``folder``.

    Raises:
        BundleError: The data set has no champion.
        LoadError: A server cannot be measured.
    """
    workspace = workspace_of(source)
    subject = BenchmarkSubject.from_workspace(workspace, configuration(source, config).serving)
    with tempfile.TemporaryDirectory() as scratch:
        found: dict[str, Any] = {"source": source.as_posix(), **run_benchmark(subject, Path(scratch), rounds, seconds)}
    write_json(workspace.benchmarks / "serving.json", found)
    medians = {**found, "engine": summary(found["engine"]), "instant": summary(found["instant"])}
    publish(serving_figures(medians), PAGE, folder, COMMAND, rounded(medians))


def run_benchmark(subject: BenchmarkSubject, scratch: Path, rounds: int, seconds: float) -> dict[str, Any]:
    """The facts and every round's rows.

    Raises:
        LoadError: A server cannot be measured.
    """
    cores = os.cpu_count() or 1
    plan = LoadPlan(_servers(), bodies(subject.customer_ids, _K), rounds, seconds)
    # An engine that answers at once leaves nothing worth caching.
    first_time = replace(plan, servers=[name for name in plan.servers if name != AGAIN])
    return {
        "bundle": subject.bundle.name,
        "products": len(Engine.load(subject.bundle).catalogue),
        "customers": len(subject.customer_ids),
        "k": _K,
        "workers": cores,
        "cores": cores,
        "rounds": rounds,
        "seconds": seconds,
        "versions": {name: version(name) for name in _VERSIONS},
        "commit": code_commit(":/serving", ":/benchmarks"),
        "engine": measure_servers(plan, subject.set_up(scratch / "engine", cores, instant=False)),
        "instant": measure_servers(first_time, subject.set_up(scratch / "instant", cores, instant=True)),
    }


def _servers() -> list[str]:
    """Ours first, as the others are compared with it; MLServer only where it has been set up."""
    names = [OURS, AGAIN, FLOOR, KSERVE, DELIVERED, BENTOML]
    if MLSERVER_PROGRAM.is_file():
        return [*names, MLSERVER]
    note(f"without MLServer, as there is no {MLSERVER_PROGRAM}")
    return names


def _customers(tables: Tables) -> list[str]:
    """Customers with a history, drawn at random."""
    histories = (tables.transactions, tables.ratings, tables.events)
    ids = next(table[c.CUSTOMER_ID] for table in histories if table is not None).drop_duplicates()
    return ids.sample(min(_CUSTOMERS, len(ids)), random_state=_SEED).tolist()
