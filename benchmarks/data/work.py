"""Raw tables in a folder prepared, and their features, in a process of their own: seconds and memory, as JSON.

Run within a checkout of the commit that still had both in pandas, it measures pandas.
"""

import json
import resource
import sys
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

Step = Callable[[Path, Path], Any]
"""Reads one folder, writes another."""


def main(engine: str, raw: Path, out: Path) -> None:
    """Write clean tables and every view, with the present code, or with pandas where ``engine`` is "pandas"."""
    prepare, write_features = _steps_in_pandas() if engine == "pandas" else _present_steps()
    begin = time.perf_counter()
    prepare(raw, out / "tables")
    prepared = time.perf_counter()
    write_features(out / "tables", out / "features")
    done = time.perf_counter()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    found = {"preparing": prepared - begin, "features": done - prepared, "seconds": done - begin, "memory": memory}
    sys.stdout.write(f"{json.dumps(found)}\n")


def _present_steps() -> tuple[Step, Step]:
    from recommender.data.cleaning.prepare import prepare_folder
    from recommender.features.build import write_features
    from settings.config import Config

    return lambda raw, tables: prepare_folder(raw, tables, Config()), write_features


def _steps_in_pandas() -> tuple[Step, Step]:
    """The steps of the older commit, whose modules have other names and read tables as a whole."""
    names = ("config", "data.prepare", "data.raw", "data.tables", "features.build")
    config, prepare, raw_tables, tables, features = (import_module(f"recommender.{name}") for name in names)
    return (
        lambda raw, out: prepare.prepare(raw_tables.RawTables.read(raw), config.Config().cleaning).tables.write(out),
        lambda clean, out: features.write_features(tables.Tables.read(clean), out),
    )


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
