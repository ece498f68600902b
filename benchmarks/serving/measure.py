"""Rounds of load on each server in turn, so that whatever slows the machine for a while slows all of them."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import httpx
import psutil

from benchmarks.serving.load import PATH, LoadError, put_load
from benchmarks.serving.servers import AGAIN, ServerSetup, running
from infrastructure.progress import note

CONNECTIONS: Final = (1, 16, 64)
_WARM_UP_SECONDS: Final = 2.0
_FILL_CACHE_SECONDS: Final = 30.0
"""Until nearly every customer has asked every worker."""
_WARM_UP_CONNECTIONS: Final = 16
_COMPARED: Final = 100

Figures = dict[str, Any]


@dataclass(frozen=True)
class LoadPlan:
    """What is measured.

    Attributes:
        servers: Names, in the order of each round; all must give the products that the first one gives.
        bodies: Requests, one a customer.
        rounds: How often each server is started and measured.
        seconds: Of load at each number of connections.
    """

    servers: Sequence[str]
    bodies: Sequence[str]
    rounds: int
    seconds: float


def measure_servers(plan: LoadPlan, setup: ServerSetup) -> list[Figures]:
    """One row a round, server and number of connections.

    Raises:
        LoadError: A server does not start, gives other products than the first, or fails a request.
    """
    requests = setup.scratch / "bodies"
    requests.write_text("".join(f"{body}\n" for body in plan.bodies))
    expected: list[list[str]] | None = None
    rows: list[Figures] = []
    for turn in range(plan.rounds):
        for name in plan.servers:
            with running(name, setup, plan.bodies[0]) as (address, process):
                found = [_products(address, body) for body in plan.bodies[:_COMPARED]]
                expected = expected or found
                check_same(name, plan.bodies, expected, found)
                warm_up = _FILL_CACHE_SECONDS if name == AGAIN else _WARM_UP_SECONDS
                rows += [
                    {"round": turn, "server": name, **row}
                    for row in _loads(address, process, requests, plan.seconds, warm_up=warm_up)
                ]
    return rows


def _loads(address: str, process: psutil.Process, requests: Path, seconds: float, *, warm_up: float) -> list[Figures]:
    put_load(address, requests, _WARM_UP_CONNECTIONS, warm_up)
    rows: list[Figures] = []
    for connections in CONNECTIONS:
        before = _processor_seconds(process)
        load = put_load(address, requests, connections, seconds)
        if load.failed:
            raise LoadError("Some requests failed.", where=address, value=load.failed, expected="0")
        cpu = 1000 * (_processor_seconds(process) - before) / load.requests
        rows.append({"connections": connections, **asdict(load), "rate": load.rate, "cpu": cpu, **_memory(process)})
    return rows


def _products(address: str, body: str) -> list[str]:
    answer = httpx.post(address + PATH, content=body, headers={"content-type": "application/json"}, timeout=10)
    answer.raise_for_status()
    outputs = {output["name"]: output["data"] for output in answer.json()["outputs"]}
    return outputs["product_id"]


def check_same(name: str, bodies: Sequence[str], expected: list[list[str]], found: list[list[str]]) -> None:
    """Check that a server gives products, and for each body the expected ones.

    Raises:
        LoadError: It does not.
    """
    for body, right, given in zip(bodies, expected, found, strict=False):
        if not any(given) or given != right:
            customer = json.loads(body)["inputs"][0]["data"][0]
            raise LoadError(
                "A server gives other products.", where=name, field=customer, value=given, expected=f"{right}"
            )
    note(f"{name} gives the same products", customers=len(found))


def _processor_seconds(process: psutil.Process) -> float:
    """Processor seconds of all of a server's processes; other processes on the machine change it little."""
    times = [child.cpu_times() for child in [process, *process.children(recursive=True)]]
    return sum(used.user + used.system for used in times)


def _memory(process: psutil.Process) -> Figures:
    """Megabytes of a server's processes: resident, and with shared pages counted once."""
    full = [child.memory_full_info() for child in [process, *process.children(recursive=True)]]
    return {"rss": sum(used.rss for used in full) / 1e6, "pss": sum(used.pss for used in full) / 1e6}
