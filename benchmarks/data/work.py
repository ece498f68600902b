"""Features of the tables in a folder, in a process of their own: seconds and memory, as JSON.

Run within a checkout of the commit that still had them in pandas, it measures pandas.
"""

import json
import resource
import sys
import time
from pathlib import Path

from recommender.data.tables import Tables
from recommender.features.build import write_features


def main(engine: str, tables: Path, out: Path) -> None:
    """Compute and write every view; ``engine`` is "pandas" where the tables must be read whole."""
    begin = time.perf_counter()
    given = Tables.read(tables) if engine == "pandas" else tables
    rows = write_features(given, out)
    seconds = time.perf_counter() - begin
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    sys.stdout.write(f"{json.dumps({'seconds': seconds, 'memory': memory, 'views': rows})}\n")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
