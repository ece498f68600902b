"""A drawn shop fitted in a process of its own: seconds, memory and bundle, or how it was refused, as JSON."""

import argparse
import json
import logging
import resource
import sys
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import psutil

from benchmarks.fit.shop import CUSTOMERS, PRODUCTS, draw_tables
from infrastructure import machine
from infrastructure.errors import CapacityError
from infrastructure.progress import logger
from recommender.models import capacity
from recommender.models.candidate_models.customer_groups import group_count
from recommender.models.capacity import FittingSize
from recommender.models.hybrid_fitting import HybridFitter
from recommender.models.model_data import model_data
from recommender.training.bundles import write_bundle
from settings.config import Config

PARTS: Final = {
    "fitted candidate generator": "families",
    "fitted networks": "network",
    "described candidates": "candidates",
    "fitted re-ranker": "ranker",
}
"""The log messages of fitting, and what their parts are called here."""

_DRAWN: Final = 160_000_000
"""Bytes that a shop of size 1 takes at most until its fit begins; one that would not fit is not drawn to be refused."""
_PAIRS: Final = 41  # of a drawn customer's purchases, about
_GROUPS: Final = 206  # of drawn customers, where there are enough of them

_STATUS: Final = Path("/proc/self/status")
_CLEAR_REFS: Final = Path("/proc/self/clear_refs")


def main(arguments: list[str] | None = None) -> int:
    """Fit one size, or be refused."""
    options = _parser().parse_args(arguments)
    fit_log = FitLog()
    logger.addHandler(fit_log)
    logger.setLevel(logging.INFO)
    if options.most_megabytes:
        # The check believes that the machine has no more than that.
        machine.available_memory = lambda: max(0, options.most_megabytes * 10**6 - _taken())
    with TemporaryDirectory(prefix="fit-") as folder:
        found = fitted(options, fit_log, Path(folder) / "bundle")
    sys.stdout.write(f"{json.dumps(found)}\n")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fit.work", description=__doc__)
    parser.add_argument("--size", type=float, required=True, help="1 is as large as Amazon Beauty")
    parser.add_argument("--network", action="store_true", help="fit the sequence network, too")
    parser.add_argument("--ask", action="store_true", help="do not fit, even where it would not be refused")
    parser.add_argument("--most-megabytes", type=int, help="memory in all that the check assumes")
    return parser


@dataclass
class FitLog(logging.Handler):
    """Time and memory of each part of a fit, from its log.

    Attributes:
        seconds: By part.
        peaks: Bytes that the process had taken at most by the end of each part.
    """

    seconds: dict[str, float] = field(default_factory=dict[str, float])
    peaks: dict[str, int] = field(default_factory=dict[str, int])

    def __post_init__(self) -> None:
        super().__init__()

    def emit(self, record: logging.LogRecord) -> None:
        """Add up seconds, and note the peak."""
        part = PARTS.get(record.getMessage())
        if part:
            figures: Any = record.__dict__["figures"]
            self.seconds[part] = round(self.seconds.get(part, 0) + figures["seconds"], 2)
            self.peaks[part] = peak()

    __hash__ = logging.Handler.__hash__


def fitted(options: argparse.Namespace, fit_log: FitLog, bundle: Path) -> dict[str, Any]:
    """The steps of ``fit_on_everything``, each with its seconds and memory."""
    config = Config.parse({"model": {"network": {"enabled": options.network}}}, where="the benchmark")
    size = _size(options.size)
    found = {"size": options.size, "network": options.network, **_foreseen(size, config)}
    if options.ask and found["available"] < options.size * _DRAWN:
        return found | _asked(size, config)
    tables = draw_tables(options.size, config.seed)
    _forget_peak()
    found |= _foreseen(size, config) | {"parts": fit_log.seconds, "peaks": fit_log.peaks}
    processor = time.process_time()
    clock = begun = time.perf_counter()
    try:
        data = model_data(tables, config.seed)
        fit_log.seconds["data"], fit_log.peaks["data"] = round(time.perf_counter() - clock, 2), peak()
        groups = group_count(data.profiles, config.model.groups)
        found |= _foreseen(FittingSize.from_histories(data.histories, groups), config) | {
            "uses": len(data.histories.products)
        }
        if options.ask and found["foretold"] <= found["available"]:
            return found
        _forget_peak()
        begun = time.perf_counter()
        (hybrid,) = HybridFitter(data, config).fit_hybrids(data.histories)
    except CapacityError as error:
        return found | {"refused": _refusal(error, begun)}
    write_bundle(bundle, hybrid, data, config)
    found |= {"seconds": time.perf_counter() - clock, "processor": time.process_time() - processor, "peak": peak()}
    files = sum(path.stat().st_size for path in bundle.rglob("*") if path.is_file())
    there = {"has_network": hybrid.generator.network is not None, "has_ranker": hybrid.ranker is not None}
    return found | there | {"bundle": files}


def peak() -> int:
    """Bytes of memory that this process had at most since the peak was last forgotten."""
    if not _STATUS.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    # What getrusage tells begins with what the process had that started this one.
    lines = _STATUS.read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:"))


def _size(size: float) -> FittingSize:
    """About what a drawn shop has."""
    customers = round(CUSTOMERS * size)
    return FittingSize(round(PRODUCTS * size), customers, customers * _PAIRS, _GROUPS)


def _foreseen(size: FittingSize, config: Config) -> dict[str, Any]:
    """The memory that the check estimates, and what is available."""
    return {
        **asdict(size),
        "foretold": capacity.estimated_bytes(size, config.model),
        "needed": capacity.estimated_bytes_by_setting(size, config.model),
        "before": _taken(),
        "available": machine.available_memory(),
    }


def _asked(size: FittingSize, config: Config) -> dict[str, Any]:
    """The check alone, of a shop that is not there."""
    _forget_peak()
    begun = time.perf_counter()
    try:
        capacity.check_memory(size, config.model)
    except CapacityError as error:
        return {"refused": _refusal(error, begun)}
    return {}


def _refusal(error: CapacityError, begun: float) -> dict[str, Any]:
    return {"error": str(error), "seconds": round(time.perf_counter() - begun, 3), "peak": peak()}


def _taken() -> int:
    return psutil.Process().memory_info().rss


def _forget_peak() -> None:
    """Count the peak anew from what is taken now, where the system can do that."""
    if _CLEAR_REFS.exists():
        _CLEAR_REFS.write_text("5", encoding="ascii")


if __name__ == "__main__":
    sys.exit(main())
