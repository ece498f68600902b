"""Raw tables in a folder prepared, and their features, in a process of their own: seconds and memory, as JSON.

Run within a checkout of the commit that still had both in pandas, it measures pandas.
"""

import json
import resource
import sys
import time
from pathlib import Path
from typing import Any

from recommender.contract.tables import Tables
from recommender.data.cleaning import prepare
from recommender.data.raw_tables import RawTables
from recommender.features.build import write_features
from settings.config import Config


def main(engine: str, raw: Path, out: Path) -> None:
    """Write clean tables and every view; ``engine`` is "pandas" where tables must be read whole."""
    begin = time.perf_counter()
    if engine == "pandas":
        in_pandas: Any = prepare.prepare
        in_pandas(RawTables.read(raw), Config().cleaning).tables.write(out / "tables")
    else:
        prepare.prepare_folder(raw, out / "tables", Config())
    prepared = time.perf_counter()
    write_features(Tables.read(out / "tables") if engine == "pandas" else out / "tables", out / "features")
    done = time.perf_counter()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    found = {"preparing": prepared - begin, "features": done - prepared, "seconds": done - begin, "memory": memory}
    sys.stdout.write(f"{json.dumps(found)}\n")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
