"""How time, memory and bundle grow with the shop, and how one too large is refused."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from benchmarks.engine.measure import exponent
from benchmarks.fit.report import OF_ALL, fit_figures
from infrastructure.documents import code_commit, publish
from infrastructure.progress import note

PAGE: Final = "fitting-by-size"
COMMAND: Final = "make benchmark-fit"


@dataclass(frozen=True, kw_only=True)
class Sizes:
    """Sizes to fit, to fit with the network too, to ask for but never fit, and to refuse as memory is short.

    1 is as large as Amazon Beauty.
    """

    sizes: Sequence[float]
    network_up_to: float
    ask: Sequence[float]
    lowered: float
    most_megabytes: int


def benchmark_fit(tried: Sizes, folder: Path | None) -> None:
    """Measure, and publish the figures in ``folder``."""
    found = measure_fit(tried)
    publish(fit_figures(found), PAGE, folder, COMMAND, found)


def measure_fit(tried: Sizes) -> dict[str, Any]:
    """Every size with and without the network, then what has to be refused."""
    plain = [_run("--size", str(size)) for size in tried.sizes]
    small = [size for size in tried.sizes if size <= tried.network_up_to]
    with_network = [_run("--size", str(size), "--network") for size in small]
    lowered = ("--size", str(tried.lowered), "--network", "--most-megabytes", str(tried.most_megabytes))
    asked = [_run("--size", str(size), "--network", "--ask") for size in tried.ask]
    return {
        "fits": [*plain, *with_network],
        "exponents": [*_exponents(plain), *_exponents(with_network)],
        "refusals": [_run(*lowered), *asked],
        "cores": os.cpu_count(),
        "load_average": round(os.getloadavg()[0], 1),
        "commit": code_commit(":/benchmarks"),
    }


def _run(*arguments: str) -> dict[str, Any]:
    """What the work told; where it died, how: a fit that the kernel ended must stand in the table, too."""
    command = [sys.executable, "-m", "benchmarks.fit.work", *arguments]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=False)  # noqa: S603
    if done.returncode:
        found: dict[str, Any] = {"size": float(arguments[1]), "network": "--network" in arguments}
        found |= {"died": done.returncode}
    else:
        found = json.loads(done.stdout)
    note("measured", size=found["size"], network=int(found["network"]), seconds=round(found.get("seconds", 0), 1))
    return found


def _exponents(fits: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """By which power of the size each figure grows, over all sizes and over the two largest."""
    there = [fit for fit in fits if "bundle" in fit]
    for chosen in {len(part): part for part in (there, there[-2:]) if len(part) > 1}.values():
        products = [fit["products"] for fit in chosen]
        names = [*OF_ALL, *chosen[0]["parts"]]
        figures_of = {name: [_figure(fit, name) for fit in chosen] for name in names}
        powers = {name: round(exponent(products, values), 2) for name, values in figures_of.items() if all(values)}
        yield {"network": chosen[0]["network"], "sizes": [fit["size"] for fit in chosen], "powers": powers}


def _figure(fit: dict[str, Any], name: str) -> float:
    if name == "memory":
        return fit["peak"] - fit["before"]
    return fit[name] if name in OF_ALL else fit["parts"].get(name, 0)
