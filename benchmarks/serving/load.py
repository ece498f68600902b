"""Load by wrk (https://github.com/wg/wrk): as many connections as asked for, each with one request at a time."""

import json
import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from infrastructure.errors import RecommenderError

PATH: Final = "/v2/models/recommender/infer"
_SCRIPT: Final = Path(__file__).parent / "load.lua"


class LoadError(RecommenderError):
    """The load could not be put on a server, or some requests failed."""


@dataclass(frozen=True)
class Load:
    """What one run of wrk saw.

    Attributes:
        seconds: How long it ran.
        failed: Requests without an answer, or with one that is not 2xx or 3xx.
        p50, p99, maximum: Milliseconds from request to answer.
    """

    requests: int
    seconds: float
    failed: int
    p50: float
    p99: float
    maximum: float

    @property
    def rate(self) -> float:
        """Requests answered in a second."""
        return self.requests / self.seconds


def bodies(customer_ids: Sequence[str], k: int) -> list[str]:
    """One V2 request a customer, for products and scores."""
    return [json.dumps(_request(customer_id, k)) for customer_id in customer_ids]


def _request(customer_id: str, k: int) -> dict[str, object]:
    return {
        "inputs": [
            {"name": "customer_id", "shape": [1], "datatype": "BYTES", "data": [customer_id]},
            {"name": "k", "shape": [1], "datatype": "INT32", "data": [k]},
        ],
        "outputs": [{"name": "product_id"}, {"name": "score"}],
    }


def put_load(address: str, requests: Path, connections: int, seconds: float) -> Load:
    """Send the requests in a file, one a line and over again, for some seconds.

    Raises:
        LoadError: wrk is not installed or gives up.
    """
    wrk = shutil.which("wrk")
    if wrk is None:
        raise LoadError("The load generator is missing.", value="wrk", expected="apt-get install wrk")
    command = [wrk, "-t1", f"-c{connections}", f"-d{seconds:g}s", "--timeout", "10s", "-s", str(_SCRIPT)]
    result = subprocess.run(  # noqa: S603
        [*command, address + PATH],
        env={**os.environ, "BODIES": str(requests)},
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode:
        raise LoadError(f"wrk gave up: {result.stderr.strip()}", where=address)
    return Load(**json.loads(result.stdout.splitlines()[-1]))
